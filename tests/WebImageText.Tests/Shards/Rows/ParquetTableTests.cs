using WebImageText.Shards;
using WebImageText.Shards.Rows;

namespace WebImageText.Tests.Shards.Rows;

public sealed class ParquetTableTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Path => _folder.File("rows.parquet");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Another_reader_sees_the_peers_columns_and_types_and_then_ours()
    {
        await WriteAsync(Rows(3));

        var columns = Duck.Ask($"describe select * from '{Path}'").Select(row => $"{row[0]} {row[1]}");

        Assert.Equal(
            ["url VARCHAR", "caption VARCHAR", "key VARCHAR", "status VARCHAR", "error_message VARCHAR", "width INTEGER", "height INTEGER",
             "original_width INTEGER", "original_height INTEGER", "exif VARCHAR", "sha256 VARCHAR", "uid VARCHAR", "query VARCHAR",
             "query_ids INTEGER[]", "page_url VARCHAR", "final_url VARCHAR", "text_source VARCHAR", "provider VARCHAR",
             "fetched_at TIMESTAMP WITH TIME ZONE", "http_status INTEGER", "content_type VARCHAR", "etag VARCHAR", "stored_sha256 VARCHAR",
             "pdq VARCHAR", "license VARCHAR", "robots VARCHAR", "nearest_eval VARCHAR", "eval_score FLOAT", "descriptor BLOB", "scores VARCHAR", "attribution VARCHAR"], columns);
    }

    [Fact]
    public async Task Another_reader_sees_every_value()
    {
        var rows = Rows(40);
        await WriteAsync(rows);

        var seen = Duck.Ask(
            $"""
            select url, caption, key, status, error_message, width, height, original_width, original_height, exif, sha256, uid, query,
              array_to_string(query_ids, ','), page_url, final_url, text_source, provider, epoch_us(fetched_at), http_status, content_type,
              etag, stored_sha256, pdq, license, robots, nearest_eval, eval_score, to_base64(descriptor), scores, attribution from '{Path}'
            """);

        Assert.Equal(rows.Count, seen.Count);
        for (var at = 0; at < rows.Count; at++)
        {
            var row = rows[at];
            Assert.Equal(
                [row.Url, row.Caption, row.Key, row.Status, row.ErrorMessage, row.Width, row.Height, row.OriginalWidth, row.OriginalHeight,
                 row.Exif, row.Sha256, row.Uid, row.Query, string.Join(',', row.QueryIds), row.PageUrl, row.FinalUrl, row.TextSource,
                 row.Provider, (row.FetchedAt!.Value - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, row.HttpStatus,
                 row.ContentType, row.ETag, row.StoredSha256, row.Pdq, row.License, row.Robots, row.NearestEval, row.EvalScore,
                 row.Descriptor is { } bytes ? Convert.ToBase64String(bytes) : null, row.Scores, row.Attribution], seen[at]);
        }
    }

    /// <summary>Readers pass over row groups by the least and greatest value in the footer: these must hold in UTF-8's order.</summary>
    [Fact]
    public async Task Another_reader_finds_each_row_by_each_text()
    {
        string[] texts = ["B", "a", "_", "Z", "é", "e\u0301", "\uFFFD", "\uE000", "\U0001F600", "ﬁ", "", " ", "-1", "ß", "ss", "中", "𠀀", new('x', 3000)];
        await WriteAsync([.. texts.Select((text, at) => Rows(1)[0] with { Caption = text, Width = at })]);

        foreach (var (text, at) in texts.Select((text, at) => (text, at)))
            Assert.Equal([[at]], Duck.Ask($"select width from '{Path}' where caption = $text", ("text", text)));
        foreach (var text in texts) // alone in its group, the statistics are as narrow as can be
        {
            await WriteAsync([Rows(1)[0] with { Caption = text, License = null }]);
            Assert.Single(Duck.Ask($"select width from '{Path}' where caption >= $text and caption <= $text and license is null", ("text", text)));
        }
    }

    [Fact]
    public async Task What_was_written_is_read_back()
    {
        var rows = Rows(40);
        await WriteAsync(rows);

        AssertEqual(rows, await ReadAsync());
    }

    [Fact]
    public async Task Row_groups_are_bounded_and_in_order()
    {
        var rows = Rows(1);
        rows = [.. Enumerable.Range(0, ParquetTable.GroupRows + 5).Select(at => rows[0] with { Width = at })];
        await WriteAsync(rows);

        var groups = Duck.Ask($"select distinct row_group_id, row_group_num_rows from parquet_metadata('{Path}') order by 1");
        Assert.Equal([[0L, 10_000L], [1L, 5L]], groups);
        Assert.Equal(Enumerable.Range(0, rows.Count), (await ReadAsync()).Select(row => row.Width!.Value));
    }

    [Fact]
    public async Task The_footer_names_the_writer_and_nothing_that_changes()
    {
        await WriteAsync(Rows(3));

        var footer = Duck.Ask($"select created_by, num_rows, format_version from parquet_file_metadata('{Path}')");
        Assert.Equal([["Parquet.Net version 6.1.0 (build c179d97bd2549b5f44a9241e729f869d4947ee59)", 3L, 1L]], footer);
        Assert.Empty(Duck.Ask($"select * from parquet_kv_metadata('{Path}')"));
    }

    [Theory]
    [InlineData("snappy")]
    [InlineData("zstd")]
    [InlineData("uncompressed")]
    public async Task A_file_of_another_writer_is_read(string codec)
    {
        Duck.Ask($"""
            copy (select 'https://a.example/' || i as url, case when i % 3 = 0 then null else 'text ' || (i % 5) end as caption,
              i::int as width, (i / 4)::float as eval_score, case when i % 4 = 0 then [] else [i::int, 7] end as query_ids,
              make_timestamptz(1749283750123456 + i) as fetched_at, 'abc'::blob as descriptor, i::bigint as height
              from range(5000) t(i)) to '{Path}' (format parquet, codec '{codec}', row_group_size 2048)
            """);

        var rows = await ReadAsync();

        Assert.Equal(5000, rows.Count);
        for (var at = 0; at < rows.Count; at++)
        {
            Assert.Equal($"https://a.example/{at}", rows[at].Url);
            Assert.Equal(at % 3 == 0 ? null : $"text {at % 5}", rows[at].Caption);
            Assert.Equal((at, null, at / 4f), (rows[at].Width, rows[at].Height, rows[at].EvalScore)); // height has another type there
            Assert.Equal(at % 4 == 0 ? [] : [at, 7], rows[at].QueryIds);
            Assert.Equal(SomePairs.Start.AddMicroseconds(at), rows[at].FetchedAt);
            Assert.Equal("abc"u8.ToArray(), rows[at].Descriptor);
        }
    }

    [Fact]
    public async Task A_damaged_file_is_refused_by_name()
    {
        await WriteAsync(Rows(200));
        var whole = File.ReadAllBytes(Path);
        var random = new Random(1);
        foreach (var _ in Enumerable.Range(0, 200))
        {
            var damaged = random.Next(2) == 0 ? whole[..random.Next(whole.Length)] : whole.ToArray();
            for (var change = 0; change < 3 && damaged.Length > 0; change++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(Path, damaged);

            var thrown = await Record.ExceptionAsync(ReadAsync);
            Assert.True(thrown is null or ShardFormatException, thrown?.ToString());
        }
        File.WriteAllBytes(Path, whole[..^1]);
        Assert.Contains("rows.parquet", (await Assert.ThrowsAsync<ShardFormatException>(ReadAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_written_at_once_have_the_bytes_of_one_written_alone()
    {
        var rows = Rows(3);
        var alone = await BytesAsync(rows);

        await Parallel.ForAsync(0, 2_000, Stop, async (_, _) => Assert.Equal(alone, await BytesAsync(rows)));
    }

    private static async Task<byte[]> BytesAsync(List<PairRow> rows)
    {
        using var file = new MemoryStream();
        await ParquetTable.WriteAsync(file, PairColumns.All, rows, Stop);
        return file.ToArray();
    }

    private static List<PairRow> Rows(int count) =>
        [.. SomePairs.Pairs(count).Select((pair, at) => PairRow.Of(pair, new ShardNaming().Key(0, at)) with
        {
            QueryIds = [.. Enumerable.Range(at, at % 4)],
            Descriptor = at % 3 == 0 ? [1, 2, (byte)at] : null,
            EvalScore = at % 5 == 0 ? null : at / 7f,
        })];

    private async Task WriteAsync(IReadOnlyList<PairRow> rows)
    {
        await using var file = File.Create(Path);
        await ParquetTable.WriteAsync(file, PairColumns.All, rows, Stop);
    }

    private async Task<List<PairRow>> ReadAsync()
    {
        var rows = new List<PairRow>();
        await using var file = File.OpenRead(Path);
        await foreach (var batch in ParquetTable.ReadAsync(file, "rows.parquet", null, Stop))
            rows.AddRange(Enumerable.Range(0, batch.Count).Select(at => PairColumns.Read(batch, at)));
        return rows;
    }

    private static void AssertEqual(List<PairRow> expected, List<PairRow> actual) => // the JSON holds every field
        Assert.Equal(expected.Select(row => Convert.ToHexString(SampleJson.Write(row, []))), actual.Select(row => Convert.ToHexString(SampleJson.Write(row, []))));
}
