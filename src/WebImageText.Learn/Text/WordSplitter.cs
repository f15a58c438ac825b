using System.Globalization;
using System.Text;

namespace WebImageText.Learn.Text;

/// <summary>
/// Cuts a cleaned text into the pieces that CLIP's tokenizer looks at one by one: contractions, runs of letters, single digits,
/// runs of anything else. Unicode as a whole, letters beyond 16 bits included.
/// </summary>
internal static class WordSplitter
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Class { Space, Letter, Digit, Other }

    /// <summary>The piece that starts at the first place that is not white space.</summary>
    /// <param name="text">What is left of the text; on return, what is left after the piece.</param>
    /// <param name="piece">The piece.</param>
    /// <returns>False at the end of the text.</returns>
    public static bool TryNext(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> piece)
    {
        while (!text.IsEmpty && ClassOf(text, out var skipped) == Class.Space)
            text = text[skipped..];
        piece = text[..LengthOf(text)];
        text = text[piece.Length..];
        return !piece.IsEmpty;
    }

    private static int LengthOf(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return 0;
        if (text[0] == '\'')
        {
            foreach (var contraction in Contractions)
                if (text.StartsWith(contraction, StringComparison.OrdinalIgnoreCase))
                    return contraction.Length;
        }
        var kind = ClassOf(text, out var length);
        while (kind != Class.Digit && length < text.Length && ClassOf(text[length..], out var more) == kind)
            length += more;
        return length;
    }

    private static Class ClassOf(ReadOnlySpan<char> text, out int length)
    {
        if (Rune.DecodeFromUtf16(text, out var rune, out length) != System.Buffers.OperationStatus.Done)
            return Class.Other;
        if (Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F)
            return Class.Space;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Class.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Class.Digit,
            _ => Class.Other,
        };
    }
}
