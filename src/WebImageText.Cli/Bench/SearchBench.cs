using System.CommandLine;
using System.Diagnostics;
using TorchSharp;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup;
using WebImageText.Curate.Dedup.Search;
using WebImageText.Learn;
using WebImageText.Learn.Search;

namespace WebImageText.Cli.Bench;

/// <summary><c>wit bench search</c>: pairs of descriptors compared in a second, beside a plain matrix product of the same run.</summary>
internal static class SearchBench
{
    public static Command Create()
    {
        var device = new Option<string>("--device") { Description = "cpu or cuda", HelpName = "NAME", DefaultValueFactory = _ => "cpu" };
        device.AcceptOnlyFromAmong("cpu", "cuda");
        var rows = new Option<int?>("--rows") { Description = "Evaluation rows. Default 1,048,576 on CUDA, 65,536 on the processor", HelpName = "N" };
        var queries = new Option<int?>("--queries") { Description = "Crawl rows looked up at a time. Default 262,144 and 4,080", HelpName = "N" };
        var dimensions = new Option<int[]>("--dimension")
        {
            Description = "Numbers in a descriptor, repeatable",
            HelpName = "N",
            DefaultValueFactory = _ => [512],
            AllowMultipleArgumentsPerToken = true,
        };
        var seconds = new Option<double>("--seconds") { Description = "Time for each rate, s", HelpName = "S", DefaultValueFactory = _ => 2 };
        var one = new Option<MaximaWay?>("--case") { Hidden = true };
        var verb = new Command("search", "Descriptor search: pairs a second against the matrix product of this machine") { device, rows, queries, dimensions, seconds, one };
        verb.SetAction(parsed =>
        {
            var figures = new BenchFigures("search");
            var cuda = parsed.GetValue(device) == "cuda";
            var probe = TorchProbe.Run();
            if (cuda && !probe.Devices.Any(name => name.StartsWith("cuda", StringComparison.Ordinal)))
                throw UserErrorException.Usage($"There is no CUDA device here ({probe.Fault ?? string.Join(", ", probe.Devices)}). Leave --device out to measure the processor.");
            var shape = (Rows: parsed.GetValue(rows) ?? (cuda ? 1 << 20 : 1 << 16), Queries: parsed.GetValue(queries) ?? (cuda ? 1 << 18 : 4080));
            if (shape.Rows < 1 || shape.Queries < 256)
                throw UserErrorException.Usage("--rows must be at least 1 and --queries at least 256.");
            var maxima = new MaximaBench(shape.Rows, shape.Queries, parsed.GetValue(dimensions)!, parsed.GetValue(seconds));
            if (parsed.GetValue(one) is { } way)
            {
                maxima.Case(way);
                return ExitCode.Done;
            }
            if (!cuda)
                Processor(figures, shape.Rows, shape.Queries, parsed.GetValue(dimensions)!, parsed.GetValue(seconds));
            if (probe.Version is not null)
                Torch(figures, cuda ? torch.CUDA : torch.CPU, shape.Rows, shape.Queries, parsed.GetValue(dimensions)!, parsed.GetValue(seconds), cuda ? maxima.Run(figures) : MaximaWay.Libtorch);
            else
                Screen.Note($"libtorch is not here, so there is no matrix product to compare with: {probe.Fault}");
            figures.Print(parsed.GetValue(CommonOptions.Json));
            return ExitCode.Done;
        });
        return verb;
    }

