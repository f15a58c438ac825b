using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Bench.Crawl;

/// <summary><c>wit bench crawl</c>: fetches, pages and images per CPU-second against a server that is much faster, politeness off.</summary>
internal static class CrawlBench
{
    private static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var fetches = new Option<int>("--fetches") { Description = "Fetches of a small answer", HelpName = "N", DefaultValueFactory = _ => 50_000 };
        var pages = new Option<int>("--pages") { Description = "Pages of the run, with four pictures each", HelpName = "N", DefaultValueFactory = _ => 250 };
        var hosts = new Option<int>("--hosts") { Description = "Host names that they are spread over", HelpName = "N", DefaultValueFactory = _ => 50 };
        var one = new Option<string?>("--case") { Hidden = true };
        var verb = new Command("crawl", "Fetches, pages and images per CPU-second against a fast server of its own, and where the time goes") { fetches, pages, hosts, one };
        verb.SetAction(async (parsed, stop) =>
        {
            var work = new Work(parsed.GetValue(fetches), parsed.GetValue(pages), parsed.GetValue(hosts));
            if (parsed.GetValue(one) is { } words)
                await CaseAsync(words.Split(','), work, stop);
            else
                await RunAsync(work, parsed.GetValue(CommonOptions.Json), stop);
            return ExitCode.Done;
        });
        return verb;
    }

    private sealed record Work(int Fetches, int Pages, int Hosts);

    private static async Task RunAsync(Work work, bool json, CancellationToken stop)
    {
        var scratch = Directory.CreateTempSubdirectory("wit-bench-crawl-");
        using var server = Start("serve", work);
        try
        {
            var port = await server.StandardOutput.ReadLineAsync(stop) ?? throw new InvalidOperationException("The server of the benchmark does not start.");
            var figures = new BenchFigures("crawl");
            var before = server.TotalProcessorTime;
            var raw = await ChildAsync($"fetch,{port}", work, stop);
            server.Refresh();
            var serving = (server.TotalProcessorTime - before).TotalSeconds;
            figures.Add("fetches_per_second", raw.Count / raw.Seconds, "fetches per second", "the fetcher alone, answers of 2 kB, 256 at once, wall");
            figures.Add("fetches_per_cpu_second", raw.Count / raw.CpuSeconds, "fetches per CPU-second", "of the client");
            figures.Add("server_fetches_per_cpu_second", raw.Count / serving, "answers per CPU-second", "of the server");
            figures.Add("fetches_failed", raw.Failed, "fetches");

            var run = await ChildAsync($"run,{port},{Path.Combine(scratch.FullName, "out")}", work, stop);
            figures.Add("pages", run.Count, "pages", "of some 24 kB");
            figures.Add("images", run.Images, "images kept", $"{run.Failed} not kept");
            figures.Add("pages_per_cpu_second", run.Count / run.CpuSeconds, "pages per CPU-second", "with their images, process start and journal included");
            figures.Add("images_per_cpu_second", run.Images / run.CpuSeconds, "images per CPU-second", "the whole run: shorter side to 512, copies, evaluation, shards");
            figures.Add("images_per_second", run.Images / run.Seconds, "images per second", "wall");
            figures.Add("run_cpu_seconds", run.CpuSeconds, "CPU-seconds");
            figures.Add("fetch_share", run.FetchSeconds / run.CpuSeconds, "of the run's CPU time", "the same fetched again, nothing else");
            figures.Add("parse_share", run.ParseSeconds / run.CpuSeconds, "of the run's CPU time", "the same pages read again");
            figures.Add("judge_share", run.JudgeSeconds / run.CpuSeconds, "of the run's CPU time", "the same images judged again");
            figures.Add("rest_share", 1 - (run.FetchSeconds + run.ParseSeconds + run.JudgeSeconds) / run.CpuSeconds, "of the run's CPU time", "start, code not yet compiled, actors, journal, shards");
            figures.Add("run_peak_mebibytes", run.PeakMebibytes, "MiB", "resident");
            figures.Print(json);
        }
        finally
        {
            server.StandardInput.Close();
            if (!server.WaitForExit(5_000))
                server.Kill();
            scratch.Delete(recursive: true);
        }
    }

    private static async Task CaseAsync(string[] words, Work work, CancellationToken stop)
    {
        if (words is ["serve"])
        {
            await CrawlServer.RunAsync(work.Pages, stop);
            return;
        }
        var one = new CrawlCase(int.Parse(words[1], CultureInfo.InvariantCulture), work.Hosts);
        var figures = words[0] == "fetch" ? await one.FetchAsync(work.Fetches, stop) : await one.RunAsync(work.Pages, words[2], stop);
        Console.Out.WriteLine(JsonSerializer.Serialize(figures, Wire));
    }

    private static async Task<CrawlFigures> ChildAsync(string words, Work work, CancellationToken stop)
    {
        using var child = Start(words, work);
        child.StandardInput.Close();
        try
        {
            var output = await child.StandardOutput.ReadToEndAsync(stop);
            await child.WaitForExitAsync(stop);
            return child.ExitCode == 0
                ? JsonSerializer.Deserialize<CrawlFigures>(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], Wire)!
                : throw new InvalidOperationException($"The case '{words}' ended with {child.ExitCode}.");
        }
        finally
        {
            if (!child.HasExited)
                child.Kill();
        }
    }

    private static Process Start(string words, Work work)
    {
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        return Process.Start(new ProcessStartInfo(program,
        [
            .. self, "bench", "crawl", "--case", words, "--fetches", Text(work.Fetches), "--pages", Text(work.Pages), "--hosts", Text(work.Hosts),
        ])
        { RedirectStandardOutput = true, RedirectStandardInput = true }) ?? throw new InvalidOperationException($"'{program}' does not start.");

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
