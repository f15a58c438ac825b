using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Dedup;
using WebImageText.Cli.Dedup.Review;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Audit;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Dedup.Search;

namespace WebImageText.Cli.Audit;

/// <summary><c>wit audit overlap</c>: CLIP's data-overlap analysis (Radford et al. 2021, section 5) of a training set.</summary>
internal static class OverlapVerb
{
    private const int ShownPairs = 24;
    private const int ThumbnailSide = 320;

    public static Command Create()
    {
        var train = new Argument<string>("TRAIN") { Description = "Training data: a data set, or a file of descriptors" };
        var (index, names, fromImages, model, device) = (DedupVerb.Index(), DedupVerb.Names(), DedupVerb.FromImages(), DescriberOption.Create(), SearchOn.Create());
        var results = new Option<string[]>("--results")
        {
            Description = "Per-example results of a model on a set (repeatable): file and correct, or file, label and predicted",
            HelpName = "NAME=F.csv",
        };
        var sets = DedupVerb.EvaluationSets("Images of a set, to show neighbours side by side");
        var (thresholds, verdicts) = (ScanVerb.Thresholds(), new Option<string?>("--verdicts")
        {
            Description = "What 'wit dedup review' saved: the precision of the pairs that were looked at is reported",
            HelpName = "F.json",
        });
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder for overlap.csv, overlap.json, index.html and pairs.csv", HelpName = "DIR", Required = true };
        var verb = new Command("overlap", "How much of each evaluation set is in the training data, and whether it helped")
        {
            train, index, results, sets, names, fromImages, model, device, thresholds, verdicts, output,
        };
        verb.SetGuardedAction(async (parsed, stop) =>
        {
            using var opened = DescriptorIndex.Open(parsed.GetRequiredValue(index).FullName);
            var location = parsed.GetRequiredValue(train);
            using var source = await DedupVerb.OpenCrawlAsync(location, opened, parsed.GetValue(names), parsed.GetValue(fromImages), parsed.GetValue(model), stop);
            var limits = ScanVerb.ThresholdsOf(opened, parsed.GetValue(thresholds) ?? []);
            var known = Results(opened, parsed.GetValue(results) ?? []);
            var nearest = await SearchOn.IndexAgainstCrawlAsync(parsed.GetValue(device)!, opened, source, stop);
            var rows = OverlapAudit.Run([.. opened.Head.Sets.Select((set, at) => new AuditedSet(set.Name, limits[at], Examples(opened, at, nearest, source, known[at])))]);
            var pairs = Pairs(opened, nearest, source, limits);
            var judged = Verdicts.Open(parsed.GetValue(verdicts) ?? "");
            var report = new OverlapReport(rows, [.. rows.Select(row => Precision(judged, pairs, row.Set))], source.Rows.Count, source.Without, opened.Head);
            var folder = parsed.GetRequiredValue(output).FullName;
            Directory.CreateDirectory(folder);
            AlikePair.Write(Path.Combine(folder, "pairs.csv"), pairs);
            var shown = pairs.GroupBy(pair => pair.Set).SelectMany(set => Shown([.. set])).ToArray();
            var pictures = await PairPictures.LoadAsync(
                shown, [.. (parsed.GetValue(sets) ?? []).Select(DedupVerb.Named)], Directory.Exists(location) ? location : null, ThumbnailSide, stop);
            await OverlapFiles.WriteAsync(folder, report, shown, pictures, stop);
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(report.ToJson());
            else
                Print(report, folder);
            return ExitCode.Done;
        });
        return verb;
    }

    private static ExampleResults[] Results(DescriptorIndex index, string[] options)
    {
        var named = options.Select(DedupVerb.Named).ToDictionary(option => option.Name, option => ExampleResults.Read(option.Source));
        if (named.Keys.FirstOrDefault(name => index.Head.Sets.All(set => set.Name != name)) is { } unknown)
            throw UserErrorException.Usage($"The index has no set '{unknown}'; it has {string.Join(", ", index.Head.Sets.Select(set => set.Name))}.");
        foreach (var set in index.Head.Sets)
            if (named.TryGetValue(set.Name, out var results) && set.Images.All(image => results.Of(image.File).IsCorrect is null))
                throw UserErrorException.BadData($"No file of set '{set.Name}' is named in its results: the index says, for example, '{set.Images[0].File}'.");
        return [.. index.Head.Sets.Select(set => named.GetValueOrDefault(set.Name, ExampleResults.None))];
    }

    private static List<AuditedExample> Examples(DescriptorIndex index, int set, Neighbour[] nearest, CrawlSource crawl, ExampleResults results)
    {
        var examples = new List<AuditedExample>();
        for (var image = 0; image < index.Images; image++)
        {
            if (index[image].Set != set)
                continue;
            var (file, found) = (index[image].Image, nearest[image]);
            var (label, isCorrect) = results.Of(file.File);
            examples.Add(new(file.File, label, isCorrect, found.Row < 0 ? null : found.Score, found.Row < 0 ? null : crawl.Names[(int)found.Row], file.IsFeatureless));
        }
        return examples;
    }

    // Every example with its nearest training image, the most alike first.
    private static List<AlikePair> Pairs(DescriptorIndex index, Neighbour[] nearest, CrawlSource crawl, float[] limits)
    {
        var pairs = new List<AlikePair>();
        for (var image = 0; image < index.Images; image++)
        {
            var ((set, file), found) = (index[image], nearest[image]);
            if (found.Row < 0 || file.IsFeatureless)
                continue;
            var place = crawl.Places.Count > 0 ? crawl.Places[(int)found.Row] : default;
            pairs.Add(new(index.Head.Sets[set].Name, file.File, crawl.Names[(int)found.Row], found.Score, found.Score >= limits[set], place.Shard ?? "", place.Key ?? ""));
        }
        pairs.Sort((a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : string.CompareOrdinal(a.File, b.File));
        return pairs;
    }

    // Around the threshold, where a reader can tell whether it is right.
    private static IEnumerable<AlikePair> Shown(AlikePair[] set)
    {
        var over = set.Count(pair => pair.IsOver);
        return set.Skip(Math.Max(0, over - ShownPairs / 2)).Take(ShownPairs);
    }

    private static (int Looked, int Copies) Precision(Verdicts verdicts, List<AlikePair> pairs, string set)
    {
        var said = pairs.Where(pair => pair.Set == set && pair.IsOver).Select(pair => verdicts.Of(pair.Set, pair.File, pair.Crawl)).OfType<bool>().ToArray();
        return (said.Length, said.Count(isCopy => isCopy));
    }

    private static void Print(OverlapReport report, string folder)
    {
        foreach (var row in report.Rows)
        {
            Screen.Out.WriteLine($"{row.Set}: {row.Overlap.Examples:N0} of {row.All.Examples:N0} overlap ({row.Contamination:P2}) at {row.Threshold:0.0000}");
            if (row.Difference is { } difference)
                Screen.Out.WriteLine($"  accuracy all {row.All.Accuracy:P2}, clean {row.Clean.Accuracy:P2}, overlap {row.Overlap.Accuracy:P2}; overlap - clean "
                    + $"{difference:+0.0%;-0.0%} [{row.DifferenceLow:+0.0%;-0.0%}, {row.DifferenceHigh:+0.0%;-0.0%}]; all - clean {row.Gain:+0.00%;-0.00%}; p {row.P:G3}"
                    + (row.IsSignificant ? ", significant" : ""));
            foreach (var note in row.Notes)
                Screen.Out.WriteLine($"  note: {note}");
        }
        Screen.Out.WriteLine($"report: {Path.Combine(folder, "index.html")}");
    }
}
