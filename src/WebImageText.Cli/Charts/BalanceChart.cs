using ScottPlot;
using ScottPlot.TickGenerators;

namespace WebImageText.Cli.Charts;

/// <summary>Texts of each query before and after balancing, from the head of the list to its tail; both axes logarithmic.</summary>
internal static class BalanceChart
{
    private const int Width = 900;
    private const int Height = 540;

    /// <param name="path">.svg or .png.</param>
    /// <param name="before">Texts in which each query occurs.</param>
    /// <param name="hard">Texts that each query owns under the hard cap.</param>
    /// <param name="draw">Expected texts of each query after MetaCLIP's draw, if known.</param>
    /// <param name="cap">The cap.</param>
    public static void Write(string path, IReadOnlyList<long> before, IReadOnlyList<double> hard, IReadOnlyList<double>? draw, int cap)
    {
        var plot = ChartFont.NewPlot();
        Line(plot, [.. before.Select(count => (double)count)], "all matches", Colors.LightGray, width: 6);
        if (draw is not null)
            Line(plot, draw, "MetaCLIP's draw, expected", Colors.C1);
        Line(plot, hard, "hard cap, one owner a text", Colors.C0);
        var line = plot.Add.HorizontalLine(Math.Log10(cap), 1, Colors.Black, LinePattern.Dotted);
        line.LegendText = $"cap {cap:N0}";
        plot.XLabel("queries, by number of texts");
        plot.YLabel("texts a query");
        plot.Axes.Bottom.TickGenerator = Powers();
        plot.Axes.Left.TickGenerator = Powers();
        plot.Axes.Right.MinimumSize = 40; // half of the last number is to the right of its tick
        plot.ShowLegend(Alignment.UpperRight);
        if (path.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            plot.SavePng(path, Width, Height);
        else
            plot.SaveSvg(path, Width, Height);
    }

    // Half a million points are more than a picture shows: those that stand apart on the logarithmic axis are enough.
    private static void Line(Plot plot, IReadOnlyList<double> counts, string name, Color color, float width = 2)
    {
        var sorted = counts.Where(count => count > 0).OrderDescending().ToArray();
        List<double> xs = [], ys = [];
        for (var rank = 1; rank <= sorted.Length; rank = Math.Max(rank + 1, (int)(rank * 1.01)))
        {
            xs.Add(Math.Log10(rank));
            ys.Add(Math.Log10(sorted[rank - 1]));
        }
        if (xs.Count == 0)
            return;
        var line = plot.Add.ScatterLine(xs, ys, color);
        line.LineWidth = width;
        line.LegendText = name;
    }

    private static NumericAutomatic Powers() => new()
    {
        IntegerTicksOnly = true,
        LabelFormatter = power => Math.Pow(10, power).ToString("N0", System.Globalization.CultureInfo.InvariantCulture),
    };
}
