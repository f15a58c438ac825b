using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Index;

namespace WebImageText.Cli.Dedup;

/// <summary><c>wit dedup scan</c>: stored descriptors against an index, without images.</summary>
internal static class ScanVerb
{
    public static Command Create()
    {
        var crawl = new Argument<string>("CRAWL") { Description = "Data set, or a file of descriptors (.f32 or with a header)" };
        var (index, names, fromImages, model, device) = (DedupVerb.Index(), DedupVerb.Names(), DedupVerb.FromImages(), DescriberOption.Create(), SearchOn.Create());
        var floor = new Option<float?>("--floor") { Description = "Least likeness of a pair that is listed. Default: 0.1 under each set's threshold", HelpName = "S" };
        var thresholds = Thresholds();
        var output = new Option<FileInfo?>("--out") { Description = "The pairs as CSV, the most alike first", HelpName = "F.csv" };
        var verb = new Command("scan", "Compare stored descriptors with evaluation sets, also with sets that came later")
        {
            crawl, index, names, fromImages, model, device, floor, thresholds, output,
        };
        verb.SetGuardedAction(async (parsed, stop) =>
        {
            using var opened = DescriptorIndex.Open(parsed.GetRequiredValue(index).FullName);
            using var source = await DedupVerb.OpenCrawlAsync(
                parsed.GetRequiredValue(crawl), opened, parsed.GetValue(names), parsed.GetValue(fromImages), parsed.GetValue(model), stop);
            var limits = ThresholdsOf(opened, parsed.GetValue(thresholds) ?? []);
            var pairs = await PairsAsync(opened, source, limits, parsed.GetValue(floor), parsed.GetValue(device)!, stop);
            if (parsed.GetValue(output) is { } file)
                AlikePair.Write(file.FullName, pairs);
            var over = pairs.Count(pair => pair.IsOver);
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(new
                {
                    Crawl = source.Rows.Count,
                    WithoutDescriptor = source.Without,
                    Index = opened.Head.Id,
                    Pairs = pairs.Count,
                    Over = over,
                    Sets = opened.Head.Sets.Select((set, at) => new { set.Name, Threshold = limits[at], Over = pairs.Count(pair => pair.Set == set.Name && pair.IsOver) }),
                });
            else
                Screen.Out.WriteLine($"{source.Rows.Count:N0} pictures ({source.Without:N0} without a descriptor) against {opened.Images:N0} evaluation images: "
                    + $"{over:N0} at or over the threshold, {pairs.Count - over:N0} more listed");
            return ExitCode.Done;
        });
        return verb;
    }

    /// <summary><c>--threshold NAME=S</c>.</summary>
    public static Option<string[]> Thresholds() => new("--threshold")
    {
        Description = "Likeness from which on a picture counts as one of a set, instead of what the index says (repeatable)",
        HelpName = "NAME=S",
    };

    /// <summary>The threshold of every set: the option's, else the index's.</summary>
    public static float[] ThresholdsOf(DescriptorIndex index, string[] options)
    {
        var given = options.Select(DedupVerb.Named).ToDictionary(option => option.Name, option =>
            float.TryParse(option.Source, System.Globalization.CultureInfo.InvariantCulture, out var score) && score is > -1 and <= 1
                ? score
                : throw UserErrorException.Usage($"'{option.Source}' is no likeness between -1 and 1 (option --threshold)."));
        if (given.Keys.FirstOrDefault(name => index.Head.Sets.All(set => set.Name != name)) is { } unknown)
            throw UserErrorException.Usage($"The index has no set '{unknown}'; it has {string.Join(", ", index.Head.Sets.Select(set => set.Name))}.");
        return [.. index.Head.Sets.Select((set, at) => given.TryGetValue(set.Name, out var score) ? score : index.ThresholdOf(at))];
    }

    /// <summary>Every picture of the crawl with its nearest image of each set, down to a floor, the most alike first.</summary>
    public static async Task<List<AlikePair>> PairsAsync(
        DescriptorIndex index, CrawlSource crawl, float[] thresholds, float? floor, string device, CancellationToken stop)
    {
        var nearest = await SearchOn.CrawlAgainstIndexAsync(device, crawl, index, stop);
        var (pairs, sets) = (new List<AlikePair>(), index.Head.Sets.Count);
        for (var at = 0; at < nearest.Length; at++)
        {
            var (row, set, found) = (at / sets, at % sets, nearest[at]);
            if (!(found.Score >= (floor ?? thresholds[set] - 0.1f)))
                continue;
            var image = index[index.ImageOf(found.Row)].Image;
            if (image.IsFeatureless)
                continue; // what is plain resembles everything plain
            var place = crawl.Places.Count > 0 ? crawl.Places[row] : default;
            pairs.Add(new(index.Head.Sets[set].Name, image.File, crawl.Names[row], found.Score, found.Score >= thresholds[set], place.Shard ?? "", place.Key ?? ""));
        }
        pairs.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : string.CompareOrdinal(a.Crawl, b.Crawl));
        return pairs;
    }
}
