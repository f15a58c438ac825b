using System.Diagnostics;
using System.Globalization;
using System.Net;
using WebImageText.Crawl.Addresses;
using WebImageText.Crawl.Extract;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Queries;
using WebImageText.Curate.Pixels;
using WebImageText.Pipeline;

namespace WebImageText.Cli.Bench.Crawl;

/// <summary>What one case did: printed by its process, read by the benchmark.</summary>
/// <param name="Count">Fetches, or pages of a run.</param>
/// <param name="Images">Images kept.</param>
/// <param name="Failed">Fetches that failed, or images that were not kept.</param>
/// <param name="CpuSeconds">User and system time of this process for the work.</param>
/// <param name="Seconds">Wall clock of it.</param>
/// <param name="FetchSeconds">CPU time of fetching the same again, and nothing else.</param>
/// <param name="ParseSeconds">CPU time of reading the same pages again.</param>
/// <param name="JudgeSeconds">CPU time of judging the same images again.</param>
/// <param name="PeakMebibytes">Most resident memory.</param>
internal sealed record CrawlFigures(
    int Count, int Images, int Failed, double CpuSeconds, double Seconds, double FetchSeconds, double ParseSeconds, double JudgeSeconds, double PeakMebibytes);

/// <summary>One case of <c>wit bench crawl</c>, in a process of its own so that its CPU time is its own.</summary>
/// <param name="port">Of the server.</param>
/// <param name="hosts">Names that the addresses are spread over.</param>
internal sealed class CrawlCase(int port, int hosts)
{
    private const string Names = "*.bench.test";
    private const int Downloads = 256;

    private static readonly AddressOptions Addresses = new() { AllowedNetworks = ["127.0.0.1/32"], AllowedNames = [Names] };

    // The server is ours, and waits for nobody.
    private readonly FetchOptions _fetch = new()
    {
        Contact = "bench@localhost",
        Pace = new() { HostDelay = TimeSpan.Zero },
        Parallel = Downloads,
        SiteShare = 1,
        Resolve = [new(Names, new IPEndPoint(IPAddress.Loopback, port))],
    };

    /// <summary>The fetcher alone: the same small answer again and again.</summary>
    public async Task<CrawlFigures> FetchAsync(int count, CancellationToken stop)
    {
        using var fetcher = Fetcher();
        await FetchAllAsync(fetcher, Enumerable.Range(0, Downloads * 8).Select(n => At(n, "/small")), FetchKind.Page, stop); // connections and compiled code
        var began = Began.Now();
        var (bodies, failed) = await FetchAllAsync(fetcher, Enumerable.Range(0, count).Select(n => At(n, "/small")), FetchKind.Page, stop);
        return new(count - failed, 0, failed, began.CpuSeconds, began.Seconds, 0, 0, 0, Resident.Peak() / 1048576.0);
    }

    /// <summary>A whole run: pages, their pictures, judged, written; then its parts again, one by one.</summary>
    public async Task<CrawlFigures> RunAsync(int pages, string folder, CancellationToken stop)
    {
        WebAddress[] seeds = [.. Enumerable.Range(0, pages).Select(n => At(n, string.Create(CultureInfo.InvariantCulture, $"/page/{n}")))];
        WebAddress[] pictures = [.. Enumerable.Range(0, pages * CrawlServer.PicturesOfPage)
            .Select(n => At(n / CrawlServer.PicturesOfPage, string.Create(CultureInfo.InvariantCulture, $"/picture/{n}")))];
        var settings = new PipelineSettings
        {
            Queries = QueryList.Of(["harbour"]),
            Out = folder,
            State = Path.Combine(folder, "state"),
            Run = new() { AnyText = true, Depth = 0, Seeds = seeds },
            Fetch = _fetch,
            Addresses = Addresses,
        };
        var began = Began.Now();
        var report = await new PipelineRun(settings, TimeProvider.System).RunAsync(stop);
        var (cpu, wall, peak) = (began.CpuSeconds, began.Seconds, Resident.Peak() / 1048576.0);

        using var fetcher = Fetcher();
        began = Began.Now();
        var (pageBodies, _) = await FetchAllAsync(fetcher, seeds, FetchKind.Page, stop);
        var (pictureBodies, _) = await FetchAllAsync(fetcher, pictures, FetchKind.Image, stop);
        var fetch = began.CpuSeconds;
        began = Began.Now();
        foreach (var (address, body) in pageBodies)
            PageReader.Read(body, "text/html; charset=utf-8", address, "pages", new(), stop);
        var parse = began.CpuSeconds;
        var judge = new ImageJudge(settings.Image);
        began = Began.Now();
        foreach (var (_, body) in pictureBodies)
            judge.Judge(body);
        return new((int)report.Counts.Pages.GetValueOrDefault("read"), (int)report.Pairs, (int)report.Rejected.Values.Sum(), cpu, wall, fetch, parse, began.CpuSeconds, peak);
    }

    private HttpFetcher Fetcher() => new(_fetch, new AddressPolicy(Addresses), TimeProvider.System);

    private WebAddress At(int n, string path) => WebAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"http://host{n % hosts}.bench.test{path}"));

    private static async Task<(List<(WebAddress Address, ReadOnlyMemory<byte> Body)> Bodies, int Failed)> FetchAllAsync(
        HttpFetcher fetcher, IEnumerable<WebAddress> addresses, FetchKind kind, CancellationToken stop)
    {
        var bodies = new List<(WebAddress, ReadOnlyMemory<byte>)>();
        var failed = 0;
        await Parallel.ForEachAsync(addresses, new ParallelOptions { MaxDegreeOfParallelism = Downloads, CancellationToken = stop }, async (address, stopping) =>
        {
            var result = await fetcher.FetchAsync(new FetchRequest(address, kind), stopping);
            if (result is not FetchResult.Answer { Status: 200 } answer)
            {
                Interlocked.Increment(ref failed);
                return;
            }
            answer.Held?.Dispose();
            lock (bodies)
                bodies.Add((address, answer.Body));
        });
        return (bodies, failed);
    }

    private readonly record struct Began(long At, double Cpu)
    {
        public static Began Now() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime.TotalSeconds);

        public double CpuSeconds => Environment.CpuUsage.TotalTime.TotalSeconds - Cpu;

        public double Seconds => Stopwatch.GetElapsedTime(At).TotalSeconds;
    }
}
