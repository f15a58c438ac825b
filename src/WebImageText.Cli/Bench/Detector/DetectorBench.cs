using System.CommandLine;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using SkiaSharp;
using WebImageText.Cli.Detector;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Descriptors;
using WebImageText.Curate.Dedup.Index;

namespace WebImageText.Cli.Bench.Detector;

/// <summary><c>wit bench detector</c>: how many edited copies of photographs are found, beside perceptual hashes.</summary>
internal static class DetectorBench
{
    private const double Precision = 0.99;

    private delegate float[] Describe(byte[] image, bool withViews);

    public static Command Create()
    {
        var photos = new Option<string[]>("--photos")
        {
            Description = "Photographs that no training saw: folder, list of paths (.txt) or .tar; repeatable",
            HelpName = "SOURCE",
            Required = true,
        };
        var count = new Option<int>("--count") { Description = "Photographs that are looked for; as many others are there to be taken for them", HelpName = "N", DefaultValueFactory = _ => 200 };
        var seed = new Option<string>("--seed") { Description = "Chooses them", HelpName = "TEXT", DefaultValueFactory = _ => "suite 1" };
        var model = DetectorEmbedVerb.ModelOption();
        var sheet = new Option<string?>("--sheet") { Description = "Also draw every transform of a few photographs, as a PNG", HelpName = "F.png" };
        var verb = new Command("detector", "Recall of copies at 99 % precision by transform, beside PDQ and pHash") { photos, count, seed, model, sheet };
        verb.SetAction((parsed, stop) => WorkProgress.RunAsync("Judging", report => Task.Run(() =>
        {
            if (parsed.GetValue(count) < 2)
                throw UserErrorException.Usage("--count must be at least 2.");
            using var detector = DetectorEmbedVerb.Open(parsed.GetValue(model));
            var chosen = Choose(parsed.GetRequiredValue(photos), parsed.GetValue(seed)!, 2 * parsed.GetValue(count));
            if (chosen.Count < 4)
                throw UserErrorException.BadData($"{chosen.Count} photographs could be decoded, and at least 4 are needed.");
            if (parsed.GetValue(sheet) is { } path)
                DrawSheet(chosen, path);
            var figures = new BenchFigures("detector");
            Judge(figures, detector, chosen, report, stop);
            figures.Print(parsed.GetValue(CommonOptions.Json));
            return ExitCode.Done;
        }, stop)));
        return verb;
    }

