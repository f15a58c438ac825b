using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Terminal;
using WebImageText.Crawl.Queries;

namespace WebImageText.Cli.Queries;

/// <summary><c>wit queries stats</c>: what a list is like.</summary>
internal static class QueriesStatsVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("F") { Description = "Query list: .tsv, .txt or .parquet" };
        var skip = QueriesVerb.SkipBadRows();
        var verb = new Command("stats", "Lengths, words a query, sources and their overlap, queries that match too much or nothing") { file, skip };
        verb.SetAction((parsed, _) => QueriesVerb.Guarded(() =>
        {
            var stats = QueryListStats.Of(QueriesVerb.Load(parsed.GetRequiredValue(file), parsed.GetValue(skip)));
            if (parsed.GetValue(CommonOptions.Json))
            {
                Screen.Result(new
                {
                    stats.Queries,
                    LengthLeast = stats.Lengths.Least,
                    LengthMedian = stats.Lengths.Median,
                    LengthMost = stats.Lengths.Most,
                    stats.ByWords,
                    stats.BySource,
                    stats.BySources,
                    stats.Ambiguity,
                });
            }
            else
                Print(stats);
            return Task.FromResult(ExitCode.Done);
        }));
        return verb;
    }

    private static void Print(QueryListStats stats)
    {
        Console.WriteLine($"{stats.Queries:N0} queries of {stats.Lengths.Least} to {stats.Lengths.Most} characters, median {stats.Lengths.Median}");
        Write("words a query", stats.ByWords.Select(row => ($"{row.Key}", $"{row.Value:N0}", "")));
        Write("by source (one that several have counts for each)", stats.BySource.Select(row => (row.Key, $"{row.Value:N0}", "")));
        Write("by sources together", stats.BySources.Select(row => (row.Key, $"{row.Value:N0}", "")));
        Write("ambiguous", stats.Ambiguity.Select(row => (row.Key, $"{row.Value.Count:N0}", string.Join(", ", row.Value.Examples))));
    }

    private static void Write(string title, IEnumerable<(string Name, string Count, string More)> rows)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned()).AddColumn("");
        foreach (var (name, count, more) in rows)
            table.AddRow($"  {Markup.Escape(Screen.Printable(name))}", count, Markup.Escape(Screen.Printable(more)));
        Console.WriteLine();
        Console.WriteLine(title);
        Screen.Out.Write(table);
    }
}
