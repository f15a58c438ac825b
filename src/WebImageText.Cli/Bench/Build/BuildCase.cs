using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using WebImageText.Crawl.Addresses;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;
using WebImageText.Curate.Pixels;
using WebImageText.Shards;
using WebImageText.Shards.Stores;

namespace WebImageText.Cli.Bench.Build;

/// <summary>What one case did: printed by its process, read by the benchmark.</summary>
/// <param name="Images">Images written, or converted.</param>
/// <param name="Failed">Images that did not get that far.</param>
/// <param name="CpuSeconds">User and system time of the whole process, its start included.</param>
/// <param name="WorkCpuSeconds">The part of it from the first image on.</param>
/// <param name="Seconds">From the first image to the last.</param>
/// <param name="PeakMebibytes">Most resident memory of the process.</param>
/// <param name="Megabytes">Of stored images.</param>
internal sealed record BuildFigures(int Images, int Failed, double CpuSeconds, double WorkCpuSeconds, double Seconds, double PeakMebibytes, double Megabytes);

/// <summary>One case of <c>wit bench build</c>, run in a process of its own so that its CPU time and memory are its own.</summary>
/// <param name="Turbo">JPEG through libturbojpeg; otherwise libvips.</param>
/// <param name="Workers">Images that are judged at once.</param>
internal sealed record BuildCase(bool Turbo, int Workers)
{
    private const int ShardSize = 1_000, Downloads = 64;

    // What img2dataset was measured with: shorter side to 256 up or down, area on the way down, JPEG quality 95.
    private static readonly ImageOptions Options = new()
    {
        MinShorterSide = 1,
        MaxAspectRatio = 65_500,
        ResizeMode = ResizeMode.KeepRatio,
        Size = 256,
        ResizeOnlyIfBigger = false,
        DownscaleInterpolation = Interpolation.Area,
        Quality = 95,
    };

    /// <summary>Decode, resize, encode: bytes in memory to bytes in memory, nothing else.</summary>
    public BuildFigures Convert(IReadOnlyList<byte[]> photos, int rounds)
    {
        var judge = new ImageJudge(Options, Turbo);
        var (done, failed, bytes) = (0, 0, 0L);
        var began = Began.Now();
        Parallel.For(0, photos.Count * rounds, new ParallelOptions { MaxDegreeOfParallelism = Workers }, at =>
        {
            if (judge.Restore(photos[at % photos.Count]) is { } stored)
            {
                Interlocked.Increment(ref done);
                Interlocked.Add(ref bytes, stored.Length);
            }
            else
                Interlocked.Increment(ref failed);
        });
        return Figures(done, failed, began, bytes);
    }

    /// <summary>Fetches each photograph, judges it as the crawler does, and writes shards.</summary>
    public async Task<BuildFigures> BuildAsync(int port, int photos, int rounds, string folder, CancellationToken stop)
    {
        var authority = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        var policy = new AddressPolicy(new AddressOptions { AllowedAuthorities = [authority] });
        using var fetcher = new HttpFetcher(new FetchOptions { Contact = "bench", Parallel = Downloads }, policy, TimeProvider.System);
        var judge = new ImageJudge(Options, Turbo);
        var answers = Channel.CreateBounded<(Candidate, FetchResult)>(2 * Downloads);
        var verdicts = Channel.CreateBounded<Pair?>(2 * Downloads);
        var began = Began.Now();

        var fetching = Parallel.ForEachAsync(Enumerable.Range(0, photos * rounds), new ParallelOptions { MaxDegreeOfParallelism = Downloads, CancellationToken = stop },
            async (at, stopping) =>
            {
                var address = WebAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"http://{authority}/{at % photos}.jpg?i={at / photos}"));
                var answer = await fetcher.FetchAsync(address, FetchKind.Image, stopping);
                await answers.Writer.WriteAsync((Captioned(address), answer), stopping);
            });
        var judging = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            await foreach (var (candidate, answer) in answers.Reader.ReadAllAsync(stop))
                await verdicts.Writer.WriteAsync(Judge(judge, candidate, answer), stop);
        }, stop)));
        var writing = WriteAsync(verdicts.Reader, folder, stop);
        await fetching;
        answers.Writer.Complete();
        await judging;
        verdicts.Writer.Complete();
        var (images, failed, bytes) = await writing;
        return Figures(images, failed, began, bytes);
    }

    private static Pair? Judge(ImageJudge judge, Candidate candidate, FetchResult result)
    {
        if (result is not FetchResult.Answer { Status: 200 } answer)
            return null;
        var optOut = OptOutJudge.Judge([.. HeaderSignals.Of(answer.Headers.Fields), .. ImageSignals.Of(answer.Body)], answer.At);
        var facts = new FetchFacts(candidate.Image.Href, answer.At, answer.Status, answer.Headers["Content-Type"], answer.Headers["ETag"], optOut.Record);
        return optOut.Drop is null && judge.Judge(answer.Body) is ImageVerdict.Kept kept
            ? new(candidate.Uid, candidate, null, facts, kept.Facts, null, kept.Stored)
            : null;
    }

    private static async Task<(int Images, int Failed, long Bytes)> WriteAsync(ChannelReader<Pair?> verdicts, string folder, CancellationToken stop)
    {
        var writer = new ShardWriter(ShardStores.Open(folder), new ShardNaming(ShardSize));
        var pairs = new List<Pair>(ShardSize);
        var (images, failed, bytes, shard) = (0, 0, 0L, 0);
        await foreach (var verdict in verdicts.ReadAllAsync(stop))
        {
            if (verdict is null)
            {
                failed++;
                continue;
            }
            pairs.Add(verdict);
            bytes += verdict.Image.Length;
            if (pairs.Count == ShardSize)
                await FlushAsync();
        }
        if (pairs.Count > 0)
            await FlushAsync();
        return (images, failed, bytes);

        async Task FlushAsync()
        {
            await writer.StageAsync(shard, "bench", pairs, new(pairs[0].Fetch.At, pairs[^1].Fetch.At), stop);
            await writer.PublishAsync(shard++, "bench", stop: stop);
            images += pairs.Count;
            pairs.Clear();
        }
    }

    private static BuildFigures Figures(int images, int failed, Began began, long bytes)
    {
        var cpu = Environment.CpuUsage.TotalTime.TotalSeconds;
        return new(images, failed, cpu, cpu - began.CpuSeconds, Stopwatch.GetElapsedTime(began.At).TotalSeconds, Resident.Peak() / 1048576.0, bytes / 1e6);
    }

    private readonly record struct Began(long At, double CpuSeconds)
    {
        public static Began Now() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime.TotalSeconds);
    }

    private static Candidate Captioned(WebAddress address) => new()
    {
        Image = address,
        Provider = "bench",
        Texts = [new(TextSource.Alt, $"a photograph of the benchmark at {address.PathAndQuery}")],
    };
}
