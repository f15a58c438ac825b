using System.Text.Encodings.Web;

namespace WebImageText.Shards.Rows;

/// <summary>Escapes in JSON as Python's <c>json</c> does by default: quotes, backslashes, and all that is not printable ASCII.</summary>
internal sealed class PythonEscapes : JavaScriptEncoder
{
    public static readonly PythonEscapes All = new();

    public override int MaxOutputCharactersPerInputCharacter => 12; // a surrogate pair is one scalar: two times \uXXXX

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < ' ' or > '~' or '"' or '\\';

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var letters = new ReadOnlySpan<char>(text, textLength);
        for (var at = 0; at < letters.Length; at++)
            if (WillEncode(letters[at]))
                return at;
        return -1;
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var escaped = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\b' => "\\b",
            '\f' => "\\f",
            _ => string.Concat(char.ConvertFromUtf32(unicodeScalar).Select(unit => $"\\u{(int)unit:x4}")),
        };
        var fits = escaped.TryCopyTo(new Span<char>(buffer, bufferLength));
        numberOfCharactersWritten = fits ? escaped.Length : 0;
        return fits;
    }
}
