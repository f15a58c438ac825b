using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using WebImageText.Tests.Runs;

namespace WebImageText.Tests.Hostile;

/// <summary>Two hundred hosts on ten addresses, and what their servers saw: never two requests to a host at once, never too soon.</summary>
[Collection(OneAtATime.Name)]
public sealed class PolitenessTests : IDisposable
{
    private const int Addresses = 10, HostsPerAddress = 20, Pictures = 2;
    private static readonly TimeSpan HostDelay = TimeSpan.FromMilliseconds(200), AddressDelay = TimeSpan.FromMilliseconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("wit-polite").FullName;
    private readonly ConcurrentDictionary<string, int> _underWay = [], _most = [];
    private readonly byte[] _picture = HostileImages.Good();

    [Fact]
    public async Task Every_host_and_every_address_is_asked_politely()
    {
        List<HostileServer> servers = [.. Enumerable.Range(0, Addresses).Select(at => new HostileServer(Choose, IPAddress.Parse($"127.0.78.{at + 1}")))];
        try
        {
            var seeds = Path.Combine(_folder, "seeds.txt");
            await File.WriteAllLinesAsync(seeds, Enumerable.Range(0, Addresses * HostsPerAddress).Select(n => $"http://{Host(n)}/"), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(_folder, "queries.txt"), "harbour\n", TestContext.Current.CancellationToken);

            var run = await WitProcess.JsonAsync(0,
            [
                "run", "--queries", Path.Combine(_folder, "queries.txt"), "--provider", "pages", "--pages", seeds, "--depth", "0", "--any-text", "--out", Path.Combine(_folder, "out"),
                "--host-delay", "200ms", "--address-delay", "20ms", "--tries", "2", "--backoff", "0.0002", "--allow-network", "127.0.78.0/24", "--min-image-size", "64", "--hot-texts", "0",
                .. servers.SelectMany((server, at) => new[] { "--resolve", $"*.address{at}.polite.test=127.0.78.{at + 1}:{server.Port}" }),
            ]);

            Assert.Equal(1, run.GetProperty("pairs").GetInt32()); // all pictures are one
            var log = servers.SelectMany((server, at) => server.Log.Select(asked => (Server: at, Asked: asked))).OrderBy(one => one.Asked.At).ToList();
            AssertHosts([.. log.Select(one => one.Asked)]);
            AssertAddresses(log);
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }
    }

    private void AssertHosts(IReadOnlyList<Asked> log)
    {
        var hosts = log.GroupBy(asked => asked.Host).ToDictionary(host => host.Key, host => host.ToList());
        Assert.Equal(Addresses * HostsPerAddress, hosts.Count);
        Assert.All(_most, host => Assert.True(host.Value == 1, $"{host.Key}: {host.Value} requests at once"));
        Assert.All(hosts, host => Assert.True(host.Value[0].Target == "/robots.txt", $"{host.Key} was first asked for {host.Value[0].Target}"));
        var gaps = hosts.SelectMany(host => host.Value.Zip(host.Value.Skip(1), (one, next) => (Host: host.Key, Gap: next.At - one.At))).ToList();
        Assert.All(gaps, gap => Assert.True(gap.Gap >= (IsSlow(gap.Host) ? TimeSpan.FromSeconds(1) : HostDelay), $"{gap.Host}: {gap.Gap.TotalMilliseconds} ms between two requests"));
        Assert.DoesNotContain(log, asked => asked.Target.StartsWith("/private", StringComparison.Ordinal));

        // Retry-After is kept; a host that only fails is left alone after eight failures.
        var waited = hosts[Host(1)].Where(asked => asked.Target == "/").ToList();
        Assert.True(waited.Count == 2 && waited[1].At - waited[0].At >= TimeSpan.FromSeconds(2), "Retry-After: 2 was not kept");
        Assert.InRange(hosts[Host(2)].Count(asked => asked.Target.StartsWith("/many", StringComparison.Ordinal)), 2, 8);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{log.Count} requests to {hosts.Count} hosts: least gap {gaps.Min(gap => gap.Gap.TotalMilliseconds):F0} ms for {HostDelay.TotalMilliseconds:F0}; most at once {_most.Values.Max()}; robots.txt first at {hosts.Count(host => host.Value[0].Target == "/robots.txt")}"));
    }

    // Starts are spaced by the client; between here and there one may catch up with the one before, but not all of them.
    private static void AssertAddresses(IEnumerable<(int Server, Asked Asked)> log)
    {
        foreach (var server in log.GroupBy(one => one.Server, one => one.Asked.At))
        {
            var times = server.ToList();
            var least = (times.Count - 1) * AddressDelay * 0.95;
            Assert.True(times[^1] - times[0] >= least, $"{times.Count} requests to one address within {times[^1] - times[0]}");
            var crowd = times.Zip(times.Skip(20), (one, later) => later - one).Min();
            Assert.True(crowd >= 20 * AddressDelay * 0.5, $"21 requests to one address within {crowd}");
        }
    }

    private static string Host(int n) => string.Create(CultureInfo.InvariantCulture, $"host{n}.address{n % Addresses}.polite.test");

    private static bool IsSlow(string host) => host == Host(3);

    private Answer Choose(Asked asked)
    {
        var answer = asked switch
        {
            { Target: "/robots.txt" } when IsSlow(asked.Host) => Wire.File("User-agent: *\nCrawl-delay: 1\nDisallow: /private/\n"u8.ToArray(), "text/plain"),
            { Target: "/robots.txt" } => Wire.File("User-agent: *\nDisallow: /private/\n"u8.ToArray(), "text/plain"),
            { Target: "/" } when asked.Host == Host(1) => _retried,
            { Target: "/" } when asked.Host == Host(2) => Page(asked.Host, "/many", 20),
            { Target: "/" } => Page(asked.Host, "/picture", Pictures),
            _ when asked.Target.StartsWith("/many", StringComparison.Ordinal) => Wire.Status(500),
            _ => Wire.File(_picture),
        };
        return async (wire, request, stop) =>
        {
            var now = _underWay.AddOrUpdate(request.Host, 1, (_, count) => count + 1);
            _most.AddOrUpdate(request.Host, now, (_, most) => Math.Max(most, now));
            await Task.Delay(5, stop);
            _underWay.AddOrUpdate(request.Host, 0, (_, count) => count - 1);
            await answer(wire, request, stop);
        };
    }

    private readonly Answer _retried = Wire.First(1, Wire.Status(503, "Retry-After: 2"), Page(Host(1), "/picture", Pictures));

    private static Answer Page(string host, string path, int pictures) => Wire.Page("<!doctype html><html lang=en><title>A page</title>"
        + string.Concat(Enumerable.Range(0, pictures).Select(n => string.Create(CultureInfo.InvariantCulture, $"<img src={path}{n} alt='the old harbour number {n} of the town that is called {host}'>")))
        + $"<img src=/private/{host} alt='a picture of the old harbour that is nobody else to see'>");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
