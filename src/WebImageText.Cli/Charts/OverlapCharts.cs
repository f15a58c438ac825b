using ScottPlot;
using WebImageText.Curate.Audit;

namespace WebImageText.Cli.Charts;

/// <summary>The two plots of figure 17 (Radford et al. 2021): a point a set, its overlap to the right.</summary>
internal static class OverlapCharts
{
    private const int Width = 720;
    private const int Height = 480;

    /// <summary>Accuracy on Overlap less that on Clean, with its interval.</summary>
    public static void WriteDifference(string path, IReadOnlyList<OverlapRow> rows)
    {
        var plot = New("overlap - clean, points of accuracy");
        foreach (var row in rows.Where(row => row.Difference is not null))
        {
            var (x, y) = (100 * row.Contamination, 100 * row.Difference!.Value);
            var interval = plot.Add.Line(x, 100 * row.DifferenceLow!.Value, x, 100 * row.DifferenceHigh!.Value);
            interval.Color = ColorOf(row.ExcludesZero);
            Point(plot, x, y, row.Set, ColorOf(row.ExcludesZero));
        }
        Save(plot, path, ("interval holds 0", ColorOf(false)), ("interval leaves out 0", ColorOf(true)));
    }

    /// <summary>Accuracy on All less that on Clean, coloured by how surprising it is.</summary>
    public static void WriteGain(string path, IReadOnlyList<OverlapRow> rows)
    {
        var plot = New("all - clean, points of accuracy");
        foreach (var row in rows.Where(row => row.Gain is not null && row.P is not null))
            Point(plot, 100 * row.Contamination, 100 * row.Gain!.Value, row.Set, ClassOf(row));
        Save(plot, path, ("p 0.05 or more", Colors.Gray), ("p under 0.05", Colors.C1), ("significant over all sets", Colors.C3));
    }

    /// <summary>Evaluation images by the likeness of their nearest training image, and the threshold.</summary>
    public static void WriteHistogram(string path, OverlapRow row)
    {
        var plot = ChartFont.NewPlot();
        for (var bin = 0; bin < row.Histogram.Count; bin++)
            plot.Add.Bar(new Bar
            {
                Position = (bin + 0.5) / row.Histogram.Count,
                Value = row.Histogram[bin],
                Size = 0.9 / row.Histogram.Count,
                FillColor = Colors.C0,
            });
        plot.Add.VerticalLine(row.Threshold, 1, Colors.Black, LinePattern.Dotted);
        plot.XLabel("likeness of the nearest training image");
        plot.YLabel("images");
        plot.Axes.Margins(bottom: 0);
        plot.Axes.SetLimitsX(0, 1);
        plot.SaveSvg(path, Width, Height / 2);
    }

    private static Plot New(string vertical)
    {
        var plot = ChartFont.NewPlot();
        plot.XLabel("overlap, % of the set");
        plot.YLabel(vertical);
        plot.Add.HorizontalLine(0, 1, Colors.Black, LinePattern.Dotted);
        return plot;
    }

    private static void Point(Plot plot, double x, double y, string name, Color color)
    {
        plot.Add.Marker(x, y, MarkerShape.FilledCircle, 9, color);
        var text = plot.Add.Text(name, x, y);
        (text.OffsetX, text.OffsetY, text.LabelFontSize) = (8, -16, 12);
    }

    private static void Save(Plot plot, string path, params ReadOnlySpan<(string Name, Color Color)> legend)
    {
        foreach (var (name, color) in legend)
            plot.Legend.ManualItems.Add(new LegendItem { LabelText = name, MarkerShape = MarkerShape.FilledCircle, MarkerSize = 9, MarkerFillColor = color, LineWidth = 0 });
        plot.ShowLegend(Alignment.UpperRight);
        plot.Axes.Margins(0.15, 0.2);
        plot.SaveSvg(path, Width, Height);
    }

    private static Color ColorOf(bool excludesZero) => excludesZero ? Colors.C3 : Colors.Gray;

    private static Color ClassOf(OverlapRow row) => row.IsSignificant ? Colors.C3 : row.P < 0.05 ? Colors.C1 : Colors.Gray;
}