    private static void Torch(BenchFigures figures, torch.Device device, int rows, int queries, int[] dimensions, double seconds, MaximaWay way)
    {
        var (measure, cuda) = (new SearchMeasure(device), device.type == DeviceType.CUDA);
        var square = measure.SquareProduct(cuda ? 8192 : 1024, cuda ? torch.ScalarType.Float16 : torch.ScalarType.Float32, seconds);
        figures.Add("product_flops", square, "FLOP/s", cuda ? "plain product, 8,192 x 8,192 x 8,192, fp16" : "libtorch's plain product, 1,024 x 1,024 x 1,024, fp32");
        if (cuda)
            figures.Add("product_bf16_flops", measure.SquareProduct(8192, torch.ScalarType.BFloat16, seconds), "FLOP/s", "the same in bf16");
        foreach (var dimension in dimensions)
        {
            var found = measure.Run(rows, queries, dimension, seconds, way);
            var limit = square / (2 * dimension);
            var shape = $"d={dimension}, {queries:N0} x {rows:N0}";
            figures.Add($"torch_pairs_per_second_d{dimension}", found.PairsPerSecond, "pairs/s", $"{shape}, maxima by {found.Way}");
            if (cuda && found.SlowerBecause.Length > 0)
                Screen.Note($"d={dimension}: {found.SlowerBecause}");
            figures.Add($"maxima_pairs_per_second_d{dimension}", found.MaximaPerSecond, "pairs/s", "the same without the second look at the winning blocks");
            figures.Add($"tile_queries_d{dimension}", found.Tile.Queries, "rows", "shape of a tile, the fastest of a trial");
            figures.Add($"tile_references_d{dimension}", found.Tile.References, "rows", found.Tile.IsTurned ? "turned" : "");
            figures.Add($"torch_tiles_pairs_per_second_d{dimension}", found.TilesPerSecond, "pairs/s", "maxima by libtorch's operations, in these tiles");
            figures.Add($"product_same_shape_pairs_per_second_d{dimension}", found.ProductPairsPerSecond, "pairs/s", "plain product of the same tiles, scores written and dropped");
            figures.Add($"maxima_ratio_square_product_d{dimension}", found.MaximaPerSecond / limit, "of the plain square product's rate, without the second look");
            figures.Add($"ratio_square_product_d{dimension}", found.PairsPerSecond / limit, "of the plain square product's rate");
            figures.Add($"ratio_same_shape_product_d{dimension}", found.PairsPerSecond / found.ProductPairsPerSecond, "of the plain product of the same tiles");
            figures.Add($"torch_worst_score_error_d{dimension}", found.WorstScoreError, "against float64, 64 queries");
            figures.Add($"torch_worst_loss_d{dimension}", found.WorstLoss, "the float64 best less the row reported, 64 queries");
            if (found.WorstScoreError > 1e-3 || found.WorstLoss > 4e-3)
                throw new InvalidOperationException($"The search is wrong at d={dimension}: scores are off by {found.WorstScoreError:G3}, winners by {found.WorstLoss:G3}.");
        }
    }

    private static void Processor(BenchFigures figures, int rows, int queries, int[] dimensions, double seconds)
    {
        foreach (var dimension in dimensions)
        {
            var (references, asked) = (Random(rows, dimension, 1), Random(queries, dimension, 2));
            ExactSearch.Nearest(Random(256, dimension, 3), references); // compiled and mapped
            var (calls, clock) = (0, Stopwatch.StartNew());
            var cpu = Environment.CpuUsage.TotalTime;
            do
            {
                ExactSearch.Nearest(asked, references);
                calls++;
            }
            while (clock.Elapsed.TotalSeconds < seconds);
            var pairs = (double)rows * queries * calls;
            var used = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
            figures.Add($"exact_pairs_per_second_d{dimension}", pairs / clock.Elapsed.TotalSeconds, "pairs/s", $"own kernel, fp32, {queries:N0} x {rows:N0}, all cores");
            figures.Add($"exact_pairs_per_cpu_second_d{dimension}", pairs / used, "pairs per CPU-second");
            figures.Add($"exact_flops_per_cpu_second_d{dimension}", 2 * dimension * pairs / used, "FLOP per CPU-second");
        }
        var (hashes, random, at) = (new PdqIndex(), new Random(1), Stopwatch.StartNew());
        for (var row = 0; row < 1 << 14; row++)
            hashes.Add(Hash(random));
        var (compared, from) = (0L, Environment.CpuUsage.TotalTime);
        for (at.Restart(); at.Elapsed.TotalSeconds < seconds; compared += hashes.Count)
            hashes.Nearest(Hash(random), 31);
        figures.Add("pdq_pairs_per_cpu_second", compared / (Environment.CpuUsage.TotalTime - from).TotalSeconds, "pairs per CPU-second", "16,384 hashes one by one, no buckets");
    }

    private static PdqHash Hash(Random random) => new((ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.NextInt64());

    private static DescriptorMatrix Random(int count, int dimension, int seed)
    {
        var (random, rows) = (new Random(seed), new float[count * dimension]);
        for (var row = 0; row < count; row++)
        {
            var part = rows.AsSpan(row * dimension, dimension);
            for (var k = 0; k < dimension; k++)
                part[k] = random.NextSingle() - 0.5f;
            System.Numerics.Tensors.TensorPrimitives.Divide(part, System.Numerics.Tensors.TensorPrimitives.Norm<float>(part), part);
        }
        return new("random", "", dimension, rows);
    }
}
