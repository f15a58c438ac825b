using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Spectre.Console;
using WebImageText.Cli.Evaluate;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Descriptors;
using WebImageText.Learn.Detector;
using WebImageText.Shards.Rows;

namespace WebImageText.Cli.Detector;

/// <summary><c>wit detector embed</c>: images to descriptors, row by row in the order of the list.</summary>
internal static class DetectorEmbedVerb
{
    private const int AtOnce = 32, AtOnceOnCuda = 128;

    public static Command Create()
    {
        var images = new Option<string>("--images")
        {
            Description = "Folder, list of paths (.txt), .tar or folder of shards",
            HelpName = "SOURCE",
            Required = true,
        };
        var output = new Option<string>("--out") { Description = "Little-endian float32 rows, or a parquet file with names", HelpName = "F.f32|F.parquet", Required = true };
        var model = ModelOption();
        var device = new Option<string>("--device") { Description = "cpu or cuda; for cuda ONNX Runtime must be of a build for it (-p:Onnx=gpu)", HelpName = "NAME", DefaultValueFactory = _ => "cpu" };
        device.AcceptOnlyFromAmong("cpu", "cuda");
        var engine = new Option<string>("--engine") { Description = "onnx, or torch: this program's own detectors by their safetensors", HelpName = "NAME", DefaultValueFactory = _ => "onnx" };
        engine.AcceptOnlyFromAmong("onnx", "torch");
        var embed = new Command("embed", "Describe images with a detector") { images, output, model, device, engine };
        embed.SetAction(async (parsed, stop) =>
        {
            using var detector = Engine(parsed.GetValue(model), parsed.GetValue(engine) == "torch", parsed.GetValue(device) == "cuda");
            var result = await WorkProgress.RunAsync("Embedding", report => Task.Run(
                () => Embed(detector, parsed.GetRequiredValue(images), parsed.GetRequiredValue(output), report, stop), stop));
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(result);
            else
                Screen.Out.WriteLine($"{result.Rows} rows of {result.Dimension}, {result.Bad.Count} images not decoded, {result.ImagesPerCpuSecond:F1} images per CPU-second");
            return result.Bad.Count == 0 ? ExitCode.Done : ExitCode.BadData;
        });
        return embed;
    }

    private static DescribingEngine Engine(string? model, bool isTorch, bool cuda)
    {
        if (!isTorch)
        {
            var onnx = Open(model, cuda);
            return new(onnx.Preprocessing, onnx.Dimension, onnx.Hash, onnx.EmbedPixels, onnx) { AtOnce = cuda ? AtOnceOnCuda : AtOnce };
        }
        ModelOptions.RequireTorch();
        try
        {
            var torch = TorchDetector.Open(Path.ChangeExtension(model ?? DetectorModel.DefaultPath, ".safetensors"), cuda ? "cuda" : "cpu");
            return new(torch.Preprocessing, torch.Dimension, torch.Hash, torch.EmbedPixels, torch) { AtOnce = cuda ? AtOnceOnCuda : AtOnce };
        }
        catch (FileNotFoundException missing)
        {
            throw UserErrorException.Usage(missing.Message);
        }
        catch (InvalidDataException refused)
        {
            throw UserErrorException.BadData(refused.Message);
        }
    }

    /// <summary><c>--model</c>.</summary>
    public static Option<string?> ModelOption() => new("--model")
    {
        Description = "Detector: an ONNX file with the JSON of its preprocessing beside it. Default: this program's own",
        HelpName = "F.onnx",
    };

    /// <summary>The model that the option names.</summary>
    public static DetectorModel Open(string? path, bool cuda = false)
    {
        try
        {
            return DetectorModel.Open(path ?? DetectorModel.DefaultPath, threads: cuda ? 0 : 1, cuda);
        }
        catch (FileNotFoundException missing)
        {
            throw UserErrorException.Usage(missing.Message);
        }
        catch (InvalidDataException refused)
        {
            throw UserErrorException.BadData(refused.Message);
        }
    }

    /// <summary>Decodes and describes on all cores at once; rows are written in order, zeros where there is no picture.</summary>
    private static Embedded Embed(DescribingEngine detector, string source, string output, Action<WorkState> report, CancellationToken stop)
    {
        var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var (rows, bad) = (0, new List<string>());
        var isParquet = output.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
        var named = new List<DescriptorParquet.Row>();
        using (var file = File.Create(output + ".tmp"))
        {
            var length = detector.Preprocessing.Length;
            foreach (var wave in ImageSource.Read(source).Chunk(detector.AtOnce).Chunk(2 * Environment.ProcessorCount))
                foreach (var (all, names, described) in wave.AsParallel().AsOrdered().WithCancellation(stop).Select(chunk => Describe(detector, chunk, length)))
                {
                    if (isParquet)
                        named.AddRange(all.Select((name, at) => new DescriptorParquet.Row(name, names.Contains(name) ? null
                            : MemoryMarshal.AsBytes(described.AsSpan(at * detector.Dimension, detector.Dimension)).ToArray())));
                    else
                        file.Write(MemoryMarshal.AsBytes(described.AsSpan()));
                    rows += described.Length / detector.Dimension;
                    bad.AddRange(names);
                    report(new(rows, 0, $"{rows} images, {rows / clock.Elapsed.TotalSeconds:F0} a second"));
                }
            if (isParquet)
                DescriptorParquet.WriteAsync(file, named, stop).GetAwaiter().GetResult();
        }
        File.Move(output + ".tmp", output, overwrite: true);
        var spent = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        return new(rows, detector.Dimension, detector.Hash, rows / clock.Elapsed.TotalSeconds, rows / spent, bad);
    }

    private static (string[] Names, List<string> Bad, float[] Rows) Describe(DescribingEngine detector, (string Name, byte[] Bytes)[] images, int length)
    {
        var pixels = new float[images.Length * length];
        var good = new List<int>();
        for (var at = 0; at < images.Length; at++)
            if (detector.Preprocessing.TryRead(images[at].Bytes, pixels.AsSpan(good.Count * length, length)) is null)
                good.Add(at);
        var described = detector.EmbedPixels(pixels, good.Count);
        var rows = new float[images.Length * detector.Dimension];
        for (var at = 0; at < good.Count; at++)
            described.AsSpan(at * detector.Dimension, detector.Dimension).CopyTo(rows.AsSpan(good[at] * detector.Dimension));
        return ([.. images.Select(image => image.Name)], [.. Enumerable.Range(0, images.Length).Except(good).Select(at => images[at].Name)], rows);
    }

    private sealed record DescribingEngine(
        Preprocessing Preprocessing, int Dimension, string Hash, Func<Memory<float>, int, float[]> EmbedPixels, IDisposable Owner) : IDisposable
    {
        /// <summary>Images that are described in one call.</summary>
        public required int AtOnce { get; init; }

        public void Dispose() => Owner.Dispose();
    }

    private sealed record Embedded(int Rows, int Dimension, string Model, double ImagesPerSecond, double ImagesPerCpuSecond, IReadOnlyList<string> Bad);
}
