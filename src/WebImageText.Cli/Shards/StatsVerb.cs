using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Terminal;
using WebImageText.Shards.Verify;

namespace WebImageText.Cli.Shards;

/// <summary><c>wit shards stats</c>: what a data set holds.</summary>
internal static class StatsVerb
{
    public static Command Create()
    {
        var dataSet = ShardsVerb.DataSet();
        var top = new Option<int>("--top")
        {
            Description = "Queries that are listed from the head and from the tail",
            HelpName = "N",
            DefaultValueFactory = _ => 20,
        };
        var verb = new Command("stats", "Count pairs by query, provider, text source and size, and rejections by reason") { dataSet, top };
        verb.SetAction(async (parsed, stop) =>
        {
            var statistics = await ShardStatistics.ReadAsync(DataSetPlace.Open(parsed.GetRequiredValue(dataSet)), parsed.GetValue(top), stop);
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(statistics);
            else
                Print(statistics);
            return ExitCode.Done;
        });
        return verb;
    }

    private static void Print(ShardStatistics statistics)
    {
        Screen.Out.WriteLine(
            $"{statistics.Pairs:N0} pairs in {statistics.Shards:N0} shards, {(statistics.TarBytes + statistics.ParquetBytes) / 1e6:N1} MB; " +
            $"{statistics.Rejected:N0} rejections");
        Write("rejected, by reason", statistics.Reasons);
        Write("kept, by provider", statistics.Providers);
        Write("kept, by source of the text", statistics.TextSources);
        Write("kept, by width (from, pixels)", statistics.Widths.ToDictionary(entry => $"{entry.Key}", entry => entry.Value));
        Write("kept, by words of the caption (from)", statistics.CaptionWords.ToDictionary(entry => $"{entry.Key}", entry => entry.Value));
        Write("queries with the most pairs", statistics.Queries.Head.ToDictionary(entry => entry.Query, entry => entry.Pairs));
    }

    private static void Write(string title, IReadOnlyDictionary<string, long> counts)
    {
        if (counts.Count == 0)
            return;
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned());
        foreach (var (name, count) in counts)
            table.AddRow($"  {Markup.Escape(Screen.Printable(name))}", $"{count:N0}");
        Screen.Out.WriteLine();
        Screen.Out.WriteLine(title);
        Screen.Out.Write(table);
    }
}
