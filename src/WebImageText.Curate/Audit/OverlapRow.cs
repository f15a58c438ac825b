namespace WebImageText.Curate.Audit;

/// <summary>Examples and how many of them a model got right.</summary>
/// <param name="Examples">All of them.</param>
/// <param name="Judged">Those of which it is known whether the model is right.</param>
/// <param name="Correct">Those it got right.</param>
public sealed record Tally(int Examples, int Judged, int Correct)
{
    /// <summary>0-1; null when nothing is known.</summary>
    public double? Accuracy => Judged == 0 ? null : (double)Correct / Judged;

    /// <summary>Counts examples.</summary>
    public static Tally Of(IEnumerable<AuditedExample> examples)
    {
        var (all, judged, correct) = (0, 0, 0);
        foreach (var example in examples)
        {
            all++;
            judged += example.IsCorrect is null ? 0 : 1;
            correct += example.IsCorrect is true ? 1 : 0;
        }
        return new(all, judged, correct);
    }
}

/// <summary>
/// One evaluation set of the overlap audit: how much of it has a near-duplicate in the training data, and whether that helped.
/// </summary>
/// <remarks>
/// Radford et al. 2021 (arXiv:2103.00020), section 5 and figure 17. Overlap and Clean also differ in what they show, which can
/// hide or fake a gain: <see cref="ClassDistance"/> and <see cref="Histogram"/> are there to be looked at with the numbers.
/// </remarks>
public sealed record OverlapRow
{
    /// <summary>Bins of <see cref="Histogram"/>, each 0.05 wide, from likeness 0.</summary>
    public const int Bins = 20;

    /// <summary>Name of the set.</summary>
    public required string Set { get; init; }
    /// <summary>Likeness at and above which an example overlaps.</summary>
    public required float Threshold { get; init; }
    /// <summary>All examples but the featureless ones.</summary>
    public required Tally All { get; init; }
    /// <summary>Examples with a near-duplicate in the training data.</summary>
    public required Tally Overlap { get; init; }
    /// <summary>The others.</summary>
    public required Tally Clean { get; init; }
    /// <summary>Examples too plain to be compared; they are in none of the three.</summary>
    public required Tally Featureless { get; init; }
    /// <summary>Share of All that overlaps, 0-1.</summary>
    public double Contamination => All.Examples == 0 ? 0 : (double)Overlap.Examples / All.Examples;
    /// <summary>Accuracy on Overlap less that on Clean.</summary>
    public double? Difference => Overlap.Accuracy - Clean.Accuracy;
    /// <summary>Ends of the interval of <see cref="Difference"/>, the accuracy on Clean taken as known.</summary>
    public double? DifferenceLow { get; init; }
    /// <inheritdoc cref="DifferenceLow"/>
    public double? DifferenceHigh { get; init; }
    /// <summary>Accuracy on All less that on Clean: what the overlap adds to the reported number.</summary>
    public double? Gain => All.Accuracy - Clean.Accuracy;
    /// <summary>Chance of as many correct on Overlap, were it as hard as Clean.</summary>
    public double? P { get; init; }
    /// <summary>Is <see cref="P"/> under its share of the audit's alpha?</summary>
    public bool IsSignificant { get; init; }
    /// <summary>Does the interval of the difference leave out 0?</summary>
    public bool ExcludesZero => DifferenceLow > 0 || DifferenceHigh < 0;
    /// <summary>
    /// Half the sum of what the shares of the classes differ in, between Overlap and Clean: 0 the same mixture, 1 no class in
    /// common. Null without labels or with an empty side.
    /// </summary>
    public double? ClassDistance { get; init; }
    /// <summary>Examples of each class, those that overlap most first.</summary>
    public IReadOnlyList<ClassShare> Classes { get; init; } = [];
    /// <summary>Examples by the likeness of their nearest training image; the first bin takes what lies below 0.</summary>
    public required IReadOnlyList<int> Histogram { get; init; }
    /// <summary>What to mind when reading the row.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A class of a set.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Overlap">Of its examples, those that overlap.</param>
/// <param name="Clean">And those that do not.</param>
public sealed record ClassShare(string Label, int Overlap, int Clean);
