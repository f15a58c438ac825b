using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Dedup.Search;
using WebImageText.Curate.Pixels;

namespace WebImageText.Cli.Dedup;

/// <summary><c>wit dedup calibrate</c>: a threshold for every set of an index, from edited copies of it and from a crawl.</summary>
internal static class CalibrateVerb
{
    public static Command Create()
    {
        var (index, names, fromImages, model, device) = (DedupVerb.Index(), DedupVerb.Names(), DedupVerb.FromImages(), DescriberOption.Create(), SearchOn.Create());
        var sets = DedupVerb.EvaluationSets("Images of a set of the index, to be edited");
        sets.Required = true;
        var crawl = new Option<string>("--crawl") { Description = "Pictures that are not of the sets: a data set, or a file of descriptors", HelpName = "DIR|F", Required = true };
        var rate = new Option<double>("--false-rate")
        {
            Description = "Share of a crawl's pictures that may be taken for one of a set wrongly",
            HelpName = "P",
            DefaultValueFactory = _ => 1e-4,
        };
        var sample = new Option<int>("--sample") { Description = "Images of each set that are edited", HelpName = "N", DefaultValueFactory = _ => 500 };
        var verdicts = new Option<string?>("--verdicts") { Description = "What 'wit dedup review' saved: copies in the crawl are no negatives, and no pair called different passes", HelpName = "F.json" };
        var output = new Option<FileInfo?>("--out") { Description = "The index with its thresholds; by default it replaces the one that was read", HelpName = "F" };
        var verb = new Command("calibrate", "Choose the threshold of every evaluation set, and store it with the index")
        {
            index, sets, crawl, names, fromImages, model, device, rate, sample, verdicts, output,
        };
        verb.SetGuardedAction(async (parsed, stop) =>
        {
            var path = parsed.GetRequiredValue(index).FullName;
            using var opened = DescriptorIndex.Open(path);
            using var describer = DescriberOption.Open(parsed.GetValue(model), opened);
            if (parsed.GetValue(rate) is not (> 0 and < 0.5))
                throw UserErrorException.Usage("--false-rate must lie between 0 and 0.5.");
            using var source = await DedupVerb.OpenCrawlAsync(
                parsed.GetRequiredValue(crawl), opened, parsed.GetValue(names), parsed.GetValue(fromImages), parsed.GetValue(model), stop);
            var known = Verdicts.Open(parsed.GetValue(verdicts) ?? "");
            var nearest = await SearchOn.CrawlAgainstIndexAsync(parsed.GetValue(device)!, source, opened, stop);
            var calibrated = opened.Head.Sets.ToArray();
            foreach (var (name, images) in parsed.GetRequiredValue(sets).Select(DedupVerb.Named))
            {
                var at = Array.FindIndex(calibrated, set => set.Name == name);
                if (at < 0)
                    throw UserErrorException.Usage($"The index has no set '{name}'; it has {string.Join(", ", calibrated.Select(set => set.Name))}.");
                var copies = await WorkProgress.RunAsync($"Editing {name}", report => Task.Run(
                    () => Copies(opened, at, EvaluationSource.Read(images), describer, parsed.GetValue(sample), done => report(new(done, 0, $"{done:N0} images")), stop), stop));
                var (threshold, calibration) = ThresholdChoice.Choose(copies, Crawl(opened, source, nearest, at, known), parsed.GetValue(rate));
                calibrated[at] = calibrated[at] with { Threshold = threshold, Calibration = calibration };
            }
            opened.WriteWith((parsed.GetValue(output)?.FullName) ?? path, calibrated);
            Print(calibrated, parsed.GetValue(CommonOptions.Json));
            return ExitCode.Done;
        });
        return verb;
    }

    /// <summary>Edited copies of some images of a set, each against its own image in the index.</summary>
    private static List<CopyScore> Copies(
        DescriptorIndex index, int set, IEnumerable<NamedImage> images, Describer describer, int sample, Action<long> progress, CancellationToken stop)
    {
        var rows = new Dictionary<string, RowRange>();
        var row = index.Ranges[set].First;
        foreach (var image in index.Head.Sets[set].Images)
        {
            if (!image.IsFeatureless)
                rows[image.File] = new(row, image.Rows);
            row += image.Rows;
        }
        // Spread over the set, whatever its order: one in so many.
        var every = Math.Max(1, rows.Count / Math.Max(1, sample));
        var chosen = images.Where(image => rows.ContainsKey(image.Name)).Where((_, at) => at % every == 0).Take(sample);
        var (scores, done) = (new List<CopyScore>(), 0L);
        foreach (var batch in chosen.Chunk(64))
        {
            var found = new List<CopyScore>[batch.Length];
            Parallel.For(0, batch.Length, new ParallelOptions { CancellationToken = stop }, at =>
            {
                found[at] = [];
                var own = rows[batch[at].Name];
                var views = new float[own.Count * index.Rows.Dimension];
                index.Rows.Read(own.First, views);
                foreach (var (edit, jpeg) in CopyEdits.Of(batch[at].Bytes))
                    if (describer.TryDescribe(jpeg, withViews: false, out var copy) is null && !copy.IsFeatureless)
                        found[at].Add(new(edit, Best(copy.Rows, views)));
                progress(Interlocked.Increment(ref done));
            });
            scores.AddRange(found.SelectMany(score => score));
        }
        return scores;
    }

    private static float Best(ReadOnlySpan<float> copy, ReadOnlySpan<float> views)
    {
        var best = float.NegativeInfinity;
        for (var at = 0; at < views.Length; at += copy.Length)
            best = MathF.Max(best, System.Numerics.Tensors.TensorPrimitives.Dot(copy, views.Slice(at, copy.Length)));
        return best;
    }

    private static List<CrawlScore> Crawl(DescriptorIndex index, CrawlSource crawl, Neighbour[] nearest, int set, Verdicts known)
    {
        var (scores, sets) = (new List<CrawlScore>(), index.Head.Sets.Count);
        for (var at = set; at < nearest.Length; at += sets)
        {
            var image = index[index.ImageOf(nearest[at].Row)].Image;
            if (!image.IsFeatureless)
                scores.Add(new(nearest[at].Score, known.Of(index.Head.Sets[set].Name, image.File, crawl.Names[at / sets])));
        }
        return scores;
    }

    private static void Print(IndexedSet[] sets, bool json)
    {
        if (json)
        {
            Screen.Result(new { Sets = sets.Select(set => new { set.Name, set.Threshold, set.Calibration }) });
            return;
        }
        foreach (var set in sets.Where(set => set.Calibration is not null))
        {
            Screen.Out.WriteLine($"{set.Name}: threshold {set.Threshold:0.0000}, recall {set.Calibration!.Recall:P1} of {set.Calibration.Positives:N0} edited copies");
            Screen.Out.WriteLine($"  {set.Calibration.Reason}");
            foreach (var (edit, recall) in set.Calibration.RecallByEdit)
                Screen.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {edit,-28} {recall,7:P1}"));
        }
    }
}
