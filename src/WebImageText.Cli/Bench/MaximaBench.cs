using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using WebImageText.Cli.Terminal;
using WebImageText.Learn.Search;

namespace WebImageText.Cli.Bench;

/// <summary>The part of <c>wit bench search</c> that checks and times each of the search's kernels, in processes of their own.</summary>
/// <param name="Rows">References.</param>
/// <param name="Queries">Looked up at a time.</param>
/// <param name="Dimensions">Numbers in a descriptor, for the rates.</param>
/// <param name="Seconds">For each rate.</param>
internal sealed record MaximaBench(int Rows, int Queries, IReadOnlyList<int> Dimensions, double Seconds)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly int[] Checked = [64, 256, 512];

    /// <summary>Measures one kernel and prints what is found as it is found, a line of JSON each.</summary>
    public void Case(MaximaWay way)
    {
        var measure = new MaximaMeasure(way);
        var (registers, bytes, log, seconds) = measure.Compile();
        Print(new("compile_seconds", seconds, "s", log));
        Print(new("registers", registers, "of a thread"));
        Print(new("local_bytes", bytes, "B", "of a thread: what has no room in registers"));
        foreach (var dimension in Checked)
            foreach (var each in new[] { 1, 3 })
            {
                // Neither queries nor blocks are a whole number of what a kernel takes at a time.
                var found = measure.Check(1077, 5, each, dimension);
                var name = string.Create(CultureInfo.InvariantCulture, $"d{dimension}_each{each}");
                Print(new($"worst_difference_{name}", double.IsFinite(found.Worst) ? found.Worst : double.MaxValue, "", "of 5,385 maxima from libtorch's in float32"));
                Print(new($"wrong_{name}", found.Wrong, "maxima", found.FirstWrong ?? ""));
                if (found.Wrong > 0 && each == 1)
                    Print(new($"probe_d{dimension}", 0, "", measure.Probe(dimension)));
            }
        foreach (var dimension in way == MaximaWay.Mma ? Checked : [])
        {
            var found = MaximaMeasure.CheckWinners(1077, 5, dimension);
            Print(new($"winners_wrong_d{dimension}", found.Wrong, "winners", found.FirstWrong ?? ""));
        }
        foreach (var dimension in Dimensions.Intersect(Checked))
            Print(new($"pairs_per_second_d{dimension}", measure.Rate(Queries, Rows, dimension, Seconds), "pairs/s", "maxima of blocks alone"));
    }

    /// <summary>Runs every kernel's case.</summary>
    /// <returns>The fastest that is right; libtorch's operations if none is.</returns>
    public MaximaWay Run(BenchFigures figures)
    {
        var best = (Way: MaximaWay.Libtorch, Rate: 0.0);
        MaximaMeasure.IsWinnerKernelOff = true;
        foreach (var way in new[] { MaximaWay.Mma, MaximaWay.Wgmma, MaximaWay.WgmmaPair })
        {
            var found = Child(way);
            foreach (var finding in found)
            {
                figures.Add($"maxima_{Name(way)}_{finding.Key}", finding.Value, finding.Unit, finding.Note.Length < 100 ? finding.Note : "");
                Screen.Note(string.Create(CultureInfo.InvariantCulture, $"{way}, {finding.Key}: {finding.Value:G5} {finding.Note}"));
            }
            if (found.Count(finding => finding is { Value: 0 } && finding.Key.StartsWith("winners_wrong", StringComparison.Ordinal)) == Checked.Length)
                MaximaMeasure.IsWinnerKernelOff = false;
            var wrong = found.Where(finding => finding.Key.StartsWith("wrong_", StringComparison.Ordinal)).ToList();
            if (wrong.Count == 2 * Checked.Length && wrong.All(finding => finding.Value == 0)
                && found.LastOrDefault(finding => finding.Key.StartsWith("pairs_per_second", StringComparison.Ordinal)) is { } rate && rate.Value > best.Rate)
                best = (way, rate.Value);
        }
        return best.Way;
    }

    private static string Name(MaximaWay way) => JsonNamingPolicy.SnakeCaseLower.ConvertName(way.ToString());

    private static void Print(Finding finding) => Console.Out.WriteLine(JsonSerializer.Serialize(finding));

    private List<Finding> Child(MaximaWay way)
    {
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        string[] numbers = [.. Dimensions.Select(dimension => dimension.ToString(CultureInfo.InvariantCulture))];
        var start = new ProcessStartInfo(program,
        [
            .. self, "bench", "search", "--device", "cuda", "--case", way.ToString(), "--rows", Rows.ToString(CultureInfo.InvariantCulture),
            "--queries", Queries.ToString(CultureInfo.InvariantCulture), "--seconds", Seconds.ToString(CultureInfo.InvariantCulture), "--dimension", .. numbers,
        ])
        { RedirectStandardOutput = true };
        using var child = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' does not start.");
        using var late = new Timer(_ => child.Kill(), null, Limit, Timeout.InfiniteTimeSpan);
        var found = new List<Finding>();
        while (child.StandardOutput.ReadLine() is { } line)
            if (line.StartsWith('{'))
                found.Add(JsonSerializer.Deserialize<Finding>(line)!);
        child.WaitForExit();
        if (child.ExitCode != 0)
            Screen.Note($"{way}: its process ended with {child.ExitCode}{(found.Count > 0 ? $" after {found[^1].Key}" : "")}.");
        return found;
    }

    private sealed record Finding(string Key, double Value, string Unit, string Note = "");
}
