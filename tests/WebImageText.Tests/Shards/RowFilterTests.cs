using CsCheck;
using WebImageText.Shards;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Select;

namespace WebImageText.Tests.Shards;

public sealed class RowFilterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly PairRow Row = new()
    {
        Url = "https://Img.Example/a.jpg",
        Caption = "50% of \U0001F600 cats_",
        Width = 640,
        Height = 480,
        Provider = "pages",
        FetchedAt = SomePairs.Start,
        Scores = """{"clip": 0.31}""",
    };

    [Theory]
    [InlineData("width * height > 300000", true)]
    [InlineData("width / height BETWEEN 1.3 AND 1.4", true)]
    [InlineData("not width in (1, 640)", false)]
    [InlineData("license = 'x' OR TRUE", true)]
    [InlineData("license = 'x' AND TRUE", false)]
    [InlineData("NOT (license = 'x')", false)]
    [InlineData("license IS NULL and url is not null", true)]
    [InlineData("caption LIKE '50%cats_'", true)]
    [InlineData("caption LIKE '50_ of _ cats_'", true)]
    [InlineData("caption NOT ILIKE '%CATS%'", false)]
    [InlineData("length(caption) = 14", true)]
    [InlineData("host(url) = 'img.example'", true)]
    [InlineData("score('clip') >= 0.3 AND score('nsfw') IS NULL", true)]
    [InlineData("fetched_at >= '2025-06-07' AND fetched_at < '2025-06-08T00:00:00Z'", true)]
    [InlineData("-width < 0 AND 2 + 3 * 4 = 14 AND 1 / 0 IS NULL", true)]
    [InlineData("lower(provider) = 'it''s' OR Provider <> 'x'", true)]
    public void A_condition_means_what_it_means_in_SQL(string condition, bool isTrue) => Assert.Equal(isTrue, RowFilter.Parse(condition).Matches(Row));

    [Theory]
    [InlineData("", "'the end'")]
    [InlineData("width", "number")]
    [InlineData("width > 'x'", "number is compared with a text")]
    [InlineData("no_column = 1", "There is no column 'no_column'")]
    [InlineData("caption = 'x", "has no end")]
    [InlineData("width > 1 width", "'width'")]
    [InlineData("caption + 1 > 2", "two numbers")]
    [InlineData("size(caption) > 2", "no function")]
    [InlineData("fetched_at > 'soon'", "no moment")]
    [InlineData("width ; 1", "';' at 7")]
    [InlineData("width not 3", "LIKE, ILIKE, IN or BETWEEN")]
    public void What_is_no_condition_says_where(string condition, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => RowFilter.Parse(condition)).Message, StringComparison.Ordinal);

    [Fact]
    public void Deep_nests_and_long_texts_are_refused()
    {
        Assert.Throws<FormatException>(() => RowFilter.Parse(new string('(', 5_000)));
        Assert.Throws<FormatException>(() => RowFilter.Parse(new string('-', 5_000) + "1 = 1"));
        Assert.Throws<FormatException>(() => RowFilter.Parse(new string(' ', 20_000)));
    }

    /// <summary>The right answer is DuckDB's, over a parquet file of ours.</summary>
    [Fact]
    public async Task Any_condition_selects_what_a_database_selects()
    {
        List<PairRow> rows = [.. Enumerable.Range(0, 60).Select(number => PairRow.Of(SomePairs.Pair(number), $"{number:000000000}") with
        {
            Caption = number % 6 == 0 ? null : $"caption {number % 9} \U0001F600_%",
            Width = number % 8 == 0 ? null : number * 7,
        })];
        var path = _folder.File("rows.parquet");
        await using (var file = File.Create(path))
            await ParquetTable.WriteAsync(file, PairColumns.All, rows, TestContext.Current.CancellationToken);

        var number = One("width", "height", "width + 3", "http_status - width", "2 * width", "200", "0.5", "-7", "length(caption)", "eval_score", "NULL");
        var text = One("caption", "license", "provider", "lower(caption)", "'pages'", "'CC-BY-4.0'", "'caption 3 \U0001F600_%'", "NULL");
        var sign = One("=", "<>", "!=", "<", "<=", ">", ">=");
        var condition = Gen.Recursive<string>((depth, inner) => depth > 3 ? Simple() : Gen.OneOf(
            Simple(),
            Gen.Select(inner, inner, (one, other) => $"({one}) AND ({other})"),
            Gen.Select(inner, inner, (one, other) => $"{one} OR {other}"),
            inner.Select(one => $"NOT ({one})")));
        var conditions = new List<string>();
        condition.Sample(conditions.Add, iter: 300, threads: 1);

        foreach (var one in conditions.Distinct())
        {
            var expected = Duck.Ask($"select key from '{path}' where {one} order by key").Select(row => (string)row[0]!);
            Assert.True(expected.SequenceEqual(rows.Where(RowFilter.Parse(one).Matches).Select(row => row.Key!)), one);
        }

        Gen<string> Simple() => Gen.OneOf(
            Gen.Select(number, sign, number, (one, is_, other) => $"{one} {is_} {other}"),
            Gen.Select(text, sign, text, (one, is_, other) => $"{one} {is_} {other}"),
            Gen.Select(text, One("LIKE", "NOT LIKE", "ILIKE"), One("'%3%'", "'caption _ __%'", "'CC%'", "'PAGES'", "''"), (one, like, pattern) => $"{one} {like} {pattern}"),
            Gen.Select(number, number, number, (one, least, most) => $"{one} BETWEEN {least} AND {most}"),
            Gen.Select(number, number, number, (one, a, b) => $"{one} NOT IN ({a}, {b})"),
            text.Select(one => $"{one} IS NOT NULL"));

        static Gen<string> One(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);
    }
}
