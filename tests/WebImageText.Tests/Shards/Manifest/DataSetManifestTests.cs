using System.Text.Json;
using WebImageText.Shards;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Stores;

namespace WebImageText.Tests.Shards.Manifest;

public sealed class DataSetManifestTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DataSetManifest Manifest => new(new FolderStore(_folder.Path));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_is_read_as_it_was_written()
    {
        await SomeDataSet.WriteAsync(new FolderStore(_folder.Path), 2, 3, Stop);

        var head = (await Manifest.ReadHeadAsync(Stop))!;
        Assert.Equal(("some", 3, 5, 20_000, 0.88f), (head.Name, head.ShardSize, head.ShardWidth, head.Cap, head.EvaluationLimit));
        Assert.Equal([new("set", 1, SomePairs.Sha256("set"u8))], head.EvaluationSets);
        Assert.Equal(Enumerable.Range(0, 8).Select(row => new Query(new(row), $"query {row}")), await Manifest.ReadQueriesAsync(Stop));
        var ledger = await Manifest.ReadLedgerAsync(Stop);
        Assert.Equal(["00000", "00001"], ledger.Select(line => line.Shard));
        Assert.Equal(SomePairs.Sha256(File.ReadAllBytes(_folder.File("shards/00001.tar"))), ledger[1].Tar.Sha256);
        Assert.Equal(new FileInfo(_folder.File("shards/00001.parquet")).Length, ledger[1].Parquet.Length);
    }

    [Fact]
    public async Task The_ledger_is_one_json_object_a_line()
    {
        await SomeDataSet.WriteAsync(new FolderStore(_folder.Path), 2, 3, Stop);

        var lines = File.ReadAllLines(_folder.File("manifest/ledger.jsonl"));
        using var line = JsonDocument.Parse(lines[1]);
        Assert.Equal(2, lines.Length);
        Assert.Equal(["shard", "count", "tar", "parquet", "stats"], line.RootElement.EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public async Task What_is_not_there_is_empty()
    {
        Assert.Null(await Manifest.ReadHeadAsync(Stop));
        Assert.Empty(await Manifest.ReadQueriesAsync(Stop));
        Assert.Empty(await Manifest.ReadLedgerAsync(Stop));
        Assert.Empty(await Manifest.ReadTombstonesAsync(Stop));
    }

    [Theory]
    [InlineData("{\"format\": 2, \"name\": \"n\", \"code_version\": \"v\", \"created\": \"2025-01-01T00:00:00Z\"}", "layout 2")]
    [InlineData("{\"format\": 1}", "no DataSetHead")]
    [InlineData("null", "no DataSetHead")]
    [InlineData("{", "no DataSetHead")]
    public async Task A_head_that_is_damaged_or_newer_is_refused(string json, string problem)
    {
        Directory.CreateDirectory(_folder.File("manifest"));
        File.WriteAllText(_folder.File("manifest/dataset.json"), json);

        var refused = await Assert.ThrowsAsync<ShardFormatException>(() => Manifest.ReadHeadAsync(Stop));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_out_of_its_place_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Manifest.WriteQueriesAsync([new(new(1), "a")], "t", Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Manifest.WriteQueriesAsync([new(new(0), "a\nb")], "t", Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Manifest.WriteQueriesAsync([new(new(0), "")], "t", Stop));
    }
}
