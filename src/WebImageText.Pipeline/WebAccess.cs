using WebImageText.Crawl.Addresses;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Trace;
using WebImageText.Pipeline.Flow;
using WebImageText.Pipeline.Jobs;

namespace WebImageText.Pipeline;

/// <summary>Who answers a run: the web, the web with a trace kept of it, or a trace.</summary>
internal sealed class WebAccess : IAsyncDisposable
{
    private WebAccess(IFetcher fetcher, TimeProvider clock, HttpFetcher? http) => (Fetcher, Clock, Http) = (fetcher, clock, http);

    public IFetcher Fetcher { get; }

    /// <summary>The way to the web itself; null in a replay.</summary>
    public HttpFetcher? Http { get; }

    /// <summary>When answers are from.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The trace that is kept.</summary>
    public TraceWriter? Trace { get; private init; }

    /// <summary>The order in which a trace is gone through.</summary>
    public Turns? Turns { get; private init; }

    /// <summary>Ends, with the reason in words, when the trace cannot be kept any more.</summary>
    public Task<string> Broken => Trace?.Broken ?? new TaskCompletionSource<string>().Task;

    /// <param name="settings">Of the run.</param>
    /// <param name="addresses">Which may be asked.</param>
    /// <param name="isInTouch">Tells whether this node hears any other of its cluster; null for a node that is alone.</param>
    /// <param name="clock">The time.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="IOException">A trace cannot be opened.</exception>
    public static async Task<WebAccess> OpenAsync(
        PipelineSettings settings, AddressPolicy addresses, Func<CancellationToken, Task<bool>>? isInTouch, TimeProvider clock, CancellationToken stop)
    {
        if (settings.Replay is { } replay)
        {
            var recorded = await ReplayFetcher.OpenAsync(replay, settings.Fetch, stop).ConfigureAwait(false);
            return new(recorded, recorded.Clock, null) { Turns = new() };
        }
        var http = new HttpFetcher(settings.Fetch, addresses, clock);
        IFetcher fetcher = isInTouch is null ? http : new WitnessedFetcher(http, isInTouch, clock);
        if (settings.Record is not { } record)
            return new(fetcher, clock, http);
        var trace = await TraceWriter.OpenAsync(record, settings.Fetch, clock.GetUtcNow(), stop).ConfigureAwait(false);
        return new(new RecordingFetcher(fetcher, trace, clock), clock, http) { Trace = trace };
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (Trace is not null)
            await Trace.DisposeAsync().ConfigureAwait(false);
    }
}
