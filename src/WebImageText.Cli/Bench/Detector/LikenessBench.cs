using System.CommandLine;
using System.Diagnostics;
using System.Numerics.Tensors;
using WebImageText.Cli.Detector;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Dedup.Search;

namespace WebImageText.Cli.Bench.Detector;

/// <summary><c>wit bench likeness</c>: what the inverted lists of a run miss of exact comparison, and what a picture costs in them.</summary>
internal static class LikenessBench
{
    private const int Looks = 1000;

    /// <summary>What is so little over the least likeness is just alike enough.</summary>
    private const float Just = 0.02f;

    private static readonly float[] Leasts = [0.75f, 0.8f, 0.85f, 0.9f, 0.95f];

    public static Command Create()
    {
        var photos = new Option<string[]>("--photos") { Description = "Photographs: folder, list of paths (.txt) or .tar; repeatable", HelpName = "SOURCE", Required = true };
        var count = new Option<int>("--count") { Description = "Photographs that are taken", HelpName = "N", DefaultValueFactory = _ => 100 };
        var rows = new Option<int>("--rows") { Description = "Descriptors of chance among which a look is timed", HelpName = "N", DefaultValueFactory = _ => 200_000 };
        var model = DetectorEmbedVerb.ModelOption();
        var verb = new Command("likeness", "Recall of the inverted lists of a run, and their time and memory a picture") { photos, count, rows, model };
        verb.SetAction((parsed, stop) => WorkProgress.RunAsync("Describing", report => Task.Run(() =>
        {
            using var describer = new DetectorDescriber(DetectorEmbedVerb.Open(parsed.GetValue(model)));
            var (plain, all) = Describe(describer, [.. parsed.GetRequiredValue(photos).SelectMany(ImageSource.Read).Take(parsed.GetValue(count)).Select(photo => photo.Bytes)], report, stop);
            var figures = new BenchFigures("likeness");
            figures.Add("photographs", plain.Length, "photographs");
            figures.Add("pictures", all.Length, "pictures", "with every edit of wit bench detector");
            foreach (var least in Leasts)
                Recall(figures, new(least, describer.Model, describer.Dimension), $"{least * 100:0}", plain, all, stop);
            Cost(figures, new(0.9f, describer.Model, describer.Dimension), describer.Dimension, parsed.GetValue(rows), stop);
            figures.Print(parsed.GetValue(CommonOptions.Json));
            return ExitCode.Done;
        }, stop)));
        return verb;
    }

    private static (Half[][] Plain, Half[][] All) Describe(DetectorDescriber describer, byte[][] images, Action<WorkState> report, CancellationToken stop)
    {
        var done = 0;
        var described = images.AsParallel().AsOrdered().WithCancellation(stop).Select((image, at) =>
        {
            var (photo, other) = (SuitePhoto.Decode(image), SuitePhoto.Decode(images[(at + 1) % images.Length]));
            if (photo is null || other is null)
                return [];
            using (photo)
            using (other)
            {
                report(new(Interlocked.Increment(ref done), images.Length, ""));
                return SuiteEdits.All.Select((edit, kind) => Row(describer, SuiteEdits.Jpeg(edit, photo, other, 1000 * kind + at))).ToArray();
            }
        }).Where(edits => edits.Length > 0).ToArray();
        // The first edit is none: the photograph, encoded anew.
        return ([.. described.Select(edits => edits[0])], [.. described.SelectMany(edits => edits)]);
    }

    private static Half[] Row(DetectorDescriber describer, byte[] image) => describer.TryDescribe(image, withViews: false, out var described) is { } why
        ? throw new InvalidOperationException($"A picture of the suite cannot be described: {why}.")
        : Halved(described.Rows);

    private static Half[] Halved(ReadOnlySpan<float> row)
    {
        var half = new Half[row.Length];
        TensorPrimitives.ConvertToHalf(row, half);
        return half;
    }

    private static void Recall(BenchFigures figures, LikenessRule rule, string name, Half[][] plain, Half[][] all, CancellationToken stop)
    {
        var photos = Index(rule, plain);
        var dimension = all[0].Length;
        var flat = new float[all.Length * dimension];
        for (var at = 0; at < all.Length; at++)
            TensorPrimitives.ConvertToSingle(all[at], flat.AsSpan(at * dimension, dimension));
        var pairs = ExactSearch.Alike(new DescriptorMatrix("photographs", "", dimension, flat), rule.Least, stop: stop);
        var found = pairs.AsParallel().WithCancellation(stop).Where(pair => rule.Match(all[pair.Left], all[pair.Right]) is not null).ToList();
        bool IsJust(AlikeRows pair) => pair.Score < rule.Least + Just;
        figures.Add($"pairs_{name}", pairs.Count, "pairs", $"by exact comparison, likeness {rule.Least} or more");
        figures.Add($"recall_{name}", 100.0 * found.Count / pairs.Count, "%", $"found in {rule.Stands} lists each");
        figures.Add($"recall_just_{name}", 100.0 * found.Count(IsJust) / pairs.Count(IsJust), "%", $"of {pairs.Count(IsJust):N0} pairs no more alike than {rule.Least + Just:0.00}");
        figures.Add($"compared_{name}", 100 * plain.Average(row => (double)(photos.Compared(row) - rule.Stands) / (plain.Length - 1)), "% of all", "of other photographs, for each");
    }

    private static GrowingLists Index(LikenessRule rule, IEnumerable<Half[]> rows)
    {
        var index = new GrowingLists(rule);
        foreach (var row in rows)
            index.Add(row);
        return index;
    }

    private static void Cost(BenchFigures figures, LikenessRule rule, int dimension, int rows, CancellationToken stop)
    {
        var dice = new Random(1);
        Half[] Chance()
        {
            var row = new float[dimension];
            for (var at = 0; at < dimension; at++)
                row[at] = dice.NextSingle() + dice.NextSingle() + dice.NextSingle() - 1.5f;
            TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
            return Halved(row);
        }
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new GrowingLists(rule);
        var adding = new Stopwatch();
        for (var at = 0; at < rows; at++)
        {
            stop.ThrowIfCancellationRequested();
            var row = Chance();
            adding.Start();
            index.Add(row);
            adding.Stop();
        }
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Half[][] looks = [.. Enumerable.Range(0, Looks).Select(_ => Chance())];
        // Once before, so that its code is compiled as well as it will be.
        for (var at = 0; at < 20; at++)
            index.Within(Chance());
        var clock = Stopwatch.StartNew();
        foreach (var row in looks)
            index.Within(row);
        clock.Stop();
        figures.Add("bytes", (double)held / rows, "bytes a picture", $"{rows:N0} descriptors of {dimension} numbers, each in {rule.Stands} lists");
        figures.Add("add_ms", adding.Elapsed.TotalMilliseconds / rows, "ms a picture", "taken in, on one core");
        figures.Add("look_ms", clock.Elapsed.TotalMilliseconds / Looks, "ms a picture", "looked up, on one core");
        figures.Add("look_compared", looks.Average(row => index.Compared(row)), "descriptors", "compared in a look");
    }
}
