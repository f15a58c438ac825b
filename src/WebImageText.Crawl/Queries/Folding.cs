using System.Globalization;
using System.Text;

namespace WebImageText.Crawl.Queries;

/// <summary>What a character is to the matcher, after folding.</summary>
internal enum CharKind : byte
{
    /// <summary>White space, symbols and punctuation that may stand inside a phrase: <c>. - ' / &amp;</c>.</summary>
    Soft,
    /// <summary>Punctuation that ends a phrase unless the query has it too: <c>, ; : ! ? ( )</c>.</summary>
    Hard,
    /// <summary>A letter or digit of a script that puts spaces between words.</summary>
    Word,
    /// <summary>A letter of a script without spaces, a word of its own.</summary>
    Unspaced,
    /// <summary>Belongs to the letter before it.</summary>
    Mark,
}

/// <summary>Unicode NFKC_Casefold (UAX #44, toNFKC_Casefold), a few characters at a time.</summary>
/// <remarks>
/// A text is cut where normalisation cannot reach across, so that every folded character knows where it came from:
/// normalising the pieces one by one gives what normalising the whole would (the tests try all characters).
/// </remarks>
internal static class Folding
{
    // A folded character of the basic plane that stands alone; filled on first use, and the same whoever fills it.
    private static readonly string?[] Single = new string?[char.MaxValue + 1];

    /// <summary>Length of the piece of <paramref name="text"/> that starts at <paramref name="at"/> and folds on its own.</summary>
    public static int PieceLength(ReadOnlySpan<char> text, int at)
    {
        var end = at + RuneAt(text, at).Length;
        while (end < text.Length && text[end] >= 0x80)
        {
            var (rune, length) = RuneAt(text, end);
            if (!JoinsPrevious(rune))
                break;
            end += length;
        }
        return end - at;
    }

    /// <summary>The folded form of a piece; empty for characters that are ignored, such as the soft hyphen.</summary>
    public static string Fold(ReadOnlySpan<char> piece) =>
        piece.Length == 1 ? Single[piece[0]] ??= Compute(piece) : IsPictograph(piece) ? " " : Compute(piece);

    /// <summary>The folded form of a whole text.</summary>
    public static string FoldAll(ReadOnlySpan<char> text)
    {
        var folded = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var length = PieceLength(text, at);
            folded.Append(Fold(text.Slice(at, length)));
            at += length;
        }
        return folded.ToString();
    }

    public static CharKind KindOf(Rune rune)
    {
        if (rune.IsAscii)
        {
            return char.IsAsciiLetterOrDigit((char)rune.Value) ? CharKind.Word
                : HardAscii.Contains((char)rune.Value) ? CharKind.Hard : CharKind.Soft;
        }
        switch (Rune.GetUnicodeCategory(rune))
        {
            case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter:
            case UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber:
                return CharKind.Word;
            case UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter:
                return IsUnspaced(rune.Value) ? CharKind.Unspaced : CharKind.Word;
            case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark:
                return CharKind.Mark;
            case UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation:
                return CharKind.Hard;
            default:
                return rune.IsBmp && HardOther.Contains((char)rune.Value) ? CharKind.Hard : CharKind.Soft;
        }
    }

    private const string HardAscii = ",;:!?()[]{}|";
    private const string HardOther = "\u2014\u2015\u2022\u3001\u3002\u060C\u061B\u061F\u0964\u104A\u104B\u17D4\u17D5";

    private static string Compute(ReadOnlySpan<char> piece)
    {
        var once = CaseFold(WellFormed(piece).Normalize(NormalizationForm.FormKC));
        return once.IsNormalized(NormalizationForm.FormKC) ? once : once.Normalize(NormalizationForm.FormKC);
    }

    private static string CaseFold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case 0xDF or 0x1E9E:
                    folded.Append("ss");
                    break;
                case 0x130:
                    folded.Append("i\u0307");
                    break;
                case >= 0x1F80 and <= 0x1FFC: // Greek letters with iota subscript: the iota becomes a letter
                    folded.Append(CaseFoldGreek(rune));
                    break;
                case var value when IsIgnorable(value):
                    break;
                default:
                    folded.Append(Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)).ToString());
                    break;
            }
        }
        return folded.ToString();
    }

    private static string CaseFoldGreek(Rune rune) => string.Concat(
        rune.ToString().Normalize(NormalizationForm.FormD).EnumerateRunes()
            .Select(part => Rune.ToLowerInvariant(Rune.ToUpperInvariant(part)).ToString()));

    private static (Rune Rune, int Length) RuneAt(ReadOnlySpan<char> text, int at)
    {
        Rune.DecodeFromUtf16(text[at..], out var rune, out var length);
        return (rune, length);
    }

    // Half of a surrogate pair is no letter, and Normalize refuses it.
    private static string WellFormed(ReadOnlySpan<char> piece)
    {
        var whole = new StringBuilder(piece.Length);
        for (var at = 0; at < piece.Length;)
        {
            if (Rune.DecodeFromUtf16(piece[at..], out var rune, out var length) == System.Buffers.OperationStatus.Done)
                whole.Append(rune.ToString());
            else
                whole.Append(' ');
            at += length;
        }
        return whole.ToString();
    }

    // Characters whose normal form can join, or be reordered with, what stands before them.
    private static bool JoinsPrevious(Rune rune) => rune.Value switch
    {
        (>= 0x1160 and <= 0x11FF) or (>= 0x3131 and <= 0x318E) or (>= 0xD7B0 and <= 0xD7FF) => true, // vowels and finals of Hangul
        >= 0xFF9E and <= 0xFFDC => true, // half-width voicing marks and jamo
        0x0E33 or 0x0EB3 => true, // Thai and Lao am: a mark and a vowel
        var value => IsIgnorable(value) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark,
    };

    // Default_Ignorable_Code_Point (UAX #44), as far as characters are assigned.
    private static bool IsIgnorable(int value) => value is 0xAD or 0x34F or 0x61C or 0x115F or 0x1160 or 0x17B4 or 0x17B5
        or (>= 0x180B and <= 0x180F) or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F)
        or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0 or (>= 0x1BCA0 and <= 0x1BCA3)
        or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0000 and <= 0xE0FFF);

    // Han, kana, bopomofo, Hangul (whose particles are glued to the word), Thai, Lao, Khmer, Burmese.
    private static bool IsUnspaced(int value) => value is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F)
        or (>= 0x1100 and <= 0x11FF) or (>= 0x1780 and <= 0x17FF) or (>= 0x3005 and <= 0x3007) or (>= 0x3031 and <= 0x3035)
        or (>= 0x3040 and <= 0x31FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xA960 and <= 0xA97F)
        or (>= 0xA9E0 and <= 0xA9FE) or (>= 0xAA60 and <= 0xAA7F) or (>= 0xAC00 and <= 0xD7FF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x1B000 and <= 0x1B16F) or (>= 0x20000 and <= 0x3FFFF);

    private static bool IsPictograph(ReadOnlySpan<char> piece) =>
        piece.Length == 2 && char.IsSurrogatePair(piece[0], piece[1])
        && char.ConvertToUtf32(piece[0], piece[1]) is >= 0x1F300 and <= 0x1FAFF;
}
