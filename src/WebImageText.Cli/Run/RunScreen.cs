using System.Diagnostics;
using Spectre.Console;
using WebImageText.Cli.Terminal;
using WebImageText.Pipeline;
using WebImageText.Pipeline.Runs;
using WebImageText.Shards;

namespace WebImageText.Cli.Run;

/// <summary>Shows a run while it goes, and what it made.</summary>
internal static class RunScreen
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <param name="settings">Of the run.</param>
    /// <param name="member">Of the cluster that runs it; null for a run on this machine alone.</param>
    /// <param name="json">Print one JSON result.</param>
    /// <param name="stop">Ends the run; a later one goes on.</param>
    public static async Task<int> ShowAsync(PipelineSettings settings, ClusterMember? member, bool json, CancellationToken stop)
    {
        var report = await WatchAsync(settings, stop, member);
        if (json)
            Screen.Result(Summary(report));
        else
            Print(report);
        return Code(report);
    }

    /// <summary>Runs the pipeline under a progress display.</summary>
    public static Task<RunReport> WatchAsync(PipelineSettings settings, CancellationToken stop, ClusterMember? member = null) =>
        WorkProgress.RunAsync("Crawling", async report =>
        {
            var clock = Stopwatch.StartNew();
            var progress = new RunProgress();
            var run = new PipelineRun(settings, TimeProvider.System);
            var ended = member is null ? run.RunAsync(stop) : run.RunAsync(member, stop);
            while (await Task.WhenAny(ended, Task.Delay(LookEvery, CancellationToken.None)) != ended)
            {
                report(new(0, 0, progress.Line(run.Now, run.Fetches, run.Fetcher, clock.Elapsed)));
                if (progress.News(run.Fetcher) is { } news)
                    Screen.Note(news);
            }
            try
            {
                return await ended;
            }
            catch (Exception wrong) when (wrong is SettingsMismatchException or TakedownCutOffException or OtherWriterException or DirectoryNotFoundException)
            {
                throw UserErrorException.Usage(wrong.Message);
            }
            catch (ShardFormatException broken)
            {
                throw UserErrorException.BadData(broken.Message);
            }
        });

    public static int Code(RunReport report) => report.End switch
    {
        RunEnd.Finished => ExitCode.Done,
        RunEnd.Stopped => ExitCode.StoppedEarly,
        _ => ExitCode.Failed,
    };

    public static void Print(RunReport report)
    {
        Screen.Out.Write(Table(report));
        switch (report.End)
        {
            case RunEnd.Finished finished:
                foreach (var gap in finished.Gaps)
                    Screen.Note($"gap: {gap}");
                Screen.Out.MarkupLineInterpolated($"{report.Pairs} pairs in {report.Shards} shards in [bold]{report.Out}[/], {report.Elapsed.TotalSeconds:F0} s.");
                break;
            case RunEnd.Stopped stopped:
                Screen.Note($"stopped: {stopped.Why}. {report.Staged} verdicts are staged; the same command goes on.");
                break;
            case RunEnd.Failed failed:
                Screen.Error(failed.Why);
                break;
        }
    }

    public static Table Table(RunReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("outcome").AddColumn(new TableColumn("candidates").RightAligned());
        table.AddRow("[green]kept[/]", $"{report.Pairs:N0}");
        foreach (var (reason, count) in report.Rejected.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key))
            table.AddRow(reason.Word(), $"{count:N0}");
        foreach (var (outcome, count) in report.Counts.Pages)
            table.AddRow($"[grey]pages: {Markup.Escape(outcome)}[/]", $"[grey]{count:N0}[/]");
        return table;
    }

    private static object Summary(RunReport report) => new
    {
        End = report.End.GetType().Name.ToLowerInvariant(),
        Why = report.End switch { RunEnd.Stopped stopped => stopped.Why, RunEnd.Failed failed => failed.Why, _ => null },
        Gaps = (report.End as RunEnd.Finished)?.Gaps,
        report.Out,
        report.Pairs,
        report.Shards,
        Rejected = report.Rejected.ToDictionary(entry => entry.Key.Word(), entry => entry.Value),
        report.Staged,
        ThisRun = new
        {
            report.Counts.Kept,
            Dropped = report.Counts.Dropped.ToDictionary(entry => entry.Key.Word(), entry => entry.Value),
            report.Counts.Pages,
            report.Counts.Requests,
            report.Counts.Bytes,
            report.Fetches.Answered,
            report.Fetches.Failed,
            report.Fetches.Faults,
            report.Fetches.Hosts,
            WorstHosts = report.Fetches.Worst,
            Seconds = Math.Round(report.Elapsed.TotalSeconds, 3),
        },
    };
}
