using System.CommandLine;
using System.Diagnostics;
using WebImageText.Cli.Terminal;
using WebImageText.Crawl.Queries;

namespace WebImageText.Cli.Queries;

/// <summary><c>wit queries build</c>: the list of the CLIP paper from Wikipedia, page views and WordNet.</summary>
internal static class QueriesBuildVerb
{
    public static Command Create()
    {
        var standard = new QueryListSettings { WorkFolder = "" };
        var wikipedia = Files("--wikipedia", "Dumps of a Wikipedia: pages-articles XML, plain, .bz2 (also multistream), .gz or .zst");
        var views = Files("--pageviews", "Page views, hourly (pageviews-*, pagecounts-*) or daily (pageview_complete); of several days the mean is taken");
        var wordNet = new Option<string?>("--wordnet") { Description = "Folder of WordNet 3.0 or 3.1 (Debian's wordnet-base: /usr/share/wordnet)", HelpName = "DIR" };
        var block = new Option<string?>("--block") { Description = "Queries that never get in, one a line", HelpName = "F" };
        var language = new Option<string>("--language") { Description = "Language of the wiki, as page views name it", HelpName = "CODE", DefaultValueFactory = _ => standard.Language };
        var limit = Positive("--limit", "Queries, at most", standard.Limit);
        var minCount = Positive("--min-count", "Least occurrences of a word, and of a pair of words", standard.MinCount);
        var minPmi = new Option<double>("--min-pmi") { Description = "Least pointwise mutual information of a pair, in bits", HelpName = "BITS", DefaultValueFactory = _ => standard.MinPmi };
        var minViews = new Option<double>("--min-views") { Description = "Least views of an article a day", HelpName = "N", DefaultValueFactory = _ => standard.MinViews };
        var memory = new Option<long>("--memory")
        {
            Description = "Memory for counting; the rest goes through files",
            HelpName = "BYTES",
            DefaultValueFactory = _ => standard.Memory,
            CustomParser = result => CommonOptions.Parsed<long>(result, CommonOptions.TryBytes, "a number of bytes, such as 512MB or 4GiB"),
        };
        var work = new Option<string?>("--work") { Description = "Folder for counts; kept, so that a stopped build goes on and other thresholds need no new count (default: OUT.counts, deleted at the end)", HelpName = "DIR" };
        var explain = new Option<string[]>("--explain") { Description = "Tell why this query is or is not in the list (repeatable)", HelpName = "QUERY", DefaultValueFactory = _ => [] };
        var output = new Option<string>("--out") { Description = "The list: .tsv or .parquet", HelpName = "F", Required = true };
        var verb = new Command("build", "Make a list from Wikipedia, page views and WordNet")
        {
            wikipedia, views, wordNet, block, language, limit, minCount, minPmi, minViews, memory, work, explain, output,
        };
        verb.SetAction((parsed, stop) => QueriesVerb.Guarded(() => RunAsync(new()
        {
            Wikipedia = parsed.GetValue(wikipedia) ?? [],
            PageViews = parsed.GetValue(views) ?? [],
            WordNet = parsed.GetValue(wordNet),
            BlockList = parsed.GetValue(block),
            Language = parsed.GetValue(language)!,
            Limit = parsed.GetValue(limit),
            MinCount = parsed.GetValue(minCount),
            MinPmi = parsed.GetValue(minPmi),
            MinViews = parsed.GetValue(minViews),
            Memory = parsed.GetValue(memory),
            Explain = parsed.GetValue(explain) ?? [],
            WorkFolder = parsed.GetValue(work) ?? parsed.GetRequiredValue(output) + ".counts",
        }, parsed.GetRequiredValue(output), keepCounts: parsed.GetValue(work) is not null, parsed.GetValue(CommonOptions.Json), stop)));
        return verb;
    }

    private static async Task<int> RunAsync(QueryListSettings settings, string output, bool keepCounts, bool json, CancellationToken stop)
    {
        if (settings.Wikipedia.Count == 0 && settings.WordNet is null)
            throw UserErrorException.Usage("Nothing to build from: give --wikipedia, --wordnet or both.");
        if (settings.PageViews.Count > 0 && settings.Wikipedia.Count == 0)
            throw UserErrorException.Usage("Page views are joined with the articles of a dump: give --wikipedia too.");
        if (settings.Wikipedia.Concat(settings.PageViews).Append(settings.BlockList).FirstOrDefault(path => path is not null && !File.Exists(path)) is { } missing)
            throw UserErrorException.Usage($"There is no file '{missing}'.");

        var clock = Stopwatch.StartNew();
        var result = await WorkProgress.RunAsync("Building the list", async report => await QueryListBuilder.BuildAsync(settings, progress =>
            report(new(progress.Done, progress.Total, $"{progress.Text}, {progress.Done / 1e6:N0} of {progress.Total / 1e6:N0} MB, "
                + $"{progress.Done / 1e6 / Math.Max(clock.Elapsed.TotalSeconds, 0.001):N1} MB/s")), stop));
        await QueryListWriter.WriteAsync(output, result.Rows, stop);
        if (!keepCounts && Directory.Exists(settings.WorkFolder))
            Directory.Delete(settings.WorkFolder, recursive: true);
        if (json)
        {
            Screen.Result(new
            {
                Out = output,
                Queries = result.Rows.Count,
                result.Articles,
                result.Words,
                result.UnreadablePages,
                result.UnreadableViews,
                result.OverLimit,
                result.Blocked,
                result.Explanations,
                Seconds = clock.Elapsed.TotalSeconds,
            });
            return ExitCode.Done;
        }
        foreach (var explanation in result.Explanations)
            Console.WriteLine(Screen.Printable(explanation));
        Console.WriteLine($"{result.Rows.Count:N0} queries in {output} ({result.Articles:N0} articles, {result.Words:N0} words, {clock.Elapsed.TotalSeconds:N1} s); "
            + $"{result.OverLimit:N0} over the limit, {result.Blocked:N0} blocked, {result.UnreadablePages:N0} pages and {result.UnreadableViews:N0} lines of views unreadable");
        return ExitCode.Done;
    }

    private static Option<string[]> Files(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "F",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private static Option<int> Positive(string name, string description, int standard)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() < 1)
                result.AddError($"'{name}' must be at least 1.");
        });
        return option;
    }
}
