namespace WebImageText.Curate.Audit;

/// <summary>An image of an evaluation set, what a model made of it, and the training image that it resembles most.</summary>
/// <param name="File">Within its set.</param>
/// <param name="Label">Its class; null where the set has none.</param>
/// <param name="IsCorrect">Did the model name its class first? Null where no model was asked.</param>
/// <param name="Score">Likeness of the nearest training image; null when there is none.</param>
/// <param name="Nearest">Name of the nearest training image: its uid in a data set.</param>
/// <param name="IsFeatureless">So plain that likeness says nothing: black frames, blank pages.</param>
public sealed record AuditedExample(string File, string? Label, bool? IsCorrect, float? Score, string? Nearest, bool IsFeatureless = false);

/// <summary>An evaluation set as it is audited.</summary>
/// <param name="Name">Of the set.</param>
/// <param name="Threshold">Likeness at and above which an example counts as overlapping.</param>
/// <param name="Examples">All of it.</param>
public sealed record AuditedSet(string Name, float Threshold, IReadOnlyList<AuditedExample> Examples);

/// <summary>How an audit tests.</summary>
public sealed class AuditOptions
{
    /// <summary>Level of the interval of accuracy on Overlap. Default 0.995, as CLIP's audit has it.</summary>
    public double Level { get; init; } = 0.995;

    /// <summary>
    /// Chance of a false alarm over all sets together; every one of n sets is tested at this by n (Bonferroni). Default 0.05.
    /// </summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Clean examples under which the accuracy on them is too uncertain to be taken as known. Default 1,000.</summary>
    public int FewClean { get; init; } = 1000;
}
