using System.Globalization;
using System.Runtime.InteropServices;
using Spectre.Console;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Bench;

/// <summary>What one benchmark measured, in the order in which it was measured.</summary>
/// <param name="name">As in <c>wit bench NAME</c>.</param>
internal sealed class BenchFigures(string name)
{
    private readonly List<(string Key, double Value, string Unit, string Note)> _figures = [];

    /// <summary>Adds a figure.</summary>
    /// <param name="key">Snake case, with the unit where it is not a count: <c>build_seconds</c>; <c>ratio_PEER</c> compares with a peer of the same run.</param>
    /// <param name="value">In <paramref name="unit"/>.</param>
    /// <param name="unit">As a person reads it: <c>MB per CPU-second</c>.</param>
    /// <param name="note">What was done, where the key does not say it.</param>
    public void Add(string key, double value, string unit, string note = "") => _figures.Add((key, value, unit, note));

    /// <summary>A table to read, or with <paramref name="json"/> one object: <c>bench</c>, <c>machine</c>, then every figure.</summary>
    public void Print(bool json)
    {
        if (json)
        {
            var result = new Dictionary<string, object> { ["bench"] = name, ["machine"] = Machine };
            foreach (var figure in _figures)
                result[figure.Key] = figure.Value;
            Screen.Result(result);
            return;
        }
        Screen.Out.WriteLine($"{name} on {Machine}");
        var table = new Table().Border(TableBorder.None).HideHeaders()
            .AddColumn("").AddColumn(new TableColumn("").RightAligned()).AddColumn("").AddColumn("");
        foreach (var figure in _figures)
            table.AddRow($"  {Markup.Escape(figure.Key)}", Rounded(figure.Value), Markup.Escape(figure.Unit), Markup.Escape(figure.Note));
        Screen.Out.Write(table);
    }

    private static string Machine =>
        $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    private static string Rounded(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("N2", CultureInfo.InvariantCulture),
        _ => value.ToString("G3", CultureInfo.InvariantCulture),
    };
}
