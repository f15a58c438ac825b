using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace WebImageText.Pipeline.Runs;

/// <summary>What this node has done since it started: attempts and successes apart. Thread-safe.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<DropReason, long> _dropped = [];
    private readonly ConcurrentDictionary<string, long> _pages = [];
    private long _kept;
    private long _requests;
    private long _bytes;

    public void Count(Verdict verdict)
    {
        if (verdict is Verdict.Dropped { Rejection.Drop.Reason: var reason })
            _dropped.AddOrUpdate(reason, 1, (_, count) => count + 1);
        else
            Interlocked.Increment(ref _kept);
    }

    /// <summary>Visited pages: <c>read</c>, or the word of what went wrong; and rows of a list that could not be used.</summary>
    public void Page(string outcome, int count = 1) => _pages.AddOrUpdate(outcome, count, (_, before) => before + count);

    public void Request(long bytes)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytes, bytes);
    }

    public RunCounts Now() => new(
        Interlocked.Read(ref _kept), _dropped.ToImmutableSortedDictionary(), _pages.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Interlocked.Read(ref _requests), Interlocked.Read(ref _bytes));
}

/// <summary>Counts of a run so far.</summary>
/// <param name="Kept">Pairs kept, staged or committed.</param>
/// <param name="Dropped">Candidates dropped, by reason.</param>
/// <param name="Pages">Pages visited, by outcome.</param>
/// <param name="Requests">Requests sent.</param>
/// <param name="Bytes">Bytes received in bodies.</param>
public sealed record RunCounts(
    long Kept, ImmutableSortedDictionary<DropReason, long> Dropped, ImmutableSortedDictionary<string, long> Pages, long Requests, long Bytes)
{
    /// <summary>Candidates with a verdict.</summary>
    public long Judged => Kept + Dropped.Values.Sum();
}
