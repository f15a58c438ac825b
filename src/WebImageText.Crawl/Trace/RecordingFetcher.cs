using WebImageText.Crawl.Fetch;

namespace WebImageText.Crawl.Trace;

/// <summary>Asks the web, and keeps what it answers.</summary>
public sealed class RecordingFetcher(IFetcher web, TraceWriter trace, TimeProvider clock) : IFetcher
{
    /// <inheritdoc/>
    public async Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken stop)
    {
        var (asked, began) = (clock.GetUtcNow(), clock.GetTimestamp());
        var result = await web.FetchAsync(request, stop).ConfigureAwait(false);
        // What failed on this machine was no exchange with the web; it is asked for again.
        if (result is FetchResult.Failed { IsLocal: true })
            return result;
        // What came is kept even when the run stops meanwhile.
        await trace.AddAsync(request, result, asked, clock.GetElapsedTime(began)).ConfigureAwait(false);
        return result;
    }
}
