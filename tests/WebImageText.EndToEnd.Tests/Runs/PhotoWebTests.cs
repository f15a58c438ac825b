using System.Text.Json;

namespace WebImageText.Tests.Runs;

/// <summary>Real photographs all the way, by the program as it is built.</summary>
public sealed class PhotoWebTests : IDisposable
{
    private readonly string _out = Directory.CreateTempSubdirectory("wit-photo-web").FullName;

    private static readonly string[] Search = ["--provider", "searxng", "--searxng-url", PhotoWeb.SearchUrl];

    private static string[] Pages => ["--provider", "pages", "--pages", PhotoWeb.Seeds];

    [Fact]
    public async Task A_search_ends_in_the_right_shards()
    {
        await using var web = await PhotoWeb.StartAsync();

        await WitProcess.JsonAsync(0, web.Run(_out, Search));

        await AssertRightAsync();
        // Search results name neither images without a text nor those that are gone.
        await AssertReasonsAsync("no_text", "http_error");
    }

    [Fact]
    public async Task A_crawl_ends_in_the_right_shards_and_is_polite()
    {
        await using var web = await PhotoWeb.StartAsync();

        await WitProcess.JsonAsync(0, web.Run(_out, [.. Pages, "--contact", "crawl@example.org"]));

        await AssertRightAsync();
        // The pages of refused images are refused themselves, so that these images are never seen.
        await AssertReasonsAsync("robots_disallowed");
        await AssertPoliteAsync(web);
    }

