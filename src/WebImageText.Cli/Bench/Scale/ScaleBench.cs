using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Bench.Scale;

/// <summary>
/// <c>wit bench scale</c>: a run with a long list of queries at a search that never finds anything, as a process of its own.
/// What is left is what a query costs the engine: an entity, its messages, its events.
/// </summary>
internal static class ScaleBench
{
    private const string Host = "search.scale.test";
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EndTime = TimeSpan.FromMinutes(2);

    public static Command Create()
    {
        var queries = new Option<int>("--queries") { Description = "Length of the list", HelpName = "N", DefaultValueFactory = _ => 500_000 };
        var time = CommonOptions.Duration("--time", "How long the run lasts, from its start", TimeSpan.FromSeconds(60));
        var folder = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder for the list and the data set; replaced",
            HelpName = "DIR",
            DefaultValueFactory = _ => new(Path.Combine(Path.GetTempPath(), "wit-scale")),
        };
        var verb = new Command("scale", "Run a long list of queries that find nothing: memory, time to the first request, queries and events a second") { queries, time, folder };
        verb.SetAction(async (parsed, stop) =>
        {
            var at = parsed.GetRequiredValue(folder).FullName;
            if (Directory.Exists(at))
                Directory.Delete(at, recursive: true);
            Directory.CreateDirectory(at);
            var list = Path.Combine(at, "queries.txt");
            await File.WriteAllLinesAsync(list, Enumerable.Range(0, parsed.GetValue(queries)).Select(number => $"thing {number}"), stop);
            var figures = new BenchFigures("scale");
            figures.Add("queries", parsed.GetValue(queries), "");
            await RunAsync(list, Path.Combine(at, "set"), parsed.GetValue(time), figures, stop);
            figures.Print(parsed.GetValue(CommonOptions.Json));
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task RunAsync(string list, string output, TimeSpan time, BenchFigures figures, CancellationToken stop)
    {
        await using var search = await SilentSearch.StartAsync(stop);
        string[] words =
        [
            "run", "--queries", list, "--provider", "searxng", "--searxng-url", $"http://{Host}/search", "--resolve", $"{Host}={search.EndPoint}",
            "--allow-network", "127.0.0.1/32", "--host-delay", "0ms", "--until", string.Create(CultureInfo.InvariantCulture, $"time={time.TotalSeconds}s"), "--out", output,
        ];
        using var run = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, words) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _ = run.StandardOutput.ReadToEndAsync(stop);
        var errors = run.StandardError.ReadToEndAsync(stop);
        var clock = Stopwatch.StartNew();
        var first = TimeSpan.Zero;
        var (peak, cpu) = (0L, TimeSpan.Zero);
        using var ended = new CancellationTokenSource(time + EndTime);
        while (!run.HasExited)
        {
            if (first == TimeSpan.Zero && search.Asked > 0)
                first = clock.Elapsed;
            try
            {
                run.Refresh();
                (peak, cpu) = (Math.Max(peak, run.PeakWorkingSet64), run.TotalProcessorTime);
            }
            catch (InvalidOperationException)
            {
                break; // it has just ended
            }
            await Task.Delay(LookEvery, ended.Token);
        }
        await run.WaitForExitAsync(stop);
        if (run.ExitCode is not (ExitCode.Done or ExitCode.StoppedEarly))
            throw new InvalidOperationException($"The run ended with {run.ExitCode}: {await errors}");
        var atWork = (clock.Elapsed - first).TotalSeconds;
        var (events, bytes) = Journal(Path.Combine(output, "state", "journal.db"));
        figures.Add("first_request_seconds", first.TotalSeconds, "s", "from the start of the process");
        figures.Add("asked", search.Asked, "", "requests of the search");
        figures.Add("queries_per_second", search.Asked / atWork, "/s", "one search host, one request at a time");
        figures.Add("cpu_seconds", cpu.TotalSeconds, "s");
        figures.Add("peak_mb", peak / 1e6, "MB", "resident");
        figures.Add("events", events, "", "in the journal");
        figures.Add("bytes_per_event", (double)bytes / Math.Max(1, events), "B");
        figures.Add("events_per_second", events / atWork, "/s");
    }

    private static (long Events, long Bytes) Journal(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select count(*), coalesce(sum(length(message)), 0) from journal";
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1));
    }
}
