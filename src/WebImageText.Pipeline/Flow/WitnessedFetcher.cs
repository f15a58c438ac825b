using WebImageText.Crawl.Fetch;

namespace WebImageText.Pipeline.Flow;

/// <summary>
/// Asks the web from a node of a cluster. A node that is cut off hears nothing of the web either: a request that comes to nothing
/// says something of its host only if another node can be heard afterwards.
/// </summary>
/// <param name="web">The way to the web.</param>
/// <param name="isInTouch">Can another node be heard now?</param>
/// <param name="clock">For the wait until one can.</param>
internal sealed class WitnessedFetcher(IFetcher web, Func<CancellationToken, Task<bool>> isInTouch, TimeProvider clock) : IFetcher
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Longer than a cluster waits before it goes on without a node, or the node without it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public async Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken stop)
    {
        var result = await web.FetchAsync(request, stop).ConfigureAwait(false);
        if (result is not FetchResult.Failed { Drop.Reason: DropReason.Timeout or DropReason.ConnectError or DropReason.DnsError or DropReason.TlsError } failed)
            return result;
        var began = clock.GetTimestamp();
        while (!await isInTouch(stop).ConfigureAwait(false))
        {
            failed = failed with { IsLocal = true };
            if (clock.GetElapsedTime(began) > Patience)
                break;
            await Task.Delay(LookEvery, clock, stop).ConfigureAwait(false);
        }
        return failed;
    }
}
