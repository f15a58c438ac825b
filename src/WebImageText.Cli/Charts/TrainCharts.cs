using System.Globalization;
using ScottPlot;

namespace WebImageText.Cli.Charts;

/// <summary>The curves of a training run, from the figures of its steps.</summary>
internal static class TrainCharts
{
    private const int Width = 1000, Height = 700;
    private const int MostPoints = 2_000;

    /// <summary>Loss, learning rate, speed and gradient over steps, in one picture.</summary>
    /// <param name="csv">What <c>wit train</c> writes for every step.</param>
    /// <param name="png">The picture.</param>
    public static void Write(string csv, string png)
    {
        var lines = File.ReadLines(csv).Select(line => line.Split(',')).ToList();
        if (lines.Count < 3)
            return;
        var (names, rows) = (lines[0], lines.Skip(1).Where(row => row.Length == lines[0].Length).ToList());
        var every = (rows.Count + MostPoints - 1) / MostPoints;
        var shown = rows.Where((_, at) => at % every == 0 || at == rows.Count - 1).ToList();
        double[] Column(string name) => [.. shown.Select(row => double.Parse(row[Array.IndexOf(names, name)], CultureInfo.InvariantCulture))];
        var steps = Column("step");
        var all = new Multiplot();
        all.AddPlots(4);
        all.Layout = new ScottPlot.MultiplotLayouts.Grid(2, 2);
        Draw(all.GetPlot(0), "loss", steps, (Column("loss"), "a step's", Colors.LightGray), (Column("smoothed"), "smoothed", Colors.C0));
        Draw(all.GetPlot(1), "learning rate", steps, (Column("rate"), "", Colors.C0));
        Draw(all.GetPlot(2), "pairs a second", steps, (Column("samples_per_second"), "", Colors.C0));
        Draw(all.GetPlot(3), "gradient, factor on similarities", steps, (Column("gradient"), "length of the gradient", Colors.C1), (Column("scale"), "factor", Colors.C0));
        all.SavePng(png, Width, Height);
    }

    private static void Draw(Plot plot, string title, double[] steps, params ReadOnlySpan<(double[] Values, string Name, Color Color)> curves)
    {
        ChartFont.Use(plot);
        foreach (var (values, name, color) in curves)
        {
            var line = plot.Add.ScatterLine(steps, values, color);
            line.LegendText = name;
        }
        plot.YLabel(title);
        plot.XLabel("step");
        if (curves.Length > 1)
            plot.ShowLegend(Alignment.UpperRight);
    }
}
