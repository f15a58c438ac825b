using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WebImageText.Tests.Shards;

namespace WebImageText.Tests.Runs;

/// <summary>Several nodes make one data set; whoever may not, cannot join.</summary>
[Collection(OneAtATime.Name)]
public sealed class ClusterTests : IDisposable
{
    private const int Cap = 3;

    /// <summary>Words that occur in more captions than the cap, and several in one caption: most pairs have a choice of owners.</summary>
    private static readonly string[] Heads = ["photo", "close", "close up", "large", "long", "small", "breed", "coat", "black", "white", "used", "seen", "having"];

    private readonly string _folder = Directory.CreateTempSubdirectory("wit-cluster").FullName;

    private string Set => Path.Combine(_folder, "set");

    [Fact]
    public async Task A_cap_holds_over_a_cluster_and_no_slot_stays_unused()
    {
        await using var web = await PhotoWeb.StartAsync();
        await using var cluster = await Cluster.StartAsync(_folder, places: 3);
        await File.WriteAllLinesAsync(At("queries.txt"), Heads, Stop);
        WitProcess[] nodes = [cluster.Join(0), cluster.Join(1), cluster.Join(2)];

        await cluster.SubmitAsync(
        [
            "run", .. web.Web(At("queries.txt")), "--cap", $"{Cap}", "--shard-size", "10", "--out", Set, "--provider", "pages", "--pages", PhotoWeb.Seeds,
            "--provider", "searxng", "--searxng-url", PhotoWeb.SearchUrl,
        ]);
        await AssertEndAsync(0, nodes);

        var counts = Duck.Ask($"select query, count(*) from '{Set}/shards/*.parquet' group by query").ToDictionary(row => (string)row[0]!, row => (long)row[1]!);
        Assert.All(counts, query => Assert.InRange(query.Value, 1, Cap));
        // min(cap, available): whoever was turned away matches no query that has room left.
        var turnedAway = Duck.Ask($"select distinct unnest(query_ids) from '{Set}/rejected/*.parquet' where reason = 'query_full'").Select(row => Heads[(int)row[0]!]).ToList();
        Assert.InRange(turnedAway.Count, 5, Heads.Length);
        Assert.All(turnedAway, query => Assert.Equal(Cap, counts[query]));
        await WitProcess.JsonAsync(0, "shards", "verify", Set, "--cap", $"{Cap}");
    }

    [Fact]
    public async Task A_node_leaves_and_comes_back_at_work_and_strangers_stay_out()
    {
        string[] certificates = [At("ours"), At("theirs")];
        foreach (var folder in certificates)
            Assert.Equal(0, (await WitProcess.RunAsync("certs", "--out", folder, "--node", "127.0.0.1")).Code);
        await using var web = await PhotoWeb.StartAsync();
        await using var cluster = await Cluster.StartAsync(_folder, places: 3, "--certs", Path.Combine(certificates[0], "127.0.0.1"));
        var owner = cluster.Join(0, "--role", "write", "--role", "curate", "--status-port", "0");
        var (leaves, stays) = (cluster.Join(1, "--role", "crawl"), cluster.Join(2, "--role", "crawl"));
        foreach (var node in new[] { owner, leaves, stays })
            await node.UntilAsync(() => node.Errors.Contains("waiting for a run", StringComparison.Ordinal));
        var run = web.Run(Set, "--provider", "pages", "--pages", PhotoWeb.Seeds);

        Assert.Equal(2, (await WitProcess.RunAsync(["submit", .. cluster.Seeds, .. run[1..]])).Code);
        Assert.Equal(2, (await WitProcess.RunAsync(["submit", .. cluster.Seeds, .. run[1..], "--certs", Path.Combine(certificates[1], "127.0.0.1")])).Code);
        await cluster.SubmitAsync(run);
        await leaves.UntilAsync(async () => (await web.LogAsync()).Count >= 40);
        await AssertStatusAsync(owner);
        var clock = Stopwatch.StartNew();
        leaves.Interrupt();
        await AssertEndAsync(4, leaves);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));

        await AssertEndAsync(0, cluster.Join(1, "--role", "crawl"), stays, owner);
        var (score, text) = await PhotoWeb.ScoreAsync(Set);
        Assert.True(score == 0, text);
        await WitProcess.JsonAsync(0, "shards", "verify", Set);
    }

    private static async Task AssertEndAsync(int code, params WitProcess[] nodes)
    {
        foreach (var node in nodes)
        {
            var (ended, _, errors) = await node.EndAsync();
            Assert.True(ended == code, $"a node ended with {ended}: {errors}");
        }
    }

    private static async Task AssertStatusAsync(WitProcess node)
    {
        const string Said = "status at ";
        await node.UntilAsync(() => node.Errors.Contains(Said, StringComparison.Ordinal));
        var line = node.Errors.Split('\n').First(line => line.Contains(Said, StringComparison.Ordinal));
        var address = new Uri(line[(line.IndexOf(Said, StringComparison.Ordinal) + Said.Length)..].Trim());
        Assert.True(address.IsLoopback);
        using var client = new HttpClient();
        var state = await client.GetFromJsonAsync<JsonElement>(address, Stop);
        Assert.Equal(3, state.GetProperty("nodes").GetArrayLength());
        using var posted = await client.PostAsync(address, null, Stop);
        Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string At(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
