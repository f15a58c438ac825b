using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Run;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Filter;
using WebImageText.Shards;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;

namespace WebImageText.Cli.Shards;

/// <summary>
/// <c>wit shards filter</c>: what each filter would drop of a finished data set, from its rows alone. It changes nothing; it can
/// write the uids of those pairs.
/// </summary>
internal static class FilterVerb
{
    private static readonly HashSet<string> Columns = ["url", "caption", "uid", "page_url", "original_width", "original_height", "sha256", "pdq"];
    private static readonly HashSet<string> RejectedColumns = ["caption", "reason", "sha256"];

    public static Command Create()
    {
        var dataSet = ShardsVerb.DataSet();
        var options = new FilterOptions();
        var repeats = new Option<int?>("--max-repeats") { Description = "Pairs that may have one caption, first ones stay; by default the recipe's", HelpName = "N" };
        var hot = new Option<int>("--hot-texts")
        {
            Description = "Different captions that one picture may have been found with, dropped copies counted, before it is a placeholder",
            HelpName = "N",
            DefaultValueFactory = _ => 10,
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Report only, which is all that this verb does to a data set" };
        var uids = new Option<FileInfo?>("--uids") { Description = "Write the uids of pairs that any filter drops to this file, one a line", HelpName = "F" };
        var verb = new Command("filter", "Report what each filter would drop of a data set: texts, sizes, block lists, repeated captions, placeholders")
            { dataSet, repeats, hot, dryRun, uids };
        foreach (var option in options.All.Where(option => option.Name is not ("--score" or "--min-bytes")))
            verb.Add(option);
        verb.SetAction(async (parsed, stop) =>
        {
            var limits = options.Limits(parsed);
            using var filters = options.Filters(parsed);
            var judge = new RowJudge(new TextJudge(options.Text(parsed)), limits.MinSide, limits.MaxAspect, limits.MaxArea, filters.Blocks,
                parsed.GetValue(repeats) ?? options.MaxRepeats(parsed));
            var report = await RunAsync(new ShardReader(DataSetPlace.Open(parsed.GetRequiredValue(dataSet))), judge, new HotPictures(parsed.GetValue(hot)),
                parsed.GetValue(uids)?.FullName, stop);
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(report);
            else
                Print(report);
            return ExitCode.Done;
        });
        return verb;
    }

    /// <param name="Pairs">Pairs of the data set.</param>
    /// <param name="Dropped">Pairs that at least one filter drops.</param>
    /// <param name="Filters">For each filter, the pairs that it drops, whatever the others do.</param>
    private sealed record Report(long Pairs, long Dropped, IReadOnlyDictionary<string, long> Filters);

    private static async Task<Report> RunAsync(ShardReader reader, RowJudge judge, HotPictures hot, string? uids, CancellationToken stop)
    {
        // Copies never became pairs: they stand among the rejections, and tell a placeholder from a picture.
        await foreach (var file in reader.RejectedFilesAsync(stop))
            await foreach (var row in reader.RejectionsAsync(file, RejectedColumns, stop))
                if (row is { Sha256.Length: 64, Reason: "exact_duplicate" })
                    hot.Count(row.Sha256, row.Caption ?? "");
        await foreach (var shard in reader.ShardsAsync(stop))
            await foreach (var row in reader.RowsAsync(shard, Columns, stop))
                if (row.Sha256 is { Length: 64 } sha256)
                    hot.Count(sha256, row.Caption ?? "");

        var (pairs, dropped) = (0L, 0L);
        SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
        await using var list = uids is null ? null : new StreamWriter(uids);
        await foreach (var shard in reader.ShardsAsync(stop))
            await foreach (var row in reader.RowsAsync(shard, Columns, stop))
            {
                pairs++;
                List<string> reasons = [.. judge.Judge(row)];
                if (row.Sha256 is { Length: 64 } sha256 && hot.IsHot(sha256))
                    reasons.Add("placeholder");
                foreach (var reason in reasons)
                    counts[reason] = counts.GetValueOrDefault(reason) + 1;
                if (reasons.Count == 0)
                    continue;
                dropped++;
                if (list is not null)
                    await list.WriteLineAsync(row.Uid.AsMemory(), stop);
            }
        return new(pairs, dropped, counts);
    }

    private static void Print(Report report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("filter").AddColumn(new TableColumn("would drop").RightAligned());
        foreach (var (reason, count) in report.Filters.OrderByDescending(entry => entry.Value))
            table.AddRow(Markup.Escape(reason), $"{count:N0}");
        Screen.Out.Write(table);
        Screen.Out.WriteLine($"{report.Dropped:N0} of {report.Pairs:N0} pairs would be dropped by at least one filter; nothing was changed");
    }
}

/// <summary>Judges a stored row by every filter that needs no pixels.</summary>
internal sealed class RowJudge(TextJudge text, int minSide, double maxAspect, int maxArea, BlockList? blocks, int? maxRepeats)
{
    private readonly Dictionary<string, int> _captions = new(StringComparer.Ordinal);

    /// <summary>The words of the reasons, each filter for itself.</summary>
    public IEnumerable<string> Judge(PairRow row)
    {
        if (WebAddress.TryParse(row.Url ?? "", null, out var image))
        {
            Candidate candidate = new()
            {
                Image = image!,
                Page = WebAddress.TryParse(row.PageUrl ?? "", null, out var page) ? page : null,
                Provider = "",
                Texts = string.IsNullOrEmpty(row.Caption) ? [] : [new(TextSource.Alt, row.Caption)],
            };
            if (text.Judge(candidate) is { } drop)
                yield return drop.Reason.Word();
            if ((blocks?.Judge(candidate) ?? Picture(row)) is { } blocked)
                yield return blocked.Reason.Word();
        }
        if (row is { OriginalWidth: > 0 and var width, OriginalHeight: > 0 and var height })
        {
            var (shorter, longer) = (Math.Min(width, height), Math.Max(width, height));
            if (shorter < minSide)
                yield return DropReason.TooSmall.Word();
            if (longer > shorter * maxAspect)
                yield return DropReason.BadAspectRatio.Word();
            if ((long)width * height > maxArea)
                yield return DropReason.TooManyPixels.Word();
        }
        if (maxRepeats is { } most && row.Caption is { } caption)
        {
            var seen = _captions[caption] = _captions.GetValueOrDefault(caption) + 1;
            if (seen > most)
                yield return "repeated_text";
        }
    }

    private Drop? Picture(PairRow row) => blocks?.Judge(new PictureFacts(
        0, 0, 0, 0, row.Sha256 ?? "", "", 0, row.Pdq is { } pdq ? PdqHash.Parse(pdq) : default, row.Pdq is null ? 0 : 100));
}
