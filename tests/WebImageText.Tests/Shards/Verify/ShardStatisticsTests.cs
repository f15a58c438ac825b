using System.Text.Json;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Verify;

namespace WebImageText.Tests.Shards.Verify;

public sealed class ShardStatisticsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task They_count_what_was_written()
    {
        await SomeDataSet.WriteAsync(new FolderStore(_folder.Path), 3, 30, Stop);

        var statistics = await ShardStatistics.ReadAsync(new FolderStore(_folder.Path), 2, Stop);

        Assert.Equal((3, 90L, 30L), (statistics.Shards, statistics.Pairs, statistics.Rejected));
        Assert.Equal(Directory.GetFiles(_folder.File("shards"), "*.tar").Sum(file => new FileInfo(file).Length), statistics.TarBytes);
        Assert.Equal([new("query 0", 13), new("query 1", 13)], statistics.Queries.Head);
        Assert.Equal((7L, 13L, 13L, 0L), (statistics.Queries.Count, statistics.Queries.Median, statistics.Queries.Most, statistics.Queries.WithOne));
        Assert.Equal([new("pages", 45), new("searxng", 45)], statistics.Providers);
        Assert.Equal([new("alt", 90)], statistics.TextSources);
        Assert.Equal([new("", 72), new("CC-BY-4.0", 18)], statistics.Licenses);
        Assert.Equal([new(512, 90)], statistics.Widths);
        Assert.Equal([new(384, 90)], statistics.Heights);
        Assert.Equal([new(5, 90)], statistics.CaptionWords); // 8 words: the step from 5 to 8
        Assert.Equal(30, statistics.Reasons.Values.Sum());
        Assert.Equal(statistics.Reasons["http_error"], statistics.HttpStatuses[200]);
    }

    [Fact]
    public async Task They_agree_with_another_reader()
    {
        await SomeDataSet.WriteAsync(new FolderStore(_folder.Path), 2, 40, Stop);

        var statistics = await ShardStatistics.ReadAsync(new FolderStore(_folder.Path), stop: Stop);

        Assert.Equal(
            Duck.Ask($"select reason, count(*) from '{_folder.File("rejected/*.parquet")}' group by 1 order by 1").Select(row => new KeyValuePair<string, long>((string)row[0]!, (long)row[1]!)),
            statistics.Reasons);
        Assert.Equal(
            Duck.Ask($"select query, count(*) from '{_folder.File("shards/*.parquet")}' group by 1 order by 2 desc, 1").Select(row => new QueryCount((string)row[0]!, (long)row[1]!)),
            statistics.Queries.Head);
    }

    [Fact]
    public async Task They_are_json()
    {
        await SomeDataSet.WriteAsync(new FolderStore(_folder.Path), 1, 10, Stop);

        var json = JsonSerializer.SerializeToElement(await ShardStatistics.ReadAsync(new FolderStore(_folder.Path), stop: Stop));

        Assert.Equal(10, json.GetProperty("Widths").GetProperty("512").GetInt32());
        Assert.Equal("query 0", json.GetProperty("Queries").GetProperty("Head")[0].GetProperty("Query").GetString());
    }
}
