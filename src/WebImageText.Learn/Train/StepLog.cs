using System.Globalization;

namespace WebImageText.Learn.Train;

/// <summary>Every step's figures, a line each, in <c>steps.csv</c>. A resumed run goes on behind the step that it resumes from.</summary>
public sealed class StepLog : IDisposable
{
    /// <summary>Its name in the run's folder.</summary>
    public const string FileName = "steps.csv";

    private const string Header = "step,samples,loss,smoothed,rate,scale,gradient,skipped,seconds,wait_seconds,samples_per_second,bytes,broken";
    private readonly StreamWriter _writer;

    /// <summary>Opens the log.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="after">Lines of later steps are dropped.</param>
    public StepLog(string folder, long after)
    {
        var path = Path.Combine(folder, FileName);
        var kept = File.Exists(path)
            ? File.ReadLines(path).Skip(1).Where(line => long.TryParse(line.Split(',')[0], out var step) && step <= after).ToList()
            : [];
        _writer = new StreamWriter(path, append: false) { AutoFlush = true };
        _writer.WriteLine(Header);
        foreach (var line in kept)
            _writer.WriteLine(line);
    }

    /// <summary>Writes a step.</summary>
    public void Write(StepReport report) => _writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{report.Step},{report.Samples},{report.Loss:G9},{report.Smoothed:G6},{report.Rate:G6},{report.Scale:G6},{report.GradientLength:G6},{(report.IsSkipped ? 1 : 0)},{report.Seconds:F4},{report.WaitSeconds:F4},{report.SamplesPerSecond:F1},{report.Bytes},{report.Broken}"));

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
