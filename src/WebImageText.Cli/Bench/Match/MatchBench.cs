using System.CommandLine;
using System.Diagnostics;
using System.Text;
using WebImageText.Cli.Terminal;
using WebImageText.Crawl.Queries;

namespace WebImageText.Cli.Bench.Match;

/// <summary><c>wit bench match</c>: 500,000 queries against WordNet's glosses, beside pyahocorasick.</summary>
internal static class MatchBench
{
    public static Command Create()
    {
        var wordNet = new Option<string>("--wordnet") { Description = "Folder of WordNet 3 (Debian: wordnet-base)", HelpName = "DIR", DefaultValueFactory = _ => "/usr/share/wordnet" };
        var wikipedia = new Option<string?>("--wikipedia") { Description = "A dump whose words and pairs become queries too", HelpName = "F" };
        var queries = new Option<int>("--queries") { Description = "Queries", HelpName = "N", DefaultValueFactory = _ => 500_000 };
        var megabytes = new Option<int>("--mb") { Description = "Texts, in MB", HelpName = "N", DefaultValueFactory = _ => 200 };
        var peerMegabytes = new Option<int>("--peer-mb") { Description = "Of them for pyahocorasick, which is slower; its matches are compared with ours", HelpName = "N", DefaultValueFactory = _ => 40 };
        var verb = new Command("match", "Find 500,000 queries in 200 MB of glosses: build, load, memory, MB per CPU-second, beside pyahocorasick")
        {
            wordNet, wikipedia, queries, megabytes, peerMegabytes,
        };
        verb.SetAction(async (parsed, stop) =>
        {
            var folder = Directory.CreateTempSubdirectory("wit-bench-match");
            try
            {
                var figures = await RunAsync(parsed.GetRequiredValue(wordNet), parsed.GetValue(wikipedia), parsed.GetValue(queries),
                    parsed.GetValue(megabytes), Math.Min(parsed.GetValue(peerMegabytes), parsed.GetValue(megabytes)), folder.FullName, stop);
                figures.Print(parsed.GetValue(CommonOptions.Json));
                return ExitCode.Done;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return verb;
    }

    private static async Task<BenchFigures> RunAsync(string wordNet, string? wikipedia, int count, int megabytes, int peerMegabytes, string folder, CancellationToken stop)
    {
        if (!File.Exists(Path.Combine(wordNet, "data.noun")))
            throw UserErrorException.Usage($"There is no WordNet in '{wordNet}' (Debian: wordnet-base). Name its folder with --wordnet.");
        var figures = new BenchFigures("match");
        Screen.Note("making queries and texts");
        var queries = await MatchInput.QueriesAsync(wordNet, wikipedia, count, Path.Combine(folder, "counts"), stop);
        var texts = MatchInput.Texts(wordNet, megabytes * 1_000_000L);
        figures.Add("queries", queries.Count, "");
        figures.Add("texts", texts.Count, "");

        Screen.Note("building and loading");
        var prebuilt = Path.Combine(folder, "matcher");
        Build(figures, queries, prebuilt);
        var matcher = Load(figures, queries, prebuilt);

        Screen.Note("matching");
        Match(matcher, texts, 5_000_000, stop); // compiled by then
        var ours = Match(matcher, texts, megabytes * 1_000_000L, stop);
        figures.Add("matches", ours.Count, "");
        figures.Add("mb_per_cpu_second", ours.Bytes / 1e6 / ours.Seconds, "MB per CPU-second", "UTF-8 bytes of the texts, one thread");
        figures.Add("texts_per_cpu_second", texts.Count / ours.Seconds, "");
        if (MatchPeer.IsHere())
            Compare(figures, matcher, queries, texts, ours.Bytes / ours.Seconds, peerMegabytes * 1_000_000L, folder, stop);
        else
            Screen.Note("pyahocorasick is not installed (Debian: python3-ahocorasick): no comparison");
        return figures;
    }

    private static void Build(BenchFigures figures, QueryList queries, string prebuilt)
    {
        var before = Resident.Forget();
        var clock = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        var matcher = QueryMatcher.Build(queries);
        figures.Add("build_seconds", clock.Elapsed.TotalSeconds, "s");
        figures.Add("build_cpu_seconds", (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, "s");
        figures.Add("build_peak_mb", (Resident.Peak() - before) / 1e6, "MB", "most resident memory while building, over that before");
        figures.Add("tables_mb", matcher.Bytes / 1e6, "MB");
        matcher.Save(prebuilt);
    }

    private static QueryMatcher Load(BenchFigures figures, QueryList queries, string prebuilt)
    {
        var before = Resident.Forget();
        List<(double Wall, double Cpu)> seconds = [];
        QueryMatcher matcher;
        do
        {
            var clock = Stopwatch.StartNew();
            var cpu = Environment.CpuUsage.TotalTime;
            matcher = QueryMatcher.Load(prebuilt, queries);
            seconds.Add((clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds));
            if (seconds.Count == 1)
                figures.Add("loaded_memory_mb", (Resident.Peak() - before) / 1e6, "MB", "resident, the mapped file included");
        }
        while (seconds.Count < 5);
        figures.Add("load_seconds", seconds.Select(load => load.Wall).Order().ElementAt(2), "s", "prebuilt file, all of it checked; median of 5");
        figures.Add("load_cpu_seconds", seconds.Select(load => load.Cpu).Order().ElementAt(2), "s");
        return matcher;
    }

    /// <summary>Matches texts up to a number of bytes, one after the other.</summary>
    private static (double Seconds, long Bytes, long Count) Match(QueryMatcher matcher, List<string> texts, long bytes, CancellationToken stop)
    {
        var (done, count) = (0L, 0L);
        List<QueryHit> hits = [];
        var cpu = Environment.CpuUsage.TotalTime;
        foreach (var text in texts)
        {
            hits.Clear();
            matcher.Match(text, hits);
            count += hits.Count;
            done += text.Length + 1;
            if (done >= bytes)
                break;
            stop.ThrowIfCancellationRequested();
        }
        return ((Environment.CpuUsage.TotalTime - cpu).TotalSeconds, done, count);
    }

    private static void Compare(BenchFigures figures, QueryMatcher matcher, QueryList queries, List<string> texts, double rate, long bytes,
        string folder, CancellationToken stop)
    {
        Screen.Note("matching with pyahocorasick");
        var (left, some) = (bytes, 0);
        while (some < texts.Count && left > 0)
            left -= Encoding.UTF8.GetByteCount(texts[some++]) + 1;
        var peer = MatchPeer.Measure(folder, queries.Select(query => query.Text), texts.Take(some));

        MatchChecksum ours = default;
        List<QueryHit> hits = [];
        for (var text = 0; text < some; text++)
        {
            stop.ThrowIfCancellationRequested();
            hits.Clear();
            matcher.Match(texts[text], hits);
            foreach (var hit in hits)
                ours.Add(text, hit.Query.Row);
        }
        if (ours.Count != peer.Count || ours.Sum != peer.Checksum)
            throw UserErrorException.BadData($"The two do not agree: {ours.Count:N0} matches here, {peer.Count:N0} by pyahocorasick. The figures are worth nothing.");
        figures.Add("pyahocorasick_build_cpu_seconds", peer.BuildSeconds, "s");
        figures.Add("pyahocorasick_memory_mb", peer.MemoryBytes / 1e6, "MB");
        figures.Add("pyahocorasick_mb_per_cpu_second", peer.TextBytes / 1e6 / peer.MatchSeconds, "MB per CPU-second", "on texts that are normalised already");
        figures.Add("same_matches", peer.Count, "", $"the same queries in the same {some:N0} texts, by both");
        figures.Add("ratio_pyahocorasick", rate / (peer.TextBytes / peer.MatchSeconds), "times", "our MB per CPU-second over its");
    }
}
