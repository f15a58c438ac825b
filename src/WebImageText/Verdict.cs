namespace WebImageText;

/// <summary>Why something is dropped: an expected outcome, so a value and no exception.</summary>
/// <param name="Reason">The stored reason.</param>
/// <param name="Detail">What exactly, for a reader: a status code, a size, the signal that opted out.</param>
public sealed record Drop(DropReason Reason, string? Detail = null)
{
    /// <inheritdoc/>
    public override string ToString() => Detail is null ? Reason.Word() : $"{Reason.Word()} ({Detail})";
}

/// <summary>What became of a candidate: kept with its image, or rejected with the reason. There is no third outcome.</summary>
public abstract record Verdict
{
    private Verdict() { }

    /// <summary>The candidate is a pair.</summary>
    public sealed record Kept(Pair Pair) : Verdict;

    /// <summary>The candidate is dropped.</summary>
    public sealed record Dropped(Rejection Rejection) : Verdict;
}
