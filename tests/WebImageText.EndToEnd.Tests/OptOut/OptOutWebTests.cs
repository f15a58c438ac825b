using System.Text.Json.Nodes;
using WebImageText.Shards.Rows;
using WebImageText.Tests.Hostile;
using WebImageText.Tests.Runs;

namespace WebImageText.Tests.OptOut;

/// <summary>A web in which every way of saying no is said once: each is heeded from the first request to the shard, and recorded.</summary>
[Collection(OneAtATime.Name)]
public sealed class OptOutWebTests : IDisposable
{
    private const string Start = $"start.{OptOutSite.Domain}", List = $"list.{OptOutSite.Domain}", Licences = $"terms.{OptOutSite.Domain}";

    private readonly string _folder = Directory.CreateTempSubdirectory("wit-opt-out").FullName;

    private sealed record Outcome(string Word, string? Detail, string? Robots, string? Licence, bool HasTime);

    [Fact]
    public async Task Every_opt_out_is_heeded_and_recorded()
    {
        OptOutSite[] sites = [.. OptOutSites.OfPictures(), .. OptOutSites.OfPages(), .. OptOutSites.OfListedPages()];
        var byHost = sites.SelectMany(site => new[] { site.Host, site.PictureHost }.Distinct().Select(host => (Host: host, Site: site))).ToDictionary(one => one.Host, one => one.Site);
        await using var server = new HostileServer(asked => asked.Host switch
        {
            Start => asked.Target == "/" ? Wire.Page($"<!doctype html><html lang=en><title>Pictures</title>{string.Concat(sites.Where(site => site.Page is null && !site.IsListed).Select(site => $"<p>{site.Img}"))}") : Wire.Status(404),
            List => Listed(asked),
            Licences => asked.Target == "/licence.xml" ? OptOutSites.Licence : Wire.Status(404),
            _ => byHost.TryGetValue(asked.Host, out var site) ? site.For(asked) : Wire.Status(404),
        });

        await RunAsync(server, sites);

        var outcomes = await OutcomesAsync();
        var wrong = sites.Select(site => Wrong(site, outcomes.GetValueOrDefault(site.Address), server.Log)).OfType<string>().ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        AssertAsked(server.Log);
        Assert.Equal("tdm-reservation: 0; x-robots-tag: all; content-usage: train-ai=y", outcomes[$"http://allows.{OptOutSite.Domain}/picture.jpg"].Robots);
        Assert.Equal($"http://page-terms.{OptOutSite.Domain}/terms", outcomes[$"http://page-terms-pictures.{OptOutSite.Domain}/picture.jpg"].Licence);
        Assert.Matches(@"^page \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ: meta tdm-reservation: 0; tdmrep.json: 1; tdm-policy: https://site.test/policy.json$", outcomes[$"http://page-reserves-not-pictures.{OptOutSite.Domain}/picture.jpg"].Robots);
        Assert.Matches(@"^page \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ: tdmrep.json: 0$", outcomes[$"http://list-reserves-not-pictures.{OptOutSite.Domain}/picture.jpg"].Robots);
        Assert.Equal("its page: tdmrep.json: 1", outcomes[$"http://list-reserves-pictures.{OptOutSite.Domain}/picture.jpg"].Robots);
        Assert.NotEqual(OptOutSite.Kept, outcomes[$"http://a:b@page-credentials-pictures.{OptOutSite.Domain}/picture.jpg"].Word);
    }

    private static string? Wrong(OptOutSite site, Outcome? outcome, IReadOnlyList<Asked> log)
    {
        var wasAsked = log.Any(asked => asked.Host == site.PictureHost && asked.Target == "/picture.jpg");
        return outcome is null ? $"{site.Name}: not seen"
            : outcome.Word != site.Outcome || !$"{outcome.Detail}".Contains(site.Words, StringComparison.Ordinal) ? $"{site.Name}: {outcome}, not {site.Outcome} {site.Words}"
            : !outcome.HasTime ? $"{site.Name}: no time"
            : wasAsked == site.IsUnasked ? $"{site.Name}: {(wasAsked ? "asked for all the same" : "never asked for")}"
            : null;
    }

