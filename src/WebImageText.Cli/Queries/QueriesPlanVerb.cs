using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using WebImageText.Cli.Charts;
using WebImageText.Cli.Terminal;
using WebImageText.Crawl.Queries.Balance;

namespace WebImageText.Cli.Queries;

/// <summary><c>wit queries plan</c>: what a cap keeps, ours and MetaCLIP's.</summary>
internal static class QueriesPlanVerb
{
    public static Command Create()
    {
        var file = new Option<string>("--counts") { Description = "Counts from 'wit queries count'; its F.lists beside them makes the sizes exact", HelpName = "F", Required = true };
        var cap = new Option<int>("--cap") { Description = "Texts that a query owns, at most; MetaCLIP's threshold t", HelpName = "N", DefaultValueFactory = _ => 20_000 };
        var chart = new Option<string?>("--chart") { Description = "Counts before and after, from head to tail: .svg or .png", HelpName = "F" };
        var verb = new Command("plan", "Tell what a cap keeps: the hard cap with one owner a text, and MetaCLIP's draw") { file, cap, chart };
        verb.SetAction((parsed, _) => QueriesVerb.Guarded(() =>
        {
            if (parsed.GetValue(cap) < 1)
                throw UserErrorException.Usage("'--cap' must be at least 1.");
            Run(parsed.GetRequiredValue(file), parsed.GetValue(cap), parsed.GetValue(chart), parsed.GetValue(CommonOptions.Json));
            return Task.FromResult(ExitCode.Done);
        }));
        return verb;
    }

    private static void Run(string path, int cap, string? chart, bool json)
    {
        var (counts, queryLengths) = ReadCounts(path);
        var lists = path + ".lists";
        var over = counts.Count(count => count > cap);
        var atMost = CapPlan.AtMost(counts, cap);
        var hard = File.Exists(lists) ? CapPlan.Hard(MatchLists.Read(lists, counts.Length), queryLengths, cap) : null;
        var draw = File.Exists(lists) ? CapPlan.Draw(MatchLists.Read(lists, counts.Length), counts, cap) : null;
        if (chart is not null)
            BalanceChart.Write(chart, counts, hard?.PerQuery ?? [.. counts.Select(count => (double)Math.Min(count, cap))], draw?.PerQuery, cap);
        if (json)
        {
            Screen.Result(new
            {
                Cap = cap,
                Queries = counts.Length,
                QueriesOverCap = over,
                Matches = counts.Sum(),
                AtMost = atMost,
                hard?.Texts,
                HardCapKept = hard?.Kept,
                HardCapQueriesFull = hard?.PerQuery.Count(owned => owned >= cap),
                MetaclipKept = draw?.Kept,
                MetaclipQueriesOverCap = draw?.Over,
                Chart = chart,
            });
            return;
        }
        Console.WriteLine($"{counts.Length:N0} queries, {counts.Sum():N0} matches; {over:N0} queries occur in more than {cap:N0} texts");
        if (hard is null || draw is null)
        {
            Console.WriteLine($"kept: at most {atMost:N0} texts. How many exactly depends on which queries share texts: '{lists}' is not there, 'wit queries count' writes it.");
            return;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn(new TableColumn("texts kept").RightAligned())
            .AddColumn(new TableColumn("of all").RightAligned()).AddColumn(new TableColumn("queries over the cap").RightAligned());
        table.AddRow("before", $"{hard.Texts:N0}", "100%", $"{over:N0}");
        table.AddRow("hard cap, owner = most room", $"{hard.Kept:N0}", $"{hard.Kept / Math.Max(1, hard.Texts):P1}", "0");
        table.AddRow("MetaCLIP's draw (expected)", $"{draw.Kept:N0}", $"{draw.Kept / Math.Max(1, draw.Texts):P1}", $"{draw.Over:N0}");
        Screen.Out.Write(table);
    }

    private static (long[] Counts, int[] QueryLengths) ReadCounts(string path)
    {
        List<long> counts = [];
        List<int> lengths = [];
        foreach (var line in File.ReadLines(path))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            lengths.Add(tab);
            counts.Add(tab > 0 && long.TryParse(line.AsSpan(tab + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
                : throw new InvalidDataException($"Counts '{path}', line {counts.Count + 1}: this is no query, tab, count. 'wit queries count' writes them."));
        }
        return counts.Count > 0 ? ([.. counts], [.. lengths]) : throw new InvalidDataException($"Counts '{path}' are empty.");
    }
}
