using WebImageText.Shards;
using WebImageText.Shards.Stores;

namespace WebImageText.Tests.Runs;

/// <summary>Pairs are taken out of a data set whose run then goes on.</summary>
[Collection(OneAtATime.Name)]
public sealed class TakedownTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wit-takedown").FullName;

    [Fact]
    public async Task What_was_taken_down_stays_out_of_the_run_that_goes_on_and_is_not_asked_for()
    {
        var (set, key) = (Path.Combine(_folder, "set"), Path.Combine(_folder, "key.pem"));
        await using var web = await PhotoWeb.StartAsync();
        string[] run = web.Run(set, "--provider", "pages", "--pages", PhotoWeb.Seeds, "--shard-size", "25");
        await WitProcess.JsonAsync(4, [.. run, "--until", "pairs=60"]);
        var gone = (await RowsAsync(set)).First();

        var look = await WitProcess.JsonAsync(0, "shards", "takedown", set, "--entry", $"uid {gone.Uid}", "--entry", "host site07.photoweb.test", "--key", key, "--dry-run");
        var down = await WitProcess.JsonAsync(0, "shards", "takedown", set, "--entry", $"uid {gone.Uid}", "--entry", "host site07.photoweb.test", "--key", key, "--note", "as asked");
        var asked = (await web.LogAsync()).Count;
        await WitProcess.JsonAsync(0, run);

        Assert.Equal(look.GetProperty("pairs").GetInt32(), down.GetProperty("pairs").GetInt32());
        Assert.DoesNotContain((await web.LogAsync()).Skip(asked), request => request.Host == "site07.photoweb.test" && request.Path.EndsWith(".jpg", StringComparison.Ordinal));
        Assert.DoesNotContain(await RowsAsync(set), row => row.Uid == gone.Uid || row.Url!.Contains("site07", StringComparison.Ordinal));
        var stats = await WitProcess.JsonAsync(0, "shards", "stats", set);
        Assert.True(stats.GetProperty("reasons").GetProperty("taken_down").GetInt32() > down.GetProperty("pairs").GetInt32());
        await WitProcess.JsonAsync(0, "shards", "verify", set);
        Assert.True(File.Exists(Path.Combine(set, down.GetProperty("diff").GetString()!)));
    }

    [Fact]
    public async Task Killed_half_way_a_large_takedown_ends_right_and_leaves_other_shards_alone()
    {
        var figures = await WitProcess.JsonAsync(0, "bench", "takedown", "--pairs", "20000", "--entries", "200");

        Assert.InRange(figures.GetProperty("shards_done_at_the_kill").GetInt32(), 1, 11);
        Assert.Equal(0, figures.GetProperty("untouched_files_changed").GetInt32());
        Assert.Equal(0, figures.GetProperty("sizes_wrong").GetInt32());
        Assert.Equal(19_800, figures.GetProperty("pairs_left").GetInt32());
        Assert.Equal(0, figures.GetProperty("findings_of_verify").GetInt32());
    }

    private static async Task<List<WebImageText.Shards.Rows.PairRow>> RowsAsync(string set)
    {
        var reader = new ShardReader(ShardStores.Open(set));
        List<WebImageText.Shards.Rows.PairRow> rows = [];
        await foreach (var shard in reader.ShardsAsync(TestContext.Current.CancellationToken))
            await foreach (var row in reader.RowsAsync(shard, null, TestContext.Current.CancellationToken))
                rows.Add(row);
        return rows;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
