using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using Spectre.Console;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Descriptors;

namespace WebImageText.Cli.Detector;

/// <summary><c>wit detector score</c>: how alike the two images of each pair are.</summary>
internal static class DetectorScoreVerb
{
    public static Command Create()
    {
        var pairs = new Option<string>("--pairs") { Description = "Two paths a line, by a comma; no heading", HelpName = "F.csv", Required = true };
        var output = new Option<string>("--out") { Description = "The pairs with their score, -1 to 1", HelpName = "F.csv", Required = true };
        var model = DetectorEmbedVerb.ModelOption();
        var score = new Command("score", "Compare pairs of images with a detector") { pairs, output, model };
        score.SetAction(parsed =>
        {
            using var detector = DetectorEmbedVerb.Open(parsed.GetValue(model));
            var source = parsed.GetRequiredValue(pairs);
            var lines = ReadPairs(source);
            var folder = Path.GetDirectoryName(Path.GetFullPath(source))!;
            var images = lines.SelectMany(pair => new[] { pair.Left, pair.Right }).Distinct(StringComparer.Ordinal)
                .AsParallel().Select(image => (image, Row: Describe(detector, Path.Combine(folder, image))))
                .ToDictionary(image => image.image, image => image.Row, StringComparer.Ordinal);
            File.WriteAllLines(parsed.GetRequiredValue(output), lines.Select(pair => string.Create(CultureInfo.InvariantCulture,
                $"{pair.Left},{pair.Right},{TensorPrimitives.Dot<float>(images[pair.Left], images[pair.Right]):F6}")));
            Screen.Out.WriteLine($"{lines.Count} pairs of {images.Count} images");
            return ExitCode.Done;
        });
        return score;
    }

    private static List<(string Left, string Right)> ReadPairs(string source)
    {
        if (!File.Exists(source))
            throw UserErrorException.Usage($"'{source}' is not there: two paths a line, by a comma (option --pairs).");
        List<(string, string)> pairs = [];
        foreach (var (at, line) in File.ReadLines(source).Index())
            pairs.Add(line.Split(',') is [var left, var right] ? (left.Trim(), right.Trim())
                : throw UserErrorException.BadData($"'{source}', line {at + 1}: not two paths by one comma."));
        return pairs;
    }

    private static float[] Describe(DetectorModel detector, string path)
    {
        var pixels = new float[detector.Preprocessing.Length];
        var why = File.Exists(path) ? detector.Preprocessing.TryRead(File.ReadAllBytes(path), pixels) : "it is not there";
        return why is null ? detector.EmbedPixels(pixels, 1) : throw UserErrorException.BadData($"'{path}' cannot be compared: {why}.");
    }
}
