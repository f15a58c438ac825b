using System.Globalization;
using System.Text;

namespace WebImageText.Crawl.OptOut;

/// <summary>A pattern of paths: a prefix, in which <c>*</c> is any text and <c>$</c> at the end is the end.</summary>
/// <remarks>
/// RFC 9309, section 2.2.2, which TDMRep, RSL and ai.txt take over. Both sides are compared with escapes of unreserved
/// characters undone; <c>%24</c> and <c>%2A</c> in a pattern are the characters themselves.
/// </remarks>
internal sealed class PathPattern
{
    private readonly string[] _parts;
    private readonly bool _toEnd;

    public PathPattern(string pattern)
    {
        Text = pattern.Trim();
        _toEnd = Text.EndsWith('$');
        var path = _toEnd ? Text[..^1] : Text;
        if (!path.StartsWith('/') && !path.StartsWith('*'))
            path = "/" + path;
        _parts = [.. path.Split('*').Select(Normalize)];
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The pattern holds for a path with its query.</summary>
    public bool Matches(string pathAndQuery)
    {
        var rest = Normalize(pathAndQuery).AsSpan();
        if (!rest.StartsWith(_parts[0]))
            return false;
        rest = rest[_parts[0].Length..];
        for (var i = 1; i < _parts.Length; i++)
        {
            if (_toEnd && i == _parts.Length - 1)
                return rest.EndsWith(_parts[i]);
            // the first place is as good as any later one
            var at = rest.IndexOf(_parts[i]);
            if (at < 0)
                return false;
            rest = rest[(at + _parts[i].Length)..];
        }
        return !_toEnd || rest.IsEmpty;
    }

    private static string Normalize(string text)
    {
        if (!text.Contains('%') && Ascii.IsValid(text))
            return text;
        var normal = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                var value = Convert.ToByte(text.Substring(i + 1, 2), 16);
                if (char.IsAsciiLetterOrDigit((char)value) || "-._~$*".Contains((char)value))
                    normal.Append((char)value);
                else
                    normal.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
                i += 2;
            }
            else if (char.IsAscii(text[i]))
            {
                normal.Append(text[i]);
            }
            else
            {
                var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                normal.Append(Uri.EscapeDataString(text.AsSpan(i, length)));
                i += length - 1;
            }
        }
        return normal.ToString();
    }
}
