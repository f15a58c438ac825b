using System.Text;
using WebImageText.Cli.Dedup;
using WebImageText.Curate.Audit;
using WebImageText.Curate.Dedup.Index;

namespace WebImageText.Cli.Audit;

/// <summary>An overlap audit as it is written.</summary>
/// <param name="Rows">One a set.</param>
/// <param name="Inspected">For each set the pairs over the threshold that a person looked at, and how many of them are copies.</param>
/// <param name="Training">Training pictures that were compared.</param>
/// <param name="Without">Training pictures without a descriptor.</param>
/// <param name="Index">The evaluation sets.</param>
internal sealed record OverlapReport(
    IReadOnlyList<OverlapRow> Rows, IReadOnlyList<(int Looked, int Copies)> Inspected, long Training, int Without, IndexHead Index)
{
    /// <summary>Sets that were tested: they share the level.</summary>
    public int Tests => Rows.Count(row => row.P is not null);

    /// <summary>One line a set.</summary>
    public string ToCsv()
    {
        var csv = new StringBuilder("set,n,n_overlap,contamination,threshold,acc_all,acc_clean,acc_overlap,overlap_minus_clean,ci_low,ci_high,all_minus_clean,p,significant,"
            + "n_clean,n_featureless,acc_featureless,class_distance,inspected,inspected_copies,notes\n");
        foreach (var (at, row) in Rows.Index())
            csv.Append(Csv.Line(row.Set, row.All.Examples, row.Overlap.Examples, row.Contamination, row.Threshold, row.All.Accuracy, row.Clean.Accuracy,
                row.Overlap.Accuracy, row.Difference, row.DifferenceLow, row.DifferenceHigh, row.Gain, row.P, row.P is null ? null : row.IsSignificant ? 1 : 0,
                row.Clean.Examples, row.Featureless.Examples, row.Featureless.Accuracy, row.ClassDistance, Inspected[at].Looked, Inspected[at].Copies,
                string.Join("; ", row.Notes)));
        return csv.ToString();
    }

    /// <summary>Everything, for a program.</summary>
    public object ToJson() => new
    {
        Training,
        WithoutDescriptor = Without,
        Index = Index.Id,
        Index.Describer,
        Tests,
        Sets = Rows.Select((row, at) => new
        {
            row.Set,
            row.Threshold,
            row.All,
            row.Overlap,
            row.Clean,
            row.Featureless,
            row.Contamination,
            OverlapMinusClean = row.Difference,
            CiLow = row.DifferenceLow,
            CiHigh = row.DifferenceHigh,
            AllMinusClean = row.Gain,
            row.P,
            row.IsSignificant,
            row.ExcludesZero,
            row.ClassDistance,
            row.Classes,
            row.Histogram,
            Inspected = Inspected[at].Looked,
            InspectedCopies = Inspected[at].Copies,
            row.Notes,
        }),
    };
}
