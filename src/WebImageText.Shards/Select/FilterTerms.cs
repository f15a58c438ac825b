using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WebImageText.Shards.Rows;

namespace WebImageText.Shards.Select;

/// <summary>What the parts of a condition mean.</summary>
internal static class FilterTerms
{
    private static readonly Dictionary<string, Term> Columns = new()
    {
        ["url"] = Text(row => row.Url),
        ["caption"] = Text(row => row.Caption),
        ["key"] = Text(row => row.Key),
        ["status"] = Text(row => row.Status),
        ["error_message"] = Text(row => row.ErrorMessage),
        ["width"] = Number(row => row.Width),
        ["height"] = Number(row => row.Height),
        ["original_width"] = Number(row => row.OriginalWidth),
        ["original_height"] = Number(row => row.OriginalHeight),
        ["exif"] = Text(row => row.Exif),
        ["sha256"] = Text(row => row.Sha256),
        ["uid"] = Text(row => row.Uid),
        ["query"] = Text(row => row.Query),
        ["page_url"] = Text(row => row.PageUrl),
        ["final_url"] = Text(row => row.FinalUrl),
        ["text_source"] = Text(row => row.TextSource),
        ["provider"] = Text(row => row.Provider),
        ["fetched_at"] = new(TermType.Moment, row => row.FetchedAt),
        ["http_status"] = Number(row => row.HttpStatus),
        ["content_type"] = Text(row => row.ContentType),
        ["etag"] = Text(row => row.ETag),
        ["stored_sha256"] = Text(row => row.StoredSha256),
        ["pdq"] = Text(row => row.Pdq),
        ["license"] = Text(row => row.License),
        ["robots"] = Text(row => row.Robots),
        ["nearest_eval"] = Text(row => row.NearestEval),
        ["attribution"] = Text(row => row.Attribution),
        ["eval_score"] = Number(row => row.EvalScore),
    };

    /// <summary>For messages.</summary>
    public static string ColumnNames => string.Join(", ", Columns.Keys);

    /// <summary>A column; null where there is none of that name.</summary>
    public static Term? Column(string name) => Columns.GetValueOrDefault(name);

    public static Term Function(string name, Term argument, int at)
    {
        if (argument.Type is not (TermType.Text or TermType.Null))
            throw new FormatException($"'{name}' at {at + 1} wants a text.");
        return name switch
        {
            "length" => new(TermType.Number, row => argument.Evaluate(row) is string text ? (double)text.EnumerateRunes().Count() : null),
            "lower" => new(TermType.Text, row => (argument.Evaluate(row) as string)?.ToLowerInvariant()),
            "host" => new(TermType.Text, row => argument.Evaluate(row) is string text && WebAddress.TryParse(text, null, out var address) ? address.Host : null),
            _ => throw new FormatException($"There is no function '{name}' (at {at + 1}). There are length, lower, host and score."),
        };
    }

    /// <summary>What the model of that name said of the picture.</summary>
    public static Term Score(string name) => new(TermType.Number, row =>
    {
        if (row.Scores is not { } scores)
            return null;
        try
        {
            using var json = JsonDocument.Parse(scores);
            return json.RootElement.TryGetProperty(name, out var score) && score.ValueKind == JsonValueKind.Number ? score.GetDouble() : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null; // of another writer
        }
    });

    public static Term Calculate(Term left, string sign, Term right, int at)
    {
        if (left.Type is not (TermType.Number or TermType.Null) || right.Type is not (TermType.Number or TermType.Null))
            throw new FormatException($"'{sign}' before {at} wants two numbers.");
        return new(TermType.Number, row => (left.Evaluate(row), right.Evaluate(row)) is (double one, double other)
            ? sign switch { "+" => one + other, "-" => one - other, "*" => one * other, _ => other == 0 ? null : one / other }
            : null);
    }

    public static Term Compare(Term left, string sign, Term right, int at)
    {
        (left, right) = (AsMoment(left, right, at), AsMoment(right, left, at));
        if (left.Type != right.Type && left.Type != TermType.Null && right.Type != TermType.Null)
            throw new FormatException($"Before {at} a {left.Type.ToString().ToLowerInvariant()} is compared with a {right.Type.ToString().ToLowerInvariant()}.");
        return new(TermType.Truth, row => (left.Evaluate(row), right.Evaluate(row)) switch
        {
            (double one, double other) => Holds(one.CompareTo(other)),
            (string one, string other) => Holds(ByCodePoints(one, other)),
            (DateTimeOffset one, DateTimeOffset other) => Holds(one.CompareTo(other)),
            (bool one, bool other) => Holds(one.CompareTo(other)),
            _ => null,
        });

        object Holds(int order) => sign switch
        {
            "=" => order == 0,
            "<>" or "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    /// <summary>SQL's patterns: % stands for any characters, _ for one.</summary>
    public static Term Like(Term left, string pattern, bool ignoreCase, int at)
    {
        if (left.Type is not (TermType.Text or TermType.Null))
            throw new FormatException($"LIKE before {at} wants a text.");
        var regex = new StringBuilder("^");
        foreach (var rune in pattern.EnumerateRunes())
            regex.Append(rune.Value switch
            {
                '%' => @"[\s\S]*",
                '_' => @"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S])",
                _ => Regex.Escape(rune.ToString()),
            });
        // Without backtracking: the time is linear, whatever the pattern.
        var like = new Regex(regex.Append(@"\z").ToString(),
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));
        return new(TermType.Truth, row => left.Evaluate(row) is string text ? like.IsMatch(text) : null);
    }

    private static Term AsMoment(Term term, Term other, int at)
    {
        if (term.Type != TermType.Text || other.Type != TermType.Moment)
            return term;
        var text = term.Evaluate(new PairRow()) as string;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? new(TermType.Moment, _ => moment)
            : throw new FormatException($"'{text}' before {at} is no moment, such as '2026-01-31' or '2026-01-31T12:00:00Z'.");
    }

    // In the order of UTF-8, as databases compare: UTF-16's differs beyond U+FFFF.
    private static int ByCodePoints(string one, string other)
    {
        var at = one.AsSpan().CommonPrefixLength(other);
        if (at == one.Length || at == other.Length)
            return one.Length.CompareTo(other.Length);
        var (left, right) = (one[at], other[at]);
        return char.IsSurrogate(left) != char.IsSurrogate(right) ? char.IsSurrogate(left).CompareTo(char.IsSurrogate(right)) : left.CompareTo(right);
    }

    private static Term Text(Func<PairRow, string?> value) => new(TermType.Text, value);

    private static Term Number(Func<PairRow, double?> value) => new(TermType.Number, row => value(row));
}
