namespace WebImageText.Pipeline.Runs;

/// <summary>How a run ended.</summary>
public abstract record RunEnd
{
    private RunEnd() { }

    /// <summary>Everything is done; what could not be had is named.</summary>
    public sealed record Finished(IReadOnlyList<string> Gaps) : RunEnd;

    /// <summary>It was stopped, and goes on where it stopped when it is started again.</summary>
    /// <param name="Why">In words.</param>
    /// <param name="IsBudget">Its budget is used up, so that what is staged is committed; else it stays staged.</param>
    public sealed record Stopped(string Why, bool IsBudget = false) : RunEnd;

    /// <summary>It cannot go on.</summary>
    public sealed record Failed(string Why) : RunEnd;
}
