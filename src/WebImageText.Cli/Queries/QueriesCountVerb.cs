using System.CommandLine;
using System.Globalization;
using System.Text;
using WebImageText.Cli.Terminal;
using WebImageText.Crawl.Queries;
using WebImageText.Crawl.Queries.Balance;

namespace WebImageText.Cli.Queries;

/// <summary><c>wit queries count</c>: how many texts each query occurs in.</summary>
internal static class QueriesCountVerb
{
    public static Command Create()
    {
        var list = QueriesVerb.List();
        var prebuilt = QueriesVerb.Prebuilt();
        var skip = QueriesVerb.SkipBadRows();
        var texts = new Option<string[]>("--texts")
        {
            Description = "Texts: shards (.tar), tables (.parquet, column 'caption' or 'text'), folders of them, or lines (.txt, .tsv, .gz)",
            HelpName = "F",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var output = new Option<string>("--out")
        {
            Description = "The counts, .tsv (query, count), for 'wit queries plan'; the matches of each text stand in F.lists beside them",
            HelpName = "F",
            Required = true,
        };
        var verb = new Command("count", "Count the texts in which each query occurs") { list, prebuilt, skip, texts, output };
        verb.SetAction((parsed, stop) => QueriesVerb.Guarded(async () =>
        {
            var queries = QueriesVerb.Load(parsed.GetRequiredValue(list), parsed.GetValue(skip));
            var matcher = QueriesVerb.Matcher(queries, parsed.GetValue(prebuilt));
            var path = parsed.GetRequiredValue(output);
            var dirty = 0L;
            MatchCount count;
            using (var lists = new MatchLists.Writer(path + ".lists", queries.Count))
            {
                count = await WorkProgress.RunAsync("Counting", report => MatchCount.RunAsync(matcher,
                    CaptionFiles.ReadAsync(parsed.GetRequiredValue(texts), () => dirty++, stop), lists, done => report(new(done, 0, $"{done:N0} texts")), stop));
            }
            await File.WriteAllLinesAsync(path, queries.Select(query =>
                string.Create(CultureInfo.InvariantCulture, $"{query.Text}\t{count.Counts[query.Id.Row]}")), new UTF8Encoding(false), stop);
            QueriesVerb.NoteDirty(dirty);
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(new { Out = path, count.Texts, DirtyTexts = dirty, count.Matched, Matches = count.Counts.Sum(), QueriesFound = count.Counts.Count(n => n > 0) });
            else
            {
                Console.WriteLine($"{count.Texts:N0} texts, {count.Matched:N0} with a query, {count.Counts.Sum():N0} matches of "
                    + $"{count.Counts.Count(n => n > 0):N0} queries: {path}");
            }
            return ExitCode.Done;
        }));
        return verb;
    }
}
