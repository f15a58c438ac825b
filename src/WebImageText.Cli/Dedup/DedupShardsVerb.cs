using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Shards;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Groups;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Dedup.Search;
using WebImageText.Shards;
using WebImageText.Shards.Stores;

namespace WebImageText.Cli.Dedup;

/// <summary><c>wit dedup shards</c>: the groups of copies in a finished data set, and which of each stays.</summary>
internal static class DedupShardsVerb
{
    /// <summary>Up to here every two descriptors are compared; beyond, those of one list.</summary>
    private const int FewRows = 30_000;
    private const int RowsOfAList = 2000;

    private static readonly HashSet<string> Columns =
        ["uid", "key", "sha256", "stored_sha256", "pdq", "descriptor", "caption", "width", "height", "original_width", "original_height"];

    public static Command Create()
    {
        var dataSet = ShardsVerb.DataSet();
        var model = DescriberOption.Create();
        var threshold = new Option<float?>("--threshold")
        {
            Description = "Likeness of stored descriptors from which on two pictures are copies; without it, bytes, pixels and PDQ decide",
            HelpName = "S",
        };
        var giant = new Option<int>("--placeholder-size")
        {
            Description = "Members from which on a group is a placeholder, such as a logo: none of it is worth keeping",
            HelpName = "N",
            DefaultValueFactory = _ => CopyGroups.PlaceholderSize,
        };
        var output = new Option<FileInfo?>("--out") { Description = "Every member of every group as CSV: group, uid, shard, key, keep, evidence", HelpName = "F.csv" };
        var verb = new Command("shards", "Find the copies within a finished data set: bytes, pixels, PDQ, descriptors") { dataSet, model, threshold, giant, output };
        verb.SetGuardedAction(async (parsed, stop) =>
        {
            var location = parsed.GetRequiredValue(dataSet);
            var (pictures, places) = await ReadAsync(location, stop);
            var alike = parsed.GetValue(threshold) is { } least ? await AlikeAsync(location, parsed.GetValue(model), least, stop) : [];
            var number = places.Select((place, at) => (place, at)).ToDictionary(place => place.place, place => place.at);
            var groups = CopyGroups.Find(pictures, alike.Select(pair => (number[pair.Left], number[pair.Right])), parsed.GetValue(giant));
            if (parsed.GetValue(output) is { } file)
                Write(file.FullName, groups, pictures, places);
            Print(groups, pictures, places, parsed.GetValue(CommonOptions.Json));
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task<(List<PictureRecord>, List<CrawlPlace>)> ReadAsync(string location, CancellationToken stop)
    {
        var (reader, pictures, places) = (new ShardReader(ShardStores.Open(location)), new List<PictureRecord>(), new List<CrawlPlace>());
        await foreach (var shard in reader.ShardsAsync(stop))
            await foreach (var row in reader.RowsAsync(shard, Columns, stop))
            {
                pictures.Add(new(row.Uid ?? row.Key ?? "", row.Sha256, row.StoredSha256, row.Pdq is null ? null : PdqHash.Parse(row.Pdq),
                    (long)(row.OriginalWidth ?? row.Width ?? 0) * (row.OriginalHeight ?? row.Height ?? 0), row.Caption?.Length ?? 0));
                places.Add(new(shard, row.Key ?? ""));
            }
        return pictures.Count > 0 ? (pictures, places) : throw UserErrorException.BadData($"'{location}' holds no committed shard.");
    }

    private static async Task<IEnumerable<(CrawlPlace Left, CrawlPlace Right)>> AlikeAsync(string location, string? model, float threshold, CancellationToken stop)
    {
        using var describer = DescriberOption.Open(model);
        using var source = await CrawlSource.OpenAsync(location, describer.Model, describer.Dimension, null, null, stop);
        var rows = source.Rows;
        var pairs = await WorkProgress.RunAsync("Comparing descriptors", _ => Task.Run(() => rows.Count <= FewRows
            ? (IReadOnlyList<AlikeRows>)ExactSearch.Alike(rows, threshold, stop: stop)
            : InvertedLists.Build(rows, (int)Math.Max(16, rows.Count / RowsOfAList), stop: stop).Alike(threshold, stop), stop));
        var places = source.Places;
        return pairs.Select(pair => (places[(int)pair.Left], places[(int)pair.Right]));
    }

    private static void Write(string path, IReadOnlyList<CopyGroup> groups, List<PictureRecord> pictures, List<CrawlPlace> places)
    {
        using var writer = new StreamWriter(path);
        writer.Write("group,uid,shard,key,keep,placeholder,evidence\n");
        foreach (var (number, group) in groups.Index())
            foreach (var (at, member) in group.Members.Index())
            {
                var evidence = at == 0 ? "" : group.Evidence[at].ToString().ToLowerInvariant();
                writer.Write(Csv.Line(number, pictures[member].Uid, places[member].Shard, places[member].Key,
                    at == 0 && !group.IsPlaceholder ? 1 : 0, group.IsPlaceholder ? 1 : 0, evidence));
            }
    }

    private static void Print(IReadOnlyList<CopyGroup> groups, List<PictureRecord> pictures, List<CrawlPlace> places, bool json)
    {
        var placeholders = groups.Where(group => group.IsPlaceholder).ToArray();
        var spare = groups.Sum(group => group.Members.Count - (group.IsPlaceholder ? 0 : 1));
        if (json)
        {
            Screen.Result(new
            {
                Pictures = pictures.Count,
                Groups = groups.Count,
                Spare = spare,
                Placeholders = placeholders.Select(group => new { group.Members.Count, pictures[group.Keeper].Uid, places[group.Keeper].Shard, places[group.Keeper].Key }),
                Evidence = groups.SelectMany(group => group.Evidence.Skip(1)).CountBy(evidence => evidence)
                    .ToDictionary(count => count.Key.ToString().ToLowerInvariant(), count => count.Value),
            });
            return;
        }
        Screen.Out.WriteLine($"{pictures.Count:N0} pictures: {groups.Count:N0} groups of copies, {spare:N0} pictures to spare");
        foreach (var group in placeholders)
            Screen.Out.WriteLine($"placeholder: {group.Members.Count:N0} times, for example {pictures[group.Keeper].Uid} in shard {places[group.Keeper].Shard}");
    }
}
