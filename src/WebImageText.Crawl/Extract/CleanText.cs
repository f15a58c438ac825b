using System.Buffers;
using System.Globalization;
using System.Text;

namespace WebImageText.Crawl.Extract;

/// <summary>Makes a text of the web fit to be stored: one line of Unicode NFC without anything that is not seen.</summary>
/// <remarks>
/// White space becomes one space; control characters, noncharacters, lone surrogates, U+FFFD (a NUL, or bytes that were no
/// text), direction marks and zero-width characters are left out. The joiners U+200C and U+200D stay inside words and emoji
/// that need them: between two characters beyond ASCII.
/// </remarks>
internal static class CleanText
{
    // Longer runs of combining marks are no writing, and cost the normaliser time by their square (UAX #15, stream-safe text).
    private const int MostMarks = 30;

    private static readonly SearchValues<char> PrintableAscii =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(value => (char)value)]);

    /// <summary>The cleaned text, possibly empty.</summary>
    /// <param name="raw">Entities are decoded already.</param>
    /// <param name="mostCodePoints">The rest is cut off.</param>
    public static string Of(ReadOnlySpan<char> raw, int mostCodePoints)
    {
        raw = raw.Trim();
        var isPlain = !raw.ContainsAnyExcept(PrintableAscii) && !raw.Contains("  ", StringComparison.Ordinal);
        if (isPlain && raw.Length <= mostCodePoints)
            return raw.ToString();

        // cut twice: first to bound the work, then because NFC writes a few characters with up to three
        var kept = Filter(raw, mostCodePoints);
        var text = kept.ToString().Normalize(NormalizationForm.FormC);
        return Cut(text, mostCodePoints).TrimEnd(" \u200C\u200D").ToString();
    }

    private static StringBuilder Filter(ReadOnlySpan<char> raw, int most)
    {
        var kept = new StringBuilder(Math.Min(raw.Length, most));
        int count = 0, marks = 0;
        var last = new Rune(' ');
        var joiner = '\0';
        foreach (var rune in raw.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (last.Value != ' ')
                    Add(new(' '));
                continue;
            }
            if (rune.Value is 0x200C or 0x200D)
            {
                joiner = last.IsAscii ? '\0' : (char)rune.Value;
                continue;
            }
            if (IsUnseen(rune))
                continue;
            marks = IsMark(rune) ? marks + 1 : 0;
            if (marks > MostMarks)
                continue;
            if (count == most)
                break;
            if (joiner != '\0' && !rune.IsAscii)
                kept.Append(joiner);
            Add(rune);
        }
        return kept;

        void Add(Rune rune)
        {
            kept.Append(rune.ToString());
            (last, joiner) = (rune, '\0');
            count++;
        }
    }

    private static bool IsMark(Rune rune) => !rune.IsAscii && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    // Variation selectors are marks, not formats: they stay.
    private static bool IsUnseen(Rune rune) => rune.IsAscii
        ? rune.Value < ' ' || rune.Value == 0x7F
        : rune == Rune.ReplacementChar || (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate;

    private static ReadOnlySpan<char> Cut(string text, int mostCodePoints)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (mostCodePoints-- == 0)
                break;
            length += rune.Utf16SequenceLength;
        }
        return text.AsSpan(0, length);
    }
}