    // In an order that depends on the names and the seed alone; references and distractors by turns.
    private static List<SKBitmap> Choose(string[] sources, string seed, int count)
    {
        var order = sources.SelectMany(ImageSource.Read)
            .Select(image => (Key: Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}|{Path.GetFileName(image.Name)}"))), image.Bytes))
            .OrderBy(image => image.Key, StringComparer.Ordinal);
        var photos = new List<SKBitmap>();
        foreach (var (_, bytes) in order)
        {
            if (photos.Count == count)
                break;
            if (SuitePhoto.Decode(bytes) is { } photo)
                photos.Add(photo);
        }
        return photos;
    }

    private static void Judge(BenchFigures figures, DetectorModel detector, List<SKBitmap> photos, Action<WorkState> report, CancellationToken stop)
    {
        using var own = new DetectorDescriber(detector);
        using var pdq = new PdqDescriber();
        (int Dimension, Describe Describe)[] describers =
        [
            (own.Dimension, (image, views) => Described(own, image, views)),
            (pdq.Dimension, (image, views) => Described(pdq, image, views)),
            (PHash.Bits, (image, _) => PHash.Of(image)),
        ];
        // What is looked for may be described as copies show it, what was found never is.
        (string Name, int Describer, bool Views)[] systems =
            [("detector", 0, false), ("detector_views", 0, true), ("pdq", 1, false), ("pdq_views", 1, true), ("phash", 2, false)];
        var half = photos.Count / 2;
        var plain = photos.AsParallel().AsOrdered().WithCancellation(stop).Select(photo => Plain(photo)).ToArray();
        var references = systems.Select(system => plain.Take(half).AsParallel().AsOrdered().WithCancellation(stop)
            .Select(image => describers[system.Describer].Describe(image, system.Views)).ToArray()).ToArray();
        var right = systems.Select(_ => new Dictionary<string, float[]>()).ToArray();
        var wrong = systems.Select(_ => new List<float>()).ToArray();
        var strangers = systems.Select(_ => new Dictionary<string, float[]>()).ToArray();
        for (var kind = 0; kind < SuiteEdits.All.Count; kind++)
        {
            var edit = SuiteEdits.All[kind];
            var isShared = SuiteEdits.Shared.Contains(edit.Name);
            var made = Enumerable.Range(0, isShared ? 2 * half : half).AsParallel().AsOrdered().WithCancellation(stop).Select(at =>
            {
                // What it is pasted onto is a distractor, never another reference.
                var image = SuiteEdits.Jpeg(edit, photos[at], photos[half + (at * 7 + 3) % half], 1000 * kind + at);
                return describers.Select(describer => describer.Describe(image, false)).ToArray();
            }).ToArray();
            for (var number = 0; number < systems.Length; number++)
            {
                var (describer, looked) = (systems[number].Describer, references[number]);
                var scores = made.AsParallel().AsOrdered().Select(rows => looked.Select(known => Likeness(rows[describer], known, describers[describer].Dimension)).ToArray()).ToArray();
                right[number][edit.Name] = [.. Enumerable.Range(0, half).Select(at => scores[at][at])];
                for (var at = 0; at < scores.Length; at++)
                    wrong[number].AddRange(scores[at].Where((_, reference) => reference != at));
                if (isShared)
                    strangers[number][edit.Name] = [.. scores.Skip(half).Select(all => all.Max())];
            }
            report(new(kind + 1, SuiteEdits.All.Count, edit.Name));
        }
        figures.Add("references", half, "photographs", $"{half} others are distractors, plain and as {string.Join(", ", SuiteEdits.Shared.Skip(1))}");
        figures.Add("wrong_pairs", wrong[0].Count, "pairs");
        for (var number = 0; number < systems.Length; number++)
            Add(figures, systems[number].Name, new(right[number], [.. wrong[number]], strangers[number]));
    }

    private static void Add(BenchFigures figures, string system, SuiteScore score)
    {
        var threshold = score.Threshold(Precision);
        figures.Add($"{system}_threshold", threshold, "likeness", "at 99 % precision over all pairs");
        figures.Add($"{system}_recall", 100 * score.Recall(threshold), "%", "at 99 % precision");
        foreach (var template in score.Strangers.Keys)
            figures.Add($"{system}_false_flags_{template}", score.Flags(template, threshold), "pictures", $"of {score.Strangers[template].Length} distractors, taken for a reference");
        figures.Add($"{system}_recall_without_wrong", 100 * score.Recall(score.WithoutWrong), "%", "above the most alike wrong pair");
        foreach (var group in SuiteEdits.All.GroupBy(edit => edit.Severity))
            figures.Add($"{system}_{group.Key.ToString().ToLowerInvariant()}", 100 * group.Average(edit => score.Recall(edit.Name, threshold)), "%", "mean of its transforms");
        foreach (var edit in SuiteEdits.All)
            figures.Add($"{system}_{edit.Name}", 100 * score.Recall(edit.Name, threshold), "%", edit.Severity.ToString().ToLowerInvariant());
    }

    private static float Likeness(float[] query, float[] rows, int dimension)
    {
        var best = -1f;
        for (var at = 0; at < rows.Length; at += dimension)
            best = Math.Max(best, TensorPrimitives.Dot<float>(query, rows.AsSpan(at, dimension)));
        return best;
    }

    private static float[] Described(Describer describer, byte[] image, bool withViews) => describer.TryDescribe(image, withViews, out var described) is { } why
        ? throw new InvalidOperationException($"A picture of the suite cannot be described: {why}.")
        : described.Rows;

    private static byte[] Plain(SKBitmap photo)
    {
        using var data = photo.Encode(SKEncodedImageFormat.Jpeg, 95);
        return data.ToArray();
    }

    private static void DrawSheet(List<SKBitmap> photos, string path)
    {
        const int Cell = 160, Rows = 6;
        using var sheet = new SKBitmap(Cell * SuiteEdits.All.Count, Cell * Rows, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(sheet);
        for (var row = 0; row < Math.Min(Rows, photos.Count); row++)
            for (var column = 0; column < SuiteEdits.All.Count; column++)
            {
                using var edited = SKBitmap.Decode(SuiteEdits.Jpeg(SuiteEdits.All[column], photos[row], photos[(row + 1) % photos.Count], row));
                using var image = SKImage.FromBitmap(edited);
                var scale = Math.Min((float)Cell / edited.Width, (float)Cell / edited.Height);
                canvas.DrawImage(image, new SKRect(column * Cell, row * Cell, column * Cell + edited.Width * scale, row * Cell + edited.Height * scale), new SKSamplingOptions(SKFilterMode.Linear));
            }
        using var file = File.Create(path);
        sheet.Encode(file, SKEncodedImageFormat.Png, 100);
    }
}