    private static void AssertAsked(IReadOnlyList<Asked> log)
    {
        foreach (var host in log.Where(asked => asked.Host != List).GroupBy(asked => asked.Host))
        {
            Assert.True(host.First().Target == "/robots.txt", $"{host.Key} was first asked for {host.First().Target}");
            foreach (var file in host.GroupBy(asked => asked.Target))
                Assert.True(file.Count() == 1 || host.Key.StartsWith("reserves-", StringComparison.Ordinal), $"{host.Key} was asked {file.Count()} times for {file.Key}");
        }
        Assert.DoesNotContain(log, asked => asked.Target == "/page.html");
        // Two sites name it; it is asked for once.
        Assert.Single(log, asked => asked.Host == Licences && asked.Target == "/licence.xml");
        Assert.DoesNotContain(log, asked => asked.Host.StartsWith("blocked.", StringComparison.Ordinal) || asked.Target == "/never");
        Assert.Contains(log, asked => asked.Target == "/more");
        // Who shows no picture is asked for nothing but what was wanted there; and nobody whose robots.txt does not let us.
        Assert.DoesNotContain(log, asked => asked.Host == Licences && (asked.Target is "/ai.txt" or "/.well-known/tdmrep.json"));
        Assert.DoesNotContain(log, asked => asked.Host.StartsWith("reserves-unread", StringComparison.Ordinal) && asked.Target == "/.well-known/tdmrep.json");
        var later = log.Where(asked => asked.Host.StartsWith("reserves-later", StringComparison.Ordinal) && asked.Target == "/.well-known/tdmrep.json").ToList();
        Assert.True(later.Count == 2 && later[1].At - later[0].At >= TimeSpan.FromSeconds(1), "Retry-After was not kept");
        Assert.Equal(3, log.Count(asked => asked.Host.StartsWith("reserves-never", StringComparison.Ordinal) && asked.Target == "/.well-known/tdmrep.json"));
    }

    // As Spawning's API answers.
    private static Answer Listed(Asked asked) => asked.Target != "/api/v2/query/urls/" || asked.Fields["Authorization"] != "API a-key" || asked.Fields["Content-Type"] != "text/plain"
        ? Wire.Status(401)
        : OptOutSite.Text(new JsonObject
        {
            ["urls"] = new JsonArray([.. asked.Body.Split('\n').Select(url => new JsonObject { ["url"] = url, ["optOut"] = url.Contains("//listed.", StringComparison.Ordinal) })]),
        }.ToJsonString());

    private async Task RunAsync(HostileServer server, IEnumerable<OptOutSite> sites)
    {
        string At(string name) => Path.Combine(_folder, name);
        await File.WriteAllLinesAsync(At("seeds.txt"), sites.Where(site => site.Page is not null).Select(site => $"http://{site.Host}/").Prepend($"http://{Start}/"), TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(At("list.csv"), sites.Where(site => site.IsListed).Select(site => site.Row).Prepend("url,caption,page_url"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(At("queries.txt"), "harbour\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(At("never.txt"), $"host blocked.{OptOutSite.Domain}\n", TestContext.Current.CancellationToken);
        using var wit = WitProcess.Start(new Dictionary<string, string> { ["SPAWNING_OPTS_KEY"] = "a-key" },
        [
            "run", "--queries", At("queries.txt"), "--provider", "pages", "--pages", At("seeds.txt"), "--provider", "urls", "--urls", At("list.csv"), "--depth", "1", "--any-text", "--out", At("out"),
            "--host-delay", "10ms", "--tries", "3", "--backoff", "0.001", "--allow-network", $"{HostileServer.Address}/32", "--resolve", $"*.{OptOutSite.Domain}={HostileServer.Address}:{server.Port}",
            "--inherit-robots", "CCBot", "--block-list", At("never.txt"), "--spawning-url", $"http://{List}/api/v2/query/urls/", "--contact", "crawl@example.org",
        ]);
        var (code, _, errors) = await wit.EndAsync();
        Assert.True(code == 0, $"exit code {code}: {errors}");
        Assert.DoesNotContain("a-key", errors, StringComparison.Ordinal);
    }

    private async Task<Dictionary<string, Outcome>> OutcomesAsync()
    {
        var outcomes = new Dictionary<string, Outcome>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(_folder, "out"), "*.parquet", SearchOption.AllDirectories))
        {
            var isRejected = Path.GetFileName(Path.GetDirectoryName(path)) == "rejected";
            await using var file = File.OpenRead(path);
            await foreach (var batch in ParquetTable.ReadAsync(file, path, stop: TestContext.Current.CancellationToken))
                for (var at = 0; at < batch.Count; at++)
                    outcomes[batch.Text("url", at)!] = new(
                        isRejected ? batch.Text("reason", at)! : OptOutSite.Kept, isRejected ? batch.Text("detail", at) : null, batch.Text("robots", at), batch.Text("license", at),
                        batch.Moment(isRejected ? "at" : "fetched_at", at) is not null);
        }
        return outcomes;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
