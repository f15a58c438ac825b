using System.Collections.Concurrent;
using WebImageText.Crawl.Archives;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Crawl.Trace;

/// <summary>
/// Answers from a trace, without a network: a request that was made several times gets its answers in their order, the last
/// one again and again.
/// </summary>
public sealed class ReplayFetcher : IFetcher
{
    private readonly string _path;
    private readonly TraceIndex _index;
    private readonly FetchOptions _options;
    private readonly ConcurrentDictionary<string, int> _asked = [];

    private ReplayFetcher(string path, TraceIndex index, FetchOptions options) => (_path, _index, _options) = (path, index, options);

    /// <summary>The time of the answers.</summary>
    public TraceClock Clock { get; } = new();

    /// <param name="path">A trace, or any WARC with responses.</param>
    /// <param name="options">For the bounds of answers.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<ReplayFetcher> OpenAsync(string path, FetchOptions options, CancellationToken stop) =>
        new(path, await TraceIndex.ReadAsync(path, stop).ConfigureAwait(false), options);

    /// <inheritdoc/>
    public async Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken stop)
    {
        var exchanges = _index.Of(request.Key);
        // A trace from before these files were asked for has none of them.
        if (exchanges.Count == 0 && request.Kind == FetchKind.Robots && request.Address.Path != "/robots.txt")
            return new FetchResult.Answer(404, ResponseHeaders.None, default, Clock.GetUtcNow());
        if (exchanges.Count == 0)
            return new FetchResult.Failed(_index.RefusalOf(request.Key) ?? new(DropReason.ConnectError, "not in the trace"));
        var number = _asked.AddOrUpdate(request.Key, 0, (_, before) => before + 1);
        var exchange = exchanges[Math.Min(number, exchanges.Count - 1)];
        return exchange.Failure is { } failure
            ? new FetchResult.Failed(failure)
            : await ReadAsync(request, exchange.Response!.Value, stop).ConfigureAwait(false);
    }

    private async Task<FetchResult> ReadAsync(FetchRequest request, WarcPlace place, CancellationToken stop)
    {
        var largest = Math.Max(_options.LargestData, _options.LargestImage);
        await using var reader = await WarcReader.OpenAsync(
            new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1), _path, place with { Index = place.Index - 1 }, stop, largest + (1 << 20)).ConfigureAwait(false);
        if (await reader.ReadAsync(stop).ConfigureAwait(false) is not { } record || ArchivedAnswer.Read(record.Block, record.Date ?? DateTimeOffset.UnixEpoch, largest) is not { } answer)
            return new FetchResult.Failed(new(DropReason.HttpError, "the trace holds no HTTP answer"));
        Clock.Reach(answer.At);
        if (answer.Status is 301 or 302 or 303 or 307 or 308)
        {
            return answer.Headers["Location"] is { } location && WebAddress.TryParse(location, request.Address, out var to)
                ? new FetchResult.Redirect(answer.Status, to)
                : new FetchResult.Failed(new(DropReason.HttpError, $"{answer.Status} without a usable Location"));
        }
        return answer.Status == 200 || (answer.Status == 206 && request.Range is not null) ? answer : answer with { Body = default };
    }
}
