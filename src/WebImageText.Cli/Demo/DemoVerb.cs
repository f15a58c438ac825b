using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using WebImageText.Cli.Report;
using WebImageText.Cli.Run;
using WebImageText.Cli.Shards;
using WebImageText.Cli.Terminal;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Providers;
using WebImageText.Crawl.Queries;
using WebImageText.Learn;
using WebImageText.Pipeline;
using WebImageText.Pipeline.Runs;
using WebImageText.Shards;
using WebImageText.Shards.Stores;

namespace WebImageText.Cli.Demo;

/// <summary><c>wit demo</c>: the whole pipeline on a small web that this program draws and serves itself.</summary>
internal static class DemoVerb
{
    private const string Mark = ".wit-demo";

    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder for the demo; one that an earlier demo made is replaced",
            HelpName = "DIR",
            DefaultValueFactory = _ => new("demo"),
        };
        var untrained = new Option<bool>("--no-train") { Description = "Leave the training out" };
        var verb = new Command("demo", "Crawl, judge, dedup, pack and verify a small generated web, offline, then train a very small model on it; in less than two minutes") { output, untrained };
        verb.SetAction((parsed, stop) => RunAsync(parsed.GetRequiredValue(output).FullName, !parsed.GetValue(untrained), parsed.GetValue(CommonOptions.Json), stop));
        return verb;
    }

    private static async Task<int> RunAsync(string folder, bool trains, bool json, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        Prepare(folder);
        await using var web = await DemoWeb.StartAsync(new() { Folder = Path.Combine(folder, "web") }, stop);
        Screen.Note($"A web of {web.Hosts.Count} hosts and {web.Expected.Count:N0} pictures is at {web.Address}:{web.Port}.");

        var run = await RunScreen.WatchAsync(Settings(web, folder), stop);
        if (run.End is not RunEnd.Finished)
        {
            RunScreen.Print(run);
            return RunScreen.Code(run);
        }
        var store = ShardStores.Open(folder);
        // Drawn scenes are all alike to a detector that knows photographs: here copies are what hashes find.
        var verified = await VerifyVerb.RunAsync(folder, null, [new("demo", web.Evaluation.Folder)], detectorPath: null, stop);
        var differences = DemoScore.Differences(web.Expected, web.Groups, await DemoOutcomes.ReadAsync(store, stop)).ToList();
        var lesson = trains && stop is { IsCancellationRequested: false } ? await TrainAsync(folder, web, stop) : null;
        var page = await SheetWriter.WriteAsync(await SheetReader.ReadAsync(
            store, "WebImageText demo", "What became of every picture of a small web that the program drew and served itself.",
            Facts(web, run, lesson), web.Picture, stop), Path.Combine(folder, "report"), stop);

        if (json)
            Screen.Result(new
            {
                run.Pairs,
                run.Shards,
                Rejected = run.Rejected.ToDictionary(entry => entry.Key.Word(), entry => entry.Value),
                VerifyErrors = verified.Errors,
                Differences = differences,
                Training = lesson,
                Report = page,
                Seconds = Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 1),
            });
        else
        {
            Print(run, page, Stopwatch.GetElapsedTime(began));
            VerifyVerb.Print(verified);
            if (lesson is not null)
                Print(lesson);
        }
        foreach (var difference in differences)
            Screen.Error(difference);
        return verified.IsClean && differences.Count == 0 ? ExitCode.Done : ExitCode.BadData;
    }

    // An own folder is emptied, anybody else's is left alone.
    private static void Prepare(string folder)
    {
        var mark = Path.Combine(folder, Mark);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            if (!File.Exists(mark))
                throw UserErrorException.Usage($"'{folder}' holds something that no demo made. Give --out another folder.");
            Directory.Delete(folder, recursive: true);
        }
        Directory.CreateDirectory(folder);
        File.WriteAllText(mark, "Made by 'wit demo', which replaces this folder when it runs again.\n");
    }

    private static PipelineSettings Settings(DemoWeb web, string folder) => new()
    {
        Queries = QueryList.Load(web.QueriesPath),
        Providers = [new SearxngProvider(WebAddress.Parse(DemoWeb.SearchUrl))],
        Out = folder,
        State = Path.Combine(folder, "state"),
        Run = new() { Cap = DemoWeb.Cap, Depth = DemoWeb.Depth, Seeds = [.. web.Seeds.Select(WebAddress.Parse)], Tries = 1 },
        Fetch = new()
        {
            // The server is ours and waits for nobody, so the waits that real sites get are cut short.
            Contact = "demo@localhost",
            Pace = new() { HostDelay = TimeSpan.FromMilliseconds(2), BackoffScale = 0.01, FailuresToPark = 100 },
            TotalTime = TimeSpan.FromSeconds(8),
            LargestImage = DemoWeb.LargestImage,
            Resolve = [ResolveRule.TryParse(web.Resolve, out var rule) ? rule : throw new FormatException(web.Resolve)],
        },
        Addresses = new() { AllowedNetworks = ["127.0.0.1/32"], AllowedNames = [web.Resolve.Split('=')[0]] },
        EvaluationSets = [new("demo", web.Evaluation.Folder)],
        Staging = new() { ShardSize = 500 },
    };

    private static List<(string, string)> Facts(DemoWeb web, RunReport run, DemoLesson? lesson) =>
    [
        ("hosts", web.Hosts.Count.ToString(CultureInfo.InvariantCulture)),
        ("requests", run.Counts.Requests.ToString("N0", CultureInfo.InvariantCulture)),
        ("pages read", run.Counts.Pages.GetValueOrDefault("read").ToString("N0", CultureInfo.InvariantCulture)),
        ("shards", run.Shards.ToString(CultureInfo.InvariantCulture)),
        ("crawl", $"{run.Elapsed.TotalSeconds:F0} s"),
        .. (lesson?.Answers ?? []).Select(answer => ($"zero-shot {answer.Question}", Percent(answer.Accuracy))),
    ];

    private static async Task<DemoLesson?> TrainAsync(string folder, DemoWeb web, CancellationToken stop)
    {
        if (TorchProbe.Run() is { Version: null, Fault: var fault })
        {
            Screen.Note($"No training: {fault}.");
            return null;
        }
        return await DemoTraining.RunAsync(folder, web.Evaluation, Path.Combine(folder, "train"), stop);
    }

    private static void Print(DemoLesson lesson)
    {
        Screen.Out.WriteLine($"A very small model saw {lesson.Pairs:N0} pairs in {lesson.Seconds:F0} s; its loss fell from {lesson.FirstLoss:F2} to {lesson.LastLoss:F2}.");
        foreach (var answer in lesson.Answers)
            Screen.Out.WriteLine($"Asked by captions for the {answer.Question} in {answer.Images} held-out scenes it was right in {Percent(answer.Accuracy)} (95 % interval {Percent(answer.Low)} to {Percent(answer.High)}; chance {Percent(1.0 / answer.Classes)}).");
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");

    private static void Print(RunReport run, string page, TimeSpan elapsed)
    {
        Screen.Out.Write(RunScreen.Table(run));
        Screen.Out.MarkupLineInterpolated($"{run.Pairs:N0} pairs in {run.Shards} shards in [bold]{run.Out}[/], {elapsed.TotalSeconds:F0} s.");
        Screen.Out.MarkupLineInterpolated($"Look at them: [link]{new Uri(page)}[/]");
    }
}
