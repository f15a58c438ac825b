using ScottPlot;

namespace WebImageText.Cli.Charts;

/// <summary>The font of all charts, which comes with the program: on a machine without fonts a chart has no text.</summary>
internal static class ChartFont
{
    private const string Name = "DejaVu Sans";

    private static readonly Lazy<string> Font = new(() =>
    {
        Fonts.AddFontFile(Name, Path.Combine(AppContext.BaseDirectory, "Charts", "DejaVuSans.ttf"));
        Fonts.Default = Name;
        return Name;
    });

    /// <summary>An empty plot with that font.</summary>
    public static Plot NewPlot()
    {
        var plot = new Plot();
        Use(plot);
        return plot;
    }

    /// <summary>Gives a plot that font.</summary>
    public static void Use(Plot plot) => plot.Font.Set(Font.Value);
}