    [Fact]
    public async Task The_thresholds_of_a_calibrated_index_hold_in_a_run_and_stand_in_its_data_set()
    {
        await using var web = await PhotoWeb.StartAsync();
        var (first, second, index) = (Path.Combine(_out, "first"), Path.Combine(_out, "second"), Path.Combine(_out, "eval.index"));
        await WitProcess.JsonAsync(0, web.Run(first, Search));
        var run = web.Run(second, Search);
        var set = run[Array.IndexOf(run, "--eval-set") + 1];
        await WitProcess.JsonAsync(0, "dedup", "index", "--eval-set", set, "--out", index, "--model", PhotoWeb.Detector);
        var (uncalibrated, _, missing) = await WitProcess.RunAsync([.. run, "--eval-index", index]);
        var calibrated = await WitProcess.JsonAsync(0, "dedup", "calibrate", "--index", index, "--eval-set", set, "--crawl", first, "--model", PhotoWeb.Detector);
        var threshold = calibrated.GetProperty("sets")[0].GetProperty("threshold").GetSingle();

        await WitProcess.JsonAsync(0, [.. run, "--eval-index", index]);

        Assert.Equal(3, uncalibrated);
        Assert.Contains("wit dedup calibrate", missing, StringComparison.Ordinal);
        var (code, score) = await PhotoWeb.ScoreAsync(second);
        Assert.True(code == 0, score);
        var head = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(second, "manifest", "dataset.json"), TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(threshold, head.GetProperty("evaluation_sets")[0].GetProperty("limit").GetSingle());
        Assert.Empty((await WitProcess.JsonAsync(0, "shards", "verify", second)).GetProperty("findings").EnumerateArray());
        var (other, _, refused) = await WitProcess.RunAsync(run);
        Assert.Equal(2, other);
        Assert.Contains("from likeness", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cap_holds()
    {
        await using var web = await PhotoWeb.StartAsync();

        var run = await WitProcess.JsonAsync(0, web.Run(_out, [.. Search, "--cap", "1"]));

        var stats = await WitProcess.JsonAsync(0, "shards", "stats", _out);
        Assert.Equal(1, stats.GetProperty("queries").GetProperty("most").GetInt32());
        Assert.Equal(run.GetProperty("pairs").GetInt32(), stats.GetProperty("queries").GetProperty("count").GetInt32());
        Assert.True(run.GetProperty("rejected").GetProperty("query_full").GetInt32() > 0);
        await WitProcess.JsonAsync(0, "shards", "verify", _out, "--cap", "1");
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_and_a_finished_one_adds_nothing()
    {
        await using var web = await PhotoWeb.StartAsync();
        foreach (var enough in new[] { 100, 250 })
        {
            using var wit = WitProcess.Start(web.Run(_out, Pages));
            await wit.UntilAsync(async () => (await web.LogAsync()).Count >= enough);
            wit.Interrupt();
            Assert.Equal(4, (await wit.EndAsync()).Code);
        }
        await WitProcess.JsonAsync(0, web.Run(_out, Pages));
        await AssertRightAsync();
        var before = Files();
        var asked = (await web.LogAsync()).Count;

        var again = await WitProcess.JsonAsync(0, web.Run(_out, Pages));

        Assert.Equal(0, again.GetProperty("this_run").GetProperty("kept").GetInt32());
        Assert.Equal(before, Files());
        Assert.Equal(asked, (await web.LogAsync()).Count);
    }

    [Fact]
    public async Task A_budget_ends_a_run_with_what_it_has_and_the_next_one_goes_on()
    {
        await using var web = await PhotoWeb.StartAsync();

        var early = await WitProcess.JsonAsync(4, web.Run(_out, [.. Pages, "--until", "pairs=40"]));
        await WitProcess.JsonAsync(0, "shards", "verify", _out);
        await WitProcess.JsonAsync(0, web.Run(_out, Pages));

        Assert.InRange(early.GetProperty("pairs").GetInt32(), 40, 340);
        Assert.Equal(0, early.GetProperty("staged").GetInt32());
        await AssertRightAsync();
    }

    private async Task AssertRightAsync()
    {
        var (code, score) = await PhotoWeb.ScoreAsync(_out);
        Assert.True(code == 0, score);
        await WitProcess.JsonAsync(0, "shards", "verify", _out);
    }

    private async Task AssertReasonsAsync(params string[] unseen)
    {
        var stats = await WitProcess.JsonAsync(0, "shards", "stats", _out);
        var reasons = stats.GetProperty("reasons").EnumerateObject().ToDictionary(reason => reason.Name, reason => reason.Value.GetInt32());
        foreach (var (reason, count) in PhotoWeb.ExpectedCounts().Where(expected => expected.Key is not ("keep" or "near_duplicate_of_evaluation_image")))
            Assert.True(reasons.GetValueOrDefault(reason) == (unseen.Contains(reason) ? 0 : count), $"{reason}: {reasons.GetValueOrDefault(reason)} of {count}");
        // Hashes alone miss most crops and overlays; every milder copy is found.
        Assert.InRange(reasons["near_duplicate_of_evaluation_image"], 27, 40);
        if (!unseen.Contains("http_error"))
            Assert.Equal(PhotoWeb.ExpectedCounts()["http_error"], stats.GetProperty("http_statuses").GetProperty("404").GetInt32());
    }

    private static async Task AssertPoliteAsync(PhotoWeb web)
    {
        var log = await web.LogAsync();
        Assert.All(log, request => Assert.Matches(@"^WebImageText/\d+\.\d+\.\d+ \(\+crawl@example\.org\)$", request.Agent));
        Assert.DoesNotContain(log, request => request.Path.StartsWith("/private/", StringComparison.Ordinal));
        foreach (var host in log.GroupBy(request => request.Host))
        {
            Assert.Equal("/robots.txt", host.First().Path);
            Assert.Equal(1, host.Count(request => request.Path == "/robots.txt"));
            var least = host.Key == "site03.photoweb.test" ? 1 : 0.02;
            var gaps = host.Zip(host.Skip(1), (one, next) => next.T - one.T);
            Assert.All(gaps, gap => Assert.True(gap > least, $"{host.Key}: {gap} s between two requests"));
        }
    }

    private Dictionary<string, (long, DateTime)> Files() =>
        Directory.EnumerateFiles(_out, "*", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}state{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !path.Contains("manifest", StringComparison.Ordinal) && !path.EndsWith("sizes.json", StringComparison.Ordinal))
            .ToDictionary(path => path, path => (new FileInfo(path).Length, File.GetLastWriteTimeUtc(path)));

    public void Dispose() => Directory.Delete(_out, recursive: true);
}
