using System.CommandLine;
using System.Diagnostics;
using System.Net;
using WebImageText.Cli.Demo;
using WebImageText.Cli.Shards;
using WebImageText.Cli.Terminal;
using WebImageText.Shards.Stores;

namespace WebImageText.Cli.Bench.Chaos;

/// <summary>
/// <c>wit bench chaos</c>: runs of this program as processes of their own, killed with SIGKILL at random moments and started
/// again, until the data set is done; then every picture's outcome is held against the right one.
/// </summary>
internal static class ChaosBench
{
    public static Command Create()
    {
        var kills = new Option<int>("--kills") { Description = "Processes to kill", HelpName = "N", DefaultValueFactory = _ => 100 };
        var seed = new Option<int>("--seed") { Description = "The moments are drawn from it", HelpName = "N", DefaultValueFactory = _ => Environment.TickCount };
        var folder = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder for the web and the data set; replaced",
            HelpName = "DIR",
            DefaultValueFactory = _ => new(Path.Combine(Path.GetTempPath(), "wit-chaos")),
        };
        var nodes = new Option<int>("--nodes")
        {
            Description = "Kill the nodes of a cluster, and the PostgreSQL of its journal, instead of runs on one machine",
            HelpName = "N",
        };
        var freeze = new Option<bool>("--freeze") { Description = "With --nodes: stop one node for 60 s (SIGSTOP) too" };
        var cut = new Option<bool>("--cut") { Description = "With --nodes: cut the last node's network for 45 s too; nodes speak by mutual TLS (needs root)" };
        var verb = new Command("chaos", "Kill runs with SIGKILL at random moments, and count what is lost, twice, over a cap or torn") { kills, seed, folder, nodes, freeze, cut };
        verb.SetAction(async (parsed, stop) =>
        {
            var figures = new BenchFigures("chaos");
            var at = parsed.GetRequiredValue(folder).FullName;
            var random = new Random(parsed.GetValue(seed));
            if (Directory.Exists(at))
                Directory.Delete(at, recursive: true);
            await using var far = parsed.GetValue(nodes) > 0 && parsed.GetValue(cut) ? await FarSide.CreateAsync(Path.Combine(at, "certs"), stop) : null;
            await using var web = await DemoWeb.StartAsync(new() { Folder = Path.Combine(at, "web"), Address = far is null ? IPAddress.Loopback : FarSide.NearAddress }, stop);
            var failure = parsed.GetValue(nodes) is var count and > 0
                ? await RunClusterAsync(web, at, count, far, parsed.GetValue(kills), parsed.GetValue(freeze), random, figures, stop)
                : await RunAsync(web, at, parsed.GetValue(kills), random, figures, stop);
            if (failure is not null)
                throw new InvalidOperationException(failure);
            var differences = await DifferencesAsync(web, Path.Combine(at, "set"), figures, stop);
            foreach (var difference in differences)
                Screen.Error(difference);
            figures.Add("seed", parsed.GetValue(seed), "");
            figures.Print(parsed.GetValue(CommonOptions.Json));
            return differences.Count == 0 ? ExitCode.Done : ExitCode.BadData;
        });
        return verb;
    }

    private static async Task<string?> RunAsync(DemoWeb web, string folder, int kills, Random random, BenchFigures figures, CancellationToken stop)
    {
        var output = Path.Combine(folder, "set");
        var began = Stopwatch.GetTimestamp();
        var (killed, starts) = (0, 0);
        while (true)
        {
            starts++;
            using var run = WitProcess.Run(web, output);
            // From the middle of a start to the middle of a shard; always later than the last commit could have been.
            var life = killed < kills ? TimeSpan.FromSeconds(1.5 + (random.NextDouble() * 4.5)) : Timeout.InfiniteTimeSpan;
            if (await run.EndsWithinAsync(life, stop) is { } code)
            {
                if (code != ExitCode.Done)
                    return $"The run ended with {code}: {run.LastWords}";
                if (killed >= kills)
                    break;
                // Done before all kills were used: the next one begins anew, so that each of them hits a run at work.
                if (await DifferencesAsync(web, output, new("early"), stop) is [var early, ..])
                    return early;
                Directory.Delete(output, recursive: true);
                continue;
            }
            run.Kill();
            killed++;
            Screen.Note($"kill {killed} of {kills} after {life.TotalSeconds:F1} s");
        }
        figures.Add("kills", killed, "");
        figures.Add("starts", starts, "");
        figures.Add("seconds", Stopwatch.GetElapsedTime(began).TotalSeconds, "s");
        return null;
    }

    private static async Task<string?> RunClusterAsync(
        DemoWeb web, string folder, int nodes, FarSide? far, int kills, bool freeze, Random random, BenchFigures figures, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var (killed, starts, dataSets, cpu) = (0, 0, 0, TimeSpan.Zero);
        while (true)
        {
            var chaos = new ClusterChaos(web, folder, nodes, far, random);
            killed += await chaos.RunAsync(kills - killed, freeze, stop);
            (starts, cpu, dataSets) = (starts + chaos.Starts, cpu + chaos.Cpu, dataSets + 1);
            if (killed >= kills)
                break;
            // Done before all kills were used: the next data set begins anew.
            if (await DifferencesAsync(web, Path.Combine(folder, "set"), new("early"), stop) is [var early, ..])
                return early;
            foreach (var old in Directory.GetDirectories(folder).Where(path => Path.GetFileName(path) is var name && (name is "set" or "postgres" || name.StartsWith("node", StringComparison.Ordinal))))
                Directory.Delete(old, recursive: true);
        }
        figures.Add("nodes", nodes, "");
        figures.Add("kills", killed, "");
        figures.Add("starts", starts, "");
        figures.Add("data_sets", dataSets, "", "made one after the other until all kills were used");
        figures.Add("seconds", Stopwatch.GetElapsedTime(began).TotalSeconds, "s");
        if (kills == 0)
            figures.Add("node_cpu_seconds", cpu.TotalSeconds, "s", "of all nodes");
        return null;
    }

    private static async Task<IReadOnlyList<string>> DifferencesAsync(DemoWeb web, string output, BenchFigures figures, CancellationToken stop)
    {
        var verified = await VerifyVerb.RunAsync(output, DemoWeb.Cap, [new("demo", web.Evaluation.Folder)], detectorPath: null, stop);
        var outcomes = await DemoOutcomes.ReadAsync(ShardStores.Open(output), stop);
        List<string> differences =
        [
            .. verified.Findings.Where(finding => !finding.IsNote).Select(finding => finding.ToString()),
            .. DemoScore.Differences(web.Expected, web.Groups, outcomes),
        ];
        figures.Add("pairs", verified.Samples, "", "of the last data set");
        figures.Add("candidates", outcomes.Count, "", "with an outcome");
        figures.Add("lost", web.Expected.Keys.Count(address => !outcomes.ContainsKey(address)), "", "candidates without an outcome");
        figures.Add("wrong", differences.Count, "", "lost, twice, over a cap, torn, or another outcome than the right one");
        return differences;
    }
}
