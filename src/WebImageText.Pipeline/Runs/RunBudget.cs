namespace WebImageText.Pipeline.Runs;

/// <summary>When a run is to stop before it is done. What it has then is committed; the same command goes on.</summary>
/// <param name="Pairs">Pairs kept by this run.</param>
/// <param name="Time">Since it began.</param>
/// <param name="Bytes">Received in bodies.</param>
public sealed record RunBudget(long? Pairs = null, TimeSpan? Time = null, long? Bytes = null)
{
    /// <summary>Which part of the budget is used up, in words; null while none is.</summary>
    /// <param name="counts">Of all nodes of the run.</param>
    /// <param name="elapsed">Since the run began.</param>
    public string? UsedUp(IReadOnlyCollection<RunCounts> counts, TimeSpan elapsed) =>
        counts.Sum(node => node.Kept) >= Pairs ? $"{Pairs:N0} pairs are kept"
        : counts.Sum(node => node.Bytes) >= Bytes ? $"{Bytes:N0} bytes are received"
        : elapsed >= Time ? $"{Time} are over"
        : null;
}
