using System.Text;
using System.Text.RegularExpressions;

namespace WebImageText.Tests.Queries;

/// <summary>What the matcher has to find, the slow way: whole-text normalisation, regular expressions, every place tried.</summary>
internal static partial class MatchReference
{
    public sealed record Word(string Text, int GapBefore);

    public static List<int> Rows(IReadOnlyList<string> queries, string text)
    {
        var words = Words(text);
        return [.. Enumerable.Range(0, queries.Count).Where(row => Occurs(Words(queries[row]), words))];
    }

    public static bool Occurs(IReadOnlyList<Word> query, IReadOnlyList<Word> text) =>
        query.Count > 0 && Enumerable.Range(0, Math.Max(0, text.Count - query.Count + 1)).Any(start =>
            Enumerable.Range(0, query.Count).All(at =>
                query[at].Text == text[start + at].Text && (at == 0 || text[start + at].GapBefore <= query[at].GapBefore)));

    public static List<Word> Words(string text)
    {
        var folded = Folded(text);
        List<Word> words = [];
        var end = 0;
        foreach (Match match in WordPattern().Matches(folded))
        {
            var gap = folded[end..match.Index];
            words.Add(new(match.Value, gap.Any(IsHard) ? 2 : gap.Length > 0 ? 1 : 0));
            end = match.Index + match.Length;
        }
        return words;
    }

    public static string Folded(string text)
    {
        var whole = Ignorable().Replace(LoneSurrogate().Replace(text, " "), "").Normalize(NormalizationForm.FormKC);
        whole = Ignorable().Replace(whole, "").Replace("ß", "ss", StringComparison.Ordinal).Replace("ẞ", "ss", StringComparison.Ordinal)
            .Replace("İ", "i\u0307", StringComparison.Ordinal);
        whole = GreekWithIota().Replace(whole, letter => letter.Value.Normalize(NormalizationForm.FormD).Replace('\u0345', 'ι'));
        whole = string.Concat(whole.EnumerateRunes().Select(rune => Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)).ToString()));
        return whole.Normalize(NormalizationForm.FormKC);
    }

    private static bool IsHard(char c) => ",;:!?()[]{}|、。—―•،؛؟\u0964\u104A\u104B\u17D4\u17D5".Contains(c, StringComparison.Ordinal)
        || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.OpenPunctuation or System.Globalization.UnicodeCategory.ClosePunctuation;

    private const string Unspaced =
        @"\u0E00-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF\u3005-\u3007\u3031-\u3035\u3040-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7FF\uF900-\uFAFF";

    [GeneratedRegex($@"(?=[\p{{Lo}}\p{{Lm}}])[{Unspaced}]\p{{M}}*|((?![{Unspaced}])[\p{{L}}]|\p{{N}})(((?![{Unspaced}])[\p{{L}}]|\p{{N}})|\p{{M}})*")]
    private static partial Regex WordPattern();

    [GeneratedRegex("[\u1F80-\u1FFC]")]
    private static partial Regex GreekWithIota();

    [GeneratedRegex("[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0]")]
    private static partial Regex Ignorable();

    [GeneratedRegex(@"[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]")]
    private static partial Regex LoneSurrogate();
}
