using System.Globalization;

namespace WebImageText.Curate.Dedup.Index;

/// <summary>What a threshold finds and what it flags.</summary>
/// <param name="Threshold">Likeness.</param>
/// <param name="Recall">Share of the edited copies that score as much, 0-1.</param>
/// <param name="Flagged">Share of the crawl's pictures that score as much and are not known to be copies, 0-1.</param>
public sealed record CalibrationPoint(float Threshold, double Recall, double Flagged);

/// <summary>How a set's threshold was chosen.</summary>
public sealed record Calibration
{
    /// <summary>Edited copies of the set's images.</summary>
    public required int Positives { get; init; }
    /// <summary>Pictures of the crawl, those known to be copies left out.</summary>
    public required int Negatives { get; init; }
    /// <summary>Pictures of the crawl that a person called copies.</summary>
    public int Accepted { get; init; }
    /// <summary>Pictures of the crawl that a person called different.</summary>
    public int Rejected { get; init; }
    /// <summary>Share of the crawl's pictures that may be flagged wrongly, 0-1.</summary>
    public required double FalseRate { get; init; }
    /// <summary>Share of the edited copies that the threshold finds.</summary>
    public required double Recall { get; init; }
    /// <summary>The same of each edit.</summary>
    public required IReadOnlyDictionary<string, double> RecallByEdit { get; init; }
    /// <summary>From high thresholds to low ones.</summary>
    public required IReadOnlyList<CalibrationPoint> Curve { get; init; }
    /// <summary>Why this threshold.</summary>
    public required string Reason { get; init; }
}

/// <summary>A score of an edited copy against its set.</summary>
/// <param name="Edit">What was done to it.</param>
/// <param name="Score">Of the nearest view of the image it was made of.</param>
public readonly record struct CopyScore(string Edit, float Score);

/// <summary>The best score of a crawl's picture against a set, and what a person said of the pair.</summary>
/// <param name="Score">Of the nearest evaluation image.</param>
/// <param name="IsCopy">True or false after review; null where nobody looked.</param>
public readonly record struct CrawlScore(float Score, bool? IsCopy = null);

/// <summary>Chooses a set's threshold from scores. No input or output.</summary>
/// <remarks>
/// Pictures of a crawl are nearly all different from an evaluation image, so the tail of their best scores says what a threshold
/// flags by chance: it falls off exponentially, which reaches further than counting (one in 10,000 cannot be counted in 5,000).
/// The fit leaves out the top 5 %, where real copies would stand that nobody has looked at.
/// </remarks>
public static class ThresholdChoice
{
    private const double TailFrom = 0.80, TailTo = 0.95;
    private const int CurvePoints = 41;

    /// <summary>The lowest threshold that keeps to the false rate.</summary>
    /// <param name="copies">Scores of edited copies.</param>
    /// <param name="crawl">Best score of every picture of a crawl.</param>
    /// <param name="falseRate">Share of the crawl's pictures that may be flagged wrongly.</param>
    /// <exception cref="InvalidDataException">There is too little to choose by.</exception>
    public static (float Threshold, Calibration Calibration) Choose(IReadOnlyList<CopyScore> copies, IReadOnlyList<CrawlScore> crawl, double falseRate)
    {
        var negatives = crawl.Where(score => score.IsCopy is not true).Select(score => score.Score).Where(float.IsFinite).Order().ToArray();
        if (copies.Count == 0 || negatives.Length < 100)
            throw new InvalidDataException($"A threshold cannot be chosen from {copies.Count} edited copies and {negatives.Length} pictures of the crawl: "
                + "100 pictures are the least, some thousands are better.");
        var (threshold, reason) = Tail(negatives, falseRate);
        var (accepted, rejected) = (crawl.Count(score => score.IsCopy is true), crawl.Where(score => score.IsCopy is false).ToArray());
        if (rejected.Length > 0 && rejected.Max(score => score.Score) is var worst && worst >= threshold)
        {
            threshold = MathF.BitIncrement(worst);
            reason = Text($"just above {worst:0.0000}, the most alike pair that a person called different ({reason})");
        }
        threshold = MathF.Min(threshold, 1);
        var sorted = copies.Select(copy => copy.Score).Order().ToArray();
        return (threshold, new()
        {
            Positives = copies.Count,
            Negatives = negatives.Length,
            Accepted = accepted,
            Rejected = rejected.Length,
            FalseRate = falseRate,
            Recall = Above(sorted, threshold),
            RecallByEdit = new SortedDictionary<string, double>(copies.GroupBy(copy => copy.Edit)
                .ToDictionary(edit => edit.Key, edit => (double)edit.Count(copy => copy.Score >= threshold) / edit.Count()), StringComparer.Ordinal),
            Curve = [.. Enumerable.Range(0, CurvePoints).Select(at => 1 - at / 40f).Select(at => new CalibrationPoint(at, Above(sorted, at), Above(negatives, at)))],
            Reason = reason,
        });
    }

    private static (float, string) Tail(float[] negatives, double falseRate)
    {
        if (negatives.Length * falseRate >= 20)
        {
            var counted = negatives[^(int)(negatives.Length * falseRate)];
            return (MathF.BitIncrement(counted), Text($"counted: at most {falseRate:G2} of {negatives.Length} pictures of the crawl score more"));
        }
        var (low, high) = (negatives[(int)(TailFrom * negatives.Length)], negatives[(int)(TailTo * negatives.Length)]);
        // P(score > t) = exp(-(t - low) / scale) (1 - TailFrom), through two quantiles.
        var scale = Math.Max((high - low) / Math.Log((1 - TailFrom) / (1 - TailTo)), 1e-4);
        var fitted = low + scale * Math.Log((1 - TailFrom) / falseRate);
        return ((float)fitted, Text(
            $"the tail of {negatives.Length} pictures of the crawl (80 % under {low:0.0000}, 95 % under {high:0.0000}) reaches {falseRate:G2} at {fitted:0.0000}"));
    }

    private static double Above(float[] sorted, float threshold)
    {
        var at = Array.BinarySearch(sorted, threshold);
        at = at < 0 ? ~at : at;
        while (at > 0 && sorted[at - 1] >= threshold)
            at--;
        return (double)(sorted.Length - at) / sorted.Length;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
