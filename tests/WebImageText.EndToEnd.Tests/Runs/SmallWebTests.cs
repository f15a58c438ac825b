using WebImageText.Tests.Archives;

namespace WebImageText.Tests.Runs;

/// <summary>One web, found in many ways: whatever the way, its pairs are the same, and a way that is added adds what it knows.</summary>
[Collection(OneAtATime.Name)]
public sealed class SmallWebTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wit-small").FullName;

    private string At(string name) => Path.Combine(_folder, name);

    private Task<HashSet<string>> UidsAsync(string output) => SmallWeb.UidsAsync(_folder, output);

    private async Task<string[]> PagesAsync(SmallWeb web)
    {
        await File.WriteAllLinesAsync(At("pages.txt"), web.Pages.Select(page => page.Address), TestContext.Current.CancellationToken);
        return ["--provider", "pages", "--pages", At("pages.txt")];
    }

    [Fact]
    public async Task A_provider_that_is_added_to_a_finished_data_set_adds_what_it_knows()
    {
        await using var web = new SmallWeb(pictures: 12) { Searched = 4 };
        string[] searxng = ["--provider", "searxng", "--searxng-url", web.SearxngUrl], openverse = ["--provider", "openverse", "--openverse-url", web.OpenverseUrl];
        int Asked(string host) => web.Log.Count(asked => asked.Host.StartsWith(host, StringComparison.Ordinal) && asked.Target != "/robots.txt");

        await WitProcess.JsonAsync(0, web.Run(_folder, "out", searxng));
        Assert.Equal(4, (await UidsAsync("out")).Count);
        var searches = Asked("search");

        await WitProcess.JsonAsync(0, web.Run(_folder, "out", [.. searxng, .. openverse]));
        Assert.Equal(12, (await UidsAsync("out")).Count);
        Assert.Equal((searches, 1), (Asked("search"), Asked("openverse")));

        await WitProcess.JsonAsync(0, web.Run(_folder, "out", [.. searxng, .. openverse, .. await PagesAsync(web)]));
        Assert.Contains(web.Log, asked => asked.Target == "/page0");
        Assert.Equal((searches, 1), (Asked("search"), Asked("openverse")));
        var all = web.Log.Count;

        var again = await WitProcess.JsonAsync(0, web.Run(_folder, "out", [.. searxng, .. openverse]));
        Assert.Equal(0, again.GetProperty("this_run").GetProperty("kept").GetInt32());
        Assert.Equal(all, web.Log.Count);
    }

    [Fact]
    public async Task Pages_that_are_added_to_a_finished_search_bring_new_pairs()
    {
        await using var web = new SmallWeb(pictures: 12) { Searched = 4 };
        string[] searxng = ["--provider", "searxng", "--searxng-url", web.SearxngUrl];
        await WitProcess.JsonAsync(0, web.Run(_folder, "out", searxng));

        await WitProcess.JsonAsync(0, web.Run(_folder, "out", [.. searxng, .. await PagesAsync(web)]));

        Assert.Equal(12, (await UidsAsync("out")).Count);
    }

    [Fact]
    public async Task Archives_and_a_trace_of_a_web_give_the_pairs_of_a_live_run()
    {
        await using var web = new SmallWeb(pictures: 12);
        var (warc, wat, trace) = (At("CC-MAIN-1.warc.gz"), At("CC-MAIN-1.warc.wat.gz"), At("trace.warc.gz"));
        await File.WriteAllBytesAsync(warc, SomeArchives.Warc(web.Pages).File, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(wat, SomeArchives.Wat(web.WatPages), TestContext.Current.CancellationToken);

        await WitProcess.JsonAsync(0, web.Run(_folder, "live", [.. await PagesAsync(web), "--record", trace]));
        await WitProcess.JsonAsync(0, web.Run(_folder, "from-warc", "--provider", "commoncrawl", "--commoncrawl", warc));
        await WitProcess.JsonAsync(0, web.Run(_folder, "from-wat", "--provider", "commoncrawl", "--commoncrawl", wat));
        await WitProcess.JsonAsync(0, web.Run(_folder, "from-trace", "--provider", "warc", "--warc", trace));

        var live = await UidsAsync("live");
        Assert.Equal(12, live.Count);
        foreach (var output in new[] { "from-warc", "from-wat", "from-trace" })
            Assert.Equal(live.Order(), (await UidsAsync(output)).Order());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
