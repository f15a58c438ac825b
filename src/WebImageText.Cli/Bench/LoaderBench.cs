using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using WebImageText.Cli.Bench.Build;
using WebImageText.Cli.Evaluate;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Pixels;
using WebImageText.Learn.Data;
using WebImageText.Learn.Text;
using WebImageText.Shards.Tar;

namespace WebImageText.Cli.Bench;

/// <summary><c>wit bench loader</c>: from shards to batches, as training reads them, without a model.</summary>
internal static class LoaderBench
{
    private const int ShardSize = 500;

    public static Command Create()
    {
        var photos = new Option<DirectoryInfo>("--photos")
        {
            Description = "Folder of JPEG photographs; without it, made ones of 500 px and some 110 kB",
            HelpName = "DIR",
        }.AcceptExistingOnly();
        var count = new Option<int>("--count") { Description = "Photographs in the shards", HelpName = "N", DefaultValueFactory = _ => 1_000 };
        var workers = new Option<int>("--workers") { Description = "Threads that decode. Default all cores", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
        var side = new Option<int>("--side") { Description = "Of the squares that a model takes, pixels", HelpName = "PX", DefaultValueFactory = _ => 224 };
        var batch = new Option<int>("--batch") { Description = "Pairs of a batch", HelpName = "N", DefaultValueFactory = _ => 256 };
        var seconds = new Option<double>("--seconds") { Description = "Time that is measured, s", HelpName = "S", DefaultValueFactory = _ => 10 };
        var verb = new Command("loader", "Shards to batches: images read, decoded, augmented and tokenised a CPU-second") { photos, count, workers, side, batch, seconds };
        verb.SetAction((parsed, stop) => ModelOptions.Guarded(async () =>
        {
            ModelOptions.RequireTorch(); // batches are tensors
            if (parsed.GetValue(count) < 1 || parsed.GetValue(batch) < 1 || parsed.GetValue(workers) < 1)
                throw UserErrorException.Usage("--count, --batch and --workers must be at least 1.");
            var scratch = Directory.CreateTempSubdirectory("wit-bench-loader-");
            try
            {
                var figures = new BenchFigures("loader");
                var images = PhotoSet.Load(parsed.GetValue(photos)?.FullName, parsed.GetValue(count));
                if (images.Count == 0)
                    throw UserErrorException.Usage($"'{parsed.GetValue(photos)}' holds no .jpg or .jpeg file.");
                figures.Add("photos", images.Count, "files", ImageJudge.HasTurbo ? "decoded by libturbojpeg" : "decoded by libvips");
                figures.Add("photo_kilobytes", images.Average(image => image.Length) / 1e3, "kB", "mean");
                await WriteAsync(images, scratch.FullName, stop);
                await MeasureAsync(figures, scratch.FullName, new()
                {
                    Batch = parsed.GetValue(batch),
                    Side = parsed.GetValue(side),
                    Workers = parsed.GetValue(workers),
                }, parsed.GetValue(seconds), stop);
                figures.Print(parsed.GetValue(CommonOptions.Json));
                return ExitCode.Done;
            }
            finally
            {
                scratch.Delete(recursive: true);
            }
        }));
        return verb;
    }

    private static async Task WriteAsync(IReadOnlyList<byte[]> images, string folder, CancellationToken stop)
    {
        for (var first = 0; first < images.Count; first += ShardSize)
        {
            await using var file = File.Create(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{first / ShardSize:d5}.tar")));
            var tar = new ShardTar(file);
            for (var at = first; at < Math.Min(images.Count, first + ShardSize); at++)
                await tar.AddAsync(at.ToString("d9", CultureInfo.InvariantCulture), images[at],
                    "{}"u8.ToArray(), Encoding.UTF8.GetBytes($"a photograph of number {at}, taken on a cloudy day near the old harbour"), stop);
            await tar.FinishAsync(stop);
        }
    }

    private static async Task MeasureAsync(BenchFigures figures, string folder, LoaderOptions options, double seconds, CancellationToken stop)
    {
        var shards = await TarShard.FindAsync(
            string.Join("::", Directory.EnumerateFiles(folder, "*.tar").Order(StringComparer.Ordinal)), stop);
        var order = new SampleOrder([new(shards)], seed: 1, window: 1_000);
        var tokenizer = ClipTokenizer.Shipped;
        await using var loader = new BatchLoader(new SampleFeed(order).FromAsync(new(0, 0), stop), (caption, row) => tokenizer.Encode(caption, row, out _), options);
        async Task<int> Take()
        {
            using var batch = await loader.NextAsync(stop);
            return batch.Captions.Length;
        }
        for (var at = 0; at < options.Ready + 2; at++)
            await Take(); // compiled, and buffers filled
        var (cpu, clock, images) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew(), 0);
        while (clock.Elapsed.TotalSeconds < seconds)
            images += await Take();
        var spent = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        figures.Add("images_per_cpu_second", images / spent, "images per CPU-second", $"{options.Side} px, random resized crop, cubic, tokens");
        figures.Add("images_per_second", images / clock.Elapsed.TotalSeconds, "images per second", $"{options.Workers} worker(s), {Environment.ProcessorCount} cores");
        figures.Add("broken", loader.Counts.AllBroken, "samples");
    }
}
