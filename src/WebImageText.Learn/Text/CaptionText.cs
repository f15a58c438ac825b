using System.Globalization;
using System.Net;
using System.Text;

namespace WebImageText.Learn.Text;

/// <summary>What CLIP does to a text before it is cut into tokens.</summary>
internal static class CaptionText
{
    /// <summary>Characters that are looked at; more cannot matter to any context length in use.</summary>
    private const int MostCharacters = 100_000;

    // Left to right: what it is, what it becomes. The repairs of ftfy's defaults that change what a reader of plain text sees.
    private static readonly Dictionary<char, string> Plain = new()
    {
        ['\u2018'] = "'",
        ['\u2019'] = "'",
        ['\u201A'] = "'",
        ['\u201B'] = "'",
        ['\u02BC'] = "'",
        ['\u201C'] = "\"",
        ['\u201D'] = "\"",
        ['\u201E'] = "\"",
        ['\u201F'] = "\"",
        ['\uFB00'] = "ff",
        ['\uFB01'] = "fi",
        ['\uFB02'] = "fl",
        ['\uFB03'] = "ffi",
        ['\uFB04'] = "ffl",
        ['\uFB05'] = "st",
        ['\uFB06'] = "st",
        ['\u0132'] = "IJ",
        ['\u0133'] = "ij",
        ['\u0149'] = "'n",
        ['\u2028'] = "\n",
        ['\u2029'] = "\n",
        ['\u0085'] = "\n",
        ['\uFEFF'] = "",
        ['\u3000'] = " ",
    };

    /// <summary>Typographic quotes and ligatures plain, entities decoded twice, white space single, lower case.</summary>
    public static string Clean(string text)
    {
        if (text.Length > MostCharacters)
            text = text[..MostCharacters];
        text = WebUtility.HtmlDecode(WebUtility.HtmlDecode(Repair(text)));
        var clean = new StringBuilder(text.Length);
        foreach (var word in Words(text))
            (clean.Length > 0 ? clean.Append(' ') : clean).Append(word);
        return Lower(clean.ToString());
    }

    // Lower case as Unicode's full mapping has it: a dotted capital I becomes two characters, a sigma at a word's end another sigma.
    private static string Lower(string text)
    {
        var lower = text.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();
        if (!text.Contains('\u03A3', StringComparison.Ordinal) || lower.Length != text.Length)
            return lower;
        var letters = lower.ToCharArray();
        for (var at = 1; at < letters.Length; at++)
        {
            if (text[at] == '\u03A3' && HasCase(text.AsSpan(0, at), fromEnd: true) && !HasCase(text.AsSpan(at + 1), fromEnd: false))
                letters[at] = '\u03C2';
        }
        return new(letters);
    }

    // Is the nearest character that counts one with cases? Marks and apostrophes do not count (Unicode, Final_Sigma).
    private static bool HasCase(ReadOnlySpan<char> text, bool fromEnd)
    {
        while (!text.IsEmpty)
        {
            var done = fromEnd ? Rune.DecodeLastFromUtf16(text, out var rune, out var length) : Rune.DecodeFromUtf16(text, out rune, out length);
            var category = done == System.Buffers.OperationStatus.Done ? Rune.GetUnicodeCategory(rune) : UnicodeCategory.OtherNotAssigned;
            if (category is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter)
                return true;
            var isPassedOver = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
                or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol || rune.Value is '\'' or '.' or ':' or 0xB7 or 0x2019;
            if (!isPassedOver)
                return false;
            text = fromEnd ? text[..^length] : text[length..];
        }
        return false;
    }

    private static string Repair(string text)
    {
        if (Ascii.IsValid(text) && !text.AsSpan().ContainsAnyInRange('\0', '\u0008'))
            return text;
        var repaired = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (Plain.TryGetValue(character, out var plain))
                repaired.Append(plain);
            else if (character is >= '\uFF01' and <= '\uFF5E')
                repaired.Append((char)(character - 0xFEE0)); // full width
            else if (!IsRemoved(character))
                repaired.Append(character);
        }
        var whole = repaired.ToString();
        return IsWellFormed(whole) ? whole.Normalize(NormalizationForm.FormC) : whole;
    }

    private static bool IsRemoved(char c) =>
        c is <= '\u0008' or '\u000B' or >= '\u000E' and <= '\u001F' or '\u007F' or >= '\u206A' and <= '\u206F' or >= '\uFFF9' and <= '\uFFFC';

    private static bool IsWellFormed(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (rune == Rune.ReplacementChar && !text.Contains('\uFFFD', StringComparison.Ordinal))
                return false;
        return true;
    }

    // Splits as Python's str.split() does.
    private static IEnumerable<string> Words(string text)
    {
        var start = -1;
        for (var at = 0; at <= text.Length; at++)
        {
            var isSpace = at == text.Length || char.IsWhiteSpace(text[at]) || text[at] is >= '\u001C' and <= '\u001F';
            if (isSpace && start >= 0)
            {
                yield return text[start..at];
                start = -1;
            }
            else if (!isSpace && start < 0)
                start = at;
        }
    }
}
