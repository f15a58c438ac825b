using System.Diagnostics;
using System.Globalization;
using System.Text;
using WebImageText.Shards.Rows;
using WebImageText.Tests.Runs;

namespace WebImageText.Tests.Hostile;

/// <summary>A web that lies: the run ends, keeps what is good, and says of all else why not.</summary>
[Collection(OneAtATime.Name)]
public sealed class HostileWebTests : IDisposable
{
    private const long MostMemory = 600L << 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("wit-hostile").FullName;

    [Fact]
    public async Task Every_threat_ends_with_its_reason_and_the_good_pictures_are_kept()
    {
        await using var canary = new Canary();
        Threat[] threats =
        [
            .. FramingThreats.All(), .. CodingThreats.All(), .. ImageThreats.All(), .. RedirectThreats.All(canary.Port), .. ServerThreats.All(canary.Port), .. PageThreats.All(),
        ];
        var byHost = threats.ToDictionary(threat => threat.Host);
        var pages = Pages(threats);
        await using var server = new HostileServer(asked => asked.Host == $"start.{Threat.Domain}" ? pages.GetValueOrDefault(asked.Target) ?? Wire.Status(404)
            : byHost.TryGetValue(asked.Host, out var threat) ? threat.For(asked.Target) : Wire.Status(404));

        var (code, errors, memory) = await RunAsync(server, canary.Port, threats, pages);

        Assert.True(code == 0, $"exit code {code}: {errors}");
        Assert.DoesNotContain('\u001b', errors);
        Assert.Equal(0, canary.Contacts);
        var outcomes = await OutcomesAsync();
        var wrong = threats.Where(threat => !threat.Outcomes.Contains(outcomes.GetValueOrDefault(threat.Seen, (Threat.Unseen, "")).Item1))
            .Select(threat => $"{threat.Name}: {outcomes.GetValueOrDefault(threat.Seen, (Threat.Unseen, ""))}, not {string.Join(" or ", threat.Outcomes)}").ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        AssertHarmless(server.Log);
        Assert.True(memory < MostMemory, $"{memory >> 20} MiB");
        await WitProcess.JsonAsync(0, "shards", "verify", Path.Combine(_folder, "out"));
    }

    private async Task<(int Code, string Errors, long Memory)> RunAsync(HostileServer server, int canary, IEnumerable<Threat> threats, IReadOnlyDictionary<string, Answer> pages)
    {
        var (seeds, queries) = (Path.Combine(_folder, "seeds.txt"), Path.Combine(_folder, "queries.txt"));
        await File.WriteAllLinesAsync(seeds, [
            .. pages.Keys.Select(page => $"http://start.{Threat.Domain}{page}"),
            .. threats.Where(threat => threat.Page is not null).Select(threat => $"http://{threat.Host}{threat.Page}"),
        ], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(queries, "harbour\n", TestContext.Current.CancellationToken);
        using var wit = WitProcess.Start(new Dictionary<string, string> { ["HTTP_PROXY"] = $"http://127.0.0.1:{canary}", ["ALL_PROXY"] = $"http://127.0.0.1:{canary}" },
        [
            "run", "--queries", queries, "--provider", "pages", "--pages", seeds, "--depth", "0", "--any-text", "--contact", "crawl@example.org", "--out", Path.Combine(_folder, "out"),
            "--host-delay", "10ms", "--timeout", "4s", "--max-image-bytes", "8MB", "--tries", "2", "--backoff", "0.001", "--allow-network", $"{HostileServer.Address}/32", "--min-image-size", "64",
            "--resolve", $"secure.{Threat.Domain}={HostileServer.Address}:{server.SecurePort}",
            "--resolve", $"rebound.{Threat.Domain}=127.0.0.1:{canary}",
            "--resolve", $"*.{Threat.Domain}={HostileServer.Address}:{server.Port}",
        ]);
        var memory = 0L;
        var clock = Stopwatch.StartNew();
        while (!wit.HasEnded)
        {
            memory = Math.Max(memory, wit.PeakMemory);
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(4), "the run does not end");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        var (code, output, errors) = await wit.EndAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{clock.Elapsed.TotalSeconds:F0} s, {memory >> 20} MiB\n{output}{errors}");
        return (code, errors, memory);
    }

    // Honest pages that show what the threats have, each a few.
    private static Dictionary<string, Answer> Pages(IEnumerable<Threat> threats) => threats.Where(threat => threat.Page is null).Chunk(40)
        .Select((some, at) => (At: at, Html: new StringBuilder("<!doctype html><html lang=en><meta charset=utf-8><title>Pictures</title>").AppendJoin('\n', some.Select(threat =>
            $"<p><img src=\"{threat.Address}\" alt=\"a photograph of the old harbour and the boat that is called {threat.Name.Replace('-', ' ')}\">")).ToString()))
        .ToDictionary(page => page.At.ToString("'/pictures/'0", CultureInfo.InvariantCulture), page => Wire.Page(page.Html));

    private static void AssertHarmless(IReadOnlyList<Asked> log)
    {
        Assert.All(log, asked =>
        {
            Assert.Matches(@"^WebImageText/\d+\.\d+\.\d+ \(\+crawl@example\.org\)$", asked.Fields.GetValueOrDefault("User-Agent"));
            Assert.DoesNotContain(asked.Fields.Keys, field => field is "Cookie" or "Authorization" or "Proxy-Authorization" or "Referer");
        });
        Assert.All(log.GroupBy(asked => asked.Host), host => Assert.Equal("/robots.txt", host.First().Target));
        foreach (var later in log.Where(asked => asked.Host.StartsWith("later", StringComparison.Ordinal) && asked.Target == "/picture").GroupBy(asked => asked.Host))
            Assert.True(later.Last().At - later.First().At >= TimeSpan.FromSeconds(1), $"{later.Key}: Retry-After was not kept");
    }

    // By the image's address as its page gave it.
    private async Task<Dictionary<string, (string Word, string? Detail)>> OutcomesAsync()
    {
        var outcomes = new Dictionary<string, (string, string?)>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(_folder, "out"), "*.parquet", SearchOption.AllDirectories))
        {
            var isRejected = Path.GetFileName(Path.GetDirectoryName(path)) == "rejected";
            await using var file = File.OpenRead(path);
            await foreach (var batch in ParquetTable.ReadAsync(file, path, stop: TestContext.Current.CancellationToken))
                for (var at = 0; at < batch.Count; at++)
                    outcomes[batch.Text("url", at)!] = isRejected ? (batch.Text("reason", at)!, batch.Text("detail", at)) : (Threat.Kept, null);
        }
        return outcomes;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
