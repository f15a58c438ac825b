using System.Globalization;

namespace WebImageText.Curate.Audit;

/// <summary>Splits evaluation sets into Overlap and Clean and tests whether the overlap helped. No input or output.</summary>
public static class OverlapAudit
{
    /// <summary>A row for every set, in the order given.</summary>
    /// <param name="sets">The sets with the nearest training image of every example.</param>
    /// <param name="options">Levels; null for CLIP's.</param>
    public static IReadOnlyList<OverlapRow> Run(IReadOnlyList<AuditedSet> sets, AuditOptions? options = null)
    {
        options ??= new();
        // Bonferroni divides by the tests made: a set without overlap, or without results, is not tested.
        var rows = sets.Select(set => Row(set, options)).ToArray();
        var tests = rows.Count(row => row.P is not null);
        return [.. rows.Select(row => row with { IsSignificant = row.P < options.Alpha / tests })];
    }

    private static OverlapRow Row(AuditedSet set, AuditOptions options)
    {
        var compared = set.Examples.Where(example => !example.IsFeatureless).ToArray();
        var overlaps = compared.Where(example => example.Score >= set.Threshold).ToArray();
        var clean = compared.Where(example => !(example.Score >= set.Threshold)).ToArray();
        var row = new OverlapRow
        {
            Set = set.Name,
            Threshold = set.Threshold,
            All = Tally.Of(compared),
            Overlap = Tally.Of(overlaps),
            Clean = Tally.Of(clean),
            Featureless = Tally.Of(set.Examples.Where(example => example.IsFeatureless)),
            Classes = Classes(overlaps, clean),
            Histogram = Histogram(compared),
        };
        row = row with { ClassDistance = Distance(row.Classes, overlaps.Length, clean.Length), Notes = [.. Notes(row, options)] };
        if (row.Overlap.Judged == 0 || row.Clean.Accuracy is not { } known)
            return row;
        var (low, high) = BinomialInference.ClopperPearson(row.Overlap.Correct, row.Overlap.Judged, options.Level);
        return row with
        {
            DifferenceLow = low - known,
            DifferenceHigh = high - known,
            P = BinomialInference.AtLeast(row.Overlap.Correct, row.Overlap.Judged, known),
        };
    }

    private static ClassShare[] Classes(AuditedExample[] overlaps, AuditedExample[] clean)
    {
        var counts = new SortedDictionary<string, (int Overlap, int Clean)>(StringComparer.Ordinal);
        foreach (var example in overlaps)
            if (example.Label is { } label)
                counts[label] = counts.GetValueOrDefault(label) is var (o, c) ? (o + 1, c) : default;
        foreach (var example in clean)
            if (example.Label is { } label)
                counts[label] = counts.GetValueOrDefault(label) is var (o, c) ? (o, c + 1) : default;
        return [.. counts.Select(count => new ClassShare(count.Key, count.Value.Overlap, count.Value.Clean)).OrderByDescending(share => share.Overlap)];
    }

    private static double? Distance(IReadOnlyList<ClassShare> classes, int overlaps, int clean) => classes.Count == 0 || overlaps == 0 || clean == 0
        ? null
        : classes.Sum(share => Math.Abs((double)share.Overlap / overlaps - (double)share.Clean / clean)) / 2;

    private static int[] Histogram(AuditedExample[] examples)
    {
        var bins = new int[OverlapRow.Bins];
        foreach (var example in examples)
            if (example.Score is { } score)
                bins[Math.Clamp((int)(score * OverlapRow.Bins), 0, OverlapRow.Bins - 1)]++;
        return bins;
    }

    private static IEnumerable<string> Notes(OverlapRow row, AuditOptions options)
    {
        if (row.All.Judged > 0 && row.Clean.Judged < options.FewClean)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"only {row.Clean.Judged} clean examples: their accuracy is taken as known, and is not");
        if (row.All.Judged > 0 && row.All.Judged < row.All.Examples)
            yield return string.Create(CultureInfo.InvariantCulture, $"no result for {row.All.Examples - row.All.Judged} examples");
        if (row.Featureless.Examples > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{row.Featureless.Examples} featureless examples are left out");
        if (row.ClassDistance > 0.5 && row.Overlap.Examples >= 20)
            yield return "Overlap and Clean hold different classes: their accuracies differ for that reason too";
    }
}
