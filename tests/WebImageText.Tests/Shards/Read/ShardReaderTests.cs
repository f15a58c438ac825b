using WebImageText.Shards;
using WebImageText.Shards.Stores;

namespace WebImageText.Tests.Shards.Read;

public sealed class ShardReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Shards_samples_rows_and_rejections_are_read_in_order()
    {
        await SomeDataSet.WriteAsync(new FolderStore(_folder.Path), 3, 10, Stop);
        var reader = new ShardReader(new FolderStore(_folder.Path));

        Assert.Equal(["00000", "00001", "00002"], reader.ShardsAsync(Stop).ToBlockingEnumerable(Stop));
        Assert.Equal((10, 10), (await reader.StatsAsync("00002", Stop)) is var stats ? (stats.Count, stats.Successes) : default);
        var keys = Enumerable.Range(0, 10).Select(row => $"00002{row}");
        Assert.Equal(keys, reader.SamplesAsync("00002", Stop).ToBlockingEnumerable(Stop).Select(sample => sample.Key));
        Assert.Equal(keys, reader.RowsAsync("00002", null, Stop).ToBlockingEnumerable(Stop).Select(row => row.Key));
        Assert.Equal(["rejected/00000.parquet"], reader.RejectedFilesAsync(Stop).ToBlockingEnumerable(Stop));
        Assert.Equal(10, reader.RejectionsAsync("rejected/00000.parquet", null, Stop).ToBlockingEnumerable(Stop).Count());
    }

    [Fact]
    public async Task Only_the_columns_asked_for_are_read()
    {
        await SomeDataSet.WriteAsync(new FolderStore(_folder.Path), 1, 3, Stop);

        var rows = new ShardReader(new FolderStore(_folder.Path)).RowsAsync("00000", new HashSet<string> { "uid", "width" }, Stop);

        Assert.All(rows.ToBlockingEnumerable(Stop), row => Assert.Equal((512, null, null), (row.Width, row.Url, row.Height)));
    }

    [Fact]
    public async Task A_shard_without_statistics_is_not_there()
    {
        await SomeDataSet.WriteAsync(new FolderStore(_folder.Path), 2, 3, Stop);
        File.Delete(_folder.File("shards/00000_stats.json"));

        Assert.Equal(["00001"], new ShardReader(new FolderStore(_folder.Path)).ShardsAsync(Stop).ToBlockingEnumerable(Stop));
    }

    [Fact]
    public async Task Reading_goes_on_at_the_offset_of_a_sample()
    {
        await SomeDataSet.WriteAsync(new FolderStore(_folder.Path), 1, 10, Stop);
        var path = _folder.File("shards/00000.tar");
        var all = SampleReader.ReadAsync(path, stop: Stop).ToBlockingEnumerable(Stop).ToList();

        var rest = SampleReader.ReadAsync(path, all[4].Offset, stop: Stop).ToBlockingEnumerable(Stop).ToList();

        Assert.Equal(all[4..].Select(sample => (sample.Key, sample.Offset)), rest.Select(sample => (sample.Key, sample.Offset)));
    }

    [Fact]
    public async Task Sizes_are_what_open_clip_reads()
    {
        var store = new FolderStore(_folder.Path);
        await SomeDataSet.WriteAsync(store, 2, 3, Stop);

        Assert.Equal("{\n    \"00000.tar\": 3,\n    \"00001.tar\": 3\n}", File.ReadAllText(_folder.File("shards/sizes.json")));
        Assert.Equal([new("00000", 3), new("00001", 3)], (await ShardSizes.ReadAsync(store, Stop))!);
        File.WriteAllText(_folder.File("shards/sizes.json"), "[1]");
        await Assert.ThrowsAsync<ShardFormatException>(() => ShardSizes.ReadAsync(store, Stop));
        File.Delete(_folder.File("shards/sizes.json"));
        Assert.Null(await ShardSizes.ReadAsync(store, Stop));
    }
}
