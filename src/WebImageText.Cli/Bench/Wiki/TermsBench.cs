using System.CommandLine;
using System.Diagnostics;
using WebImageText.Cli.Terminal;
using WebImageText.Crawl.Queries;
using WebImageText.Crawl.Queries.Counting;

namespace WebImageText.Cli.Bench.Wiki;

/// <summary><c>wit bench terms</c>: words and pairs of a generated stream, counted in bounded memory and checked.</summary>
internal static class TermsBench
{
    private const uint Least = 100;

    public static Command Create()
    {
        var words = new Option<long>("--words") { Description = "Words of the stream", HelpName = "N", DefaultValueFactory = _ => 50_000_000 };
        var vocabulary = new Option<int>("--vocabulary") { Description = "Different words", HelpName = "N", DefaultValueFactory = _ => 20_000_000 };
        var memory = new Option<long>("--memory")
        {
            Description = "Memory for counting",
            HelpName = "BYTES",
            DefaultValueFactory = _ => 1L << 30,
            CustomParser = result => CommonOptions.Parsed<long>(result, CommonOptions.TryBytes, "a number of bytes, such as 512MB or 4GiB"),
        };
        var verb = new Command("terms", "Count the words and pairs of a Zipf stream in bounded memory: peak memory, rate, exactness") { words, vocabulary, memory };
        verb.SetAction((parsed, stop) =>
        {
            var folder = Directory.CreateTempSubdirectory("wit-bench-terms");
            try
            {
                Run(parsed.GetValue(words), parsed.GetValue(vocabulary), parsed.GetValue(memory), folder.FullName, stop).Print(parsed.GetValue(CommonOptions.Json));
                return Task.FromResult(ExitCode.Done);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return verb;
    }

    private static BenchFigures Run(long words, int vocabulary, long memory, string folder, CancellationToken stop)
    {
        var figures = new BenchFigures("terms");
        var before = Resident.Forget();
        var clock = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        var threads = Environment.ProcessorCount;
        var runs = 0;
        string NextRun(string kind) => Path.Combine(folder, $"{kind}.{Interlocked.Increment(ref runs):D6}.run");
        // As the list builder shares it out, the pairs have five parts of eight; titles have one, which is nobody's here.
        var workers = Enumerable.Range(0, threads).Select(at => new TermsWorker(new(vocabulary, at), vocabulary,
            new(memory / threads / 8 * 2, () => NextRun("words")), new(memory / threads / 8 * 5, () => NextRun("pairs")))).ToArray();
        Screen.Note($"counting {words:N0} words");
        Parallel.ForEach(workers, worker => worker.Count(words / threads, stop));
        var known = TermsWorker.Sum(workers);
        figures.Add("words", known.Words, "");
        figures.Add("different_words", known.WordCounts.Count(count => count > 0), "");
        figures.Add("different_pairs", (double)known.SomePairs.Count * TermsWorker.SampleOf, "", $"from one pair in {TermsWorker.SampleOf}");
        figures.Add("count_seconds", clock.Elapsed.TotalSeconds, "s");
        figures.Add("words_per_cpu_second", known.Words / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, "words and pairs per CPU-second", "making them included");
        figures.Add("runs", Directory.GetFiles(folder).Length, "");
        figures.Add("runs_mb", new DirectoryInfo(folder).GetFiles().Sum(run => run.Length) / 1e6, "MB", "on disk");

        Screen.Note("adding up");
        clock.Restart();
        var frequent = Check(folder, known, stop);
        figures.Add("merge_seconds", clock.Elapsed.TotalSeconds, "s");
        figures.Add("frequent_terms", frequent, "", $"words and pairs that occur {Least} times or more");
        figures.Add("memory_limit_mb", memory / 1e6, "MB", "for counting");
        figures.Add("check_memory_mb", (threads * (vocabulary + 1L) * 4 + vocabulary * 8L) / 1e6, "MB", "for the counts by which the result is checked");
        figures.Add("peak_mb", (Resident.Peak() - before) / 1e6, "MB", "most resident memory, the check's included");
        return figures;
    }

    /// <summary>All frequent words, and the frequent ones among the pairs that were noted, must be there with their counts.</summary>
    private static long Check(string folder, TermsWorker.Known known, CancellationToken stop)
    {
        var none = new HashSet<string>();
        var (all, found, checkedPairs) = (0L, 0, 0);
        foreach (var word in TermMerge.Merge(Directory.GetFiles(folder, "words.*"), QueryFold.Of, Least, none))
        {
            all++;
            found++;
            if (word.Count != (ulong)known.WordCounts[ZipfStream.Read(word.Folded)])
                throw UserErrorException.BadData($"'{word.Folded}' was counted {word.Count} times and occurs {known.WordCounts[ZipfStream.Read(word.Folded)]} times.");
        }
        foreach (var pair in TermMerge.Merge(Directory.GetFiles(folder, "pairs.*"), QueryFold.Of, Least, none))
        {
            all++;
            stop.ThrowIfCancellationRequested();
            var ranks = ZipfStream.Read(pair.Folded);
            if (!TermsWorker.IsNoted(ranks))
                continue;
            checkedPairs++;
            if (pair.Count != known.SomePairs.GetValueOrDefault(ranks))
                throw UserErrorException.BadData($"'{pair.Folded}' was counted {pair.Count} times and occurs {known.SomePairs.GetValueOrDefault(ranks)} times.");
        }
        var (wordsExpected, pairsExpected) = (known.WordCounts.Count(count => count >= Least), known.SomePairs.Values.Count(count => count >= Least));
        return (found, checkedPairs) == (wordsExpected, pairsExpected) ? all
            : throw UserErrorException.BadData($"{found} frequent words and {checkedPairs} noted pairs were found, and there are {wordsExpected} and {pairsExpected}.");
    }
}
