using System.Collections.Concurrent;

namespace WebImageText.Pipeline.Jobs;

/// <summary>In a replay each candidate gets its verdict before the next one is looked at. Thread-safe.</summary>
internal sealed class Turns
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<PairUid, TaskCompletionSource> _open = [];

    /// <summary>Gives the candidate its turn.</summary>
    /// <param name="uid">Of the candidate.</param>
    /// <param name="act">Sends it on its way.</param>
    /// <param name="stop">The run stops.</param>
    /// <exception cref="TimeoutException">It has got no verdict in 5 minutes: the order of what follows would be chance.</exception>
    public async Task TakeAsync(PairUid uid, Action act, CancellationToken stop)
    {
        var turn = _open[uid] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        act();
        await turn.Task.WaitAsync(LongestTurn, stop).ConfigureAwait(false);
    }

    /// <summary>The verdict is durable, and whoever waits for it was told.</summary>
    public void End(PairUid uid)
    {
        if (_open.TryRemove(uid, out var turn))
            turn.SetResult();
    }
}
