using System.Diagnostics;
using TorchSharp;
using WebImageText.Curate.Dedup.Search;
using static TorchSharp.torch;

namespace WebImageText.Learn.Search;

/// <summary>What <see cref="SearchMeasure"/> measured for one width of descriptors.</summary>
/// <param name="PairsPerSecond">Query-reference pairs a second, all of a search: tiles, maxima, winners, exact scores.</param>
/// <param name="MaximaPerSecond">The same without the second look at the winning blocks.</param>
/// <param name="TilesPerSecond">Likewise, by libtorch's operations.</param>
/// <param name="ProductPairsPerSecond">A plain product of the same shapes that only writes its scores.</param>
/// <param name="Way">How maxima were computed.</param>
/// <param name="SlowerBecause">What is the matter with faster ways; empty if there are none.</param>
/// <param name="Tile">Shape of a tile of libtorch's, chosen by trial.</param>
/// <param name="WorstScoreError">Greatest difference of a reported score from the float64 product of the two rows, over a sample.</param>
/// <param name="WorstLoss">Greatest difference of the float64 best of all references from the reported row's, over a sample.</param>
public sealed record SearchFigures(
    double PairsPerSecond, double MaximaPerSecond, double TilesPerSecond, double ProductPairsPerSecond, MaximaWay Way, string SlowerBecause, ScoreTile Tile,
    double WorstScoreError, double WorstLoss);

/// <summary>Measures <see cref="TorchSearch"/> beside plain matrix products on the same device, in the same run.</summary>
public sealed class SearchMeasure(Device device)
{
    private const int Checked = 64;

    private static readonly (int Queries, int References)[] Shapes =
        [(16_384, 16_384), (8192, 16_384), (16_384, 65_536), (4096, 8192), (4096, 4096), (8192, 131_072), (32_768, 32_768)];

    private bool IsCuda => device.type == DeviceType.CUDA;

    /// <summary>Operations a second of a square product: 2 x side^3 each.</summary>
    /// <param name="side">Rows and columns.</param>
    /// <param name="type">Of the numbers.</param>
    /// <param name="seconds">How long to measure.</param>
    public double SquareProduct(int side, ScalarType type, double seconds)
    {
        using var scope = NewDisposeScope();
        var (left, right) = (randn([side, side], ScalarType.Float32, device).to(type), randn([side, side], ScalarType.Float32, device).to(type));
        return 2.0 * side * side * side * Rate(seconds, () => mm(left, right));
    }

    /// <summary>Searches random descriptors, some of them near a reference.</summary>
    /// <param name="references">Rows to look among.</param>
    /// <param name="queries">Rows to look up at a time.</param>
    /// <param name="dimension">Numbers in a row.</param>
    /// <param name="seconds">How long to measure each of the rates.</param>
    /// <param name="way">How to compute maxima; where that is null or not possible, the fastest way that is.</param>
    public SearchFigures Run(int references, int queries, int dimension, double seconds, MaximaWay? way = null)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var rows = Random(references, dimension);
        var asked = Random(queries, dimension);
        // Every fourth query is a copy of a reference, with noise as an edit would leave it.
        var quarter = queries / 4;
        asked.narrow(0, 0, quarter).add_(rows.index_select(0, randint(references, [quarter], ScalarType.Int64, device)), 2);
        asked = asked / asked.norm(1, keepdim: true);
        using var search = new TorchSearch(rows, [new(0, references)]) { QueryRows = queries };
        var narrow = asked.to(IsCuda ? ScalarType.Float16 : ScalarType.Float32);
        var narrowRows = rows.to(narrow.dtype);
        var chosen = way is { } wanted && search.Takes(wanted) ? wanted : search.Way;
        search.Way = MaximaWay.Libtorch;
        search.Tile = Best(search, narrow.narrow(0, 0, Math.Min(queries, 32_768)));
        var tiles = Rate(seconds, () => search.BlockMaxima(narrow));
        search.Way = chosen;
        var pairs = (double)references * queries;
        var (_, whole) = (Rate(0, () => search.Nearest(asked)), Rate(seconds, () => search.Nearest(asked)));
        var maxima = chosen == MaximaWay.Libtorch ? tiles : Rate(seconds, () => search.BlockMaxima(narrow));
        var (height, width, _) = search.Tile;
        var product = Rate(seconds, () =>
        {
            for (var reference = 0; reference < references; reference += width)
                for (var query = 0; query < queries; query += height)
                    mm(narrow.narrow(0, query, Math.Min(height, queries - query)),
                        narrowRows.narrow(0, reference, Math.Min(width, references - reference)).t()).Dispose();
        });
        var (error, loss) = Check(search, rows, asked);
        return new(pairs * whole, pairs * maxima, pairs * tiles, pairs * product, chosen, search.SlowerBecause, search.Tile, error, loss);
    }

    private ScoreTile Best(TorchSearch search, Tensor narrow)
    {
        if (!IsCuda)
            return new(1024, 16_384, false);
        var best = (Rate: 0.0, Tile: default(ScoreTile));
        foreach (var tile in Shapes.SelectMany(shape => (ScoreTile[])[new(shape.Queries, shape.References, false), new(shape.Queries, shape.References, true)]))
        {
            search.Tile = tile;
            var rate = (Rate(0, () => search.BlockMaxima(narrow)), Rate(0.15, () => search.BlockMaxima(narrow))).Item2;
            if (rate > best.Rate)
                best = (rate, tile);
        }
        return best.Tile;
    }

    private static (double Error, double Loss) Check(TorchSearch search, Tensor rows, Tensor asked)
    {
        using var scope = NewDisposeScope();
        var (row, score) = search.Nearest(asked);
        // Half of the sample among the copies, half among the others.
        var sample = cat([arange(0, Checked / 2, ScalarType.Int64, rows.device), arange(asked.shape[0] - Checked / 2, asked.shape[0], ScalarType.Int64, rows.device)], 0);
        var exact = full([Checked], double.NegativeInfinity, ScalarType.Float64, rows.device);
        var queries = asked.index_select(0, sample).to(ScalarType.Float64);
        for (var first = 0L; first < rows.shape[0]; first += 1 << 16)
            exact = maximum(exact, mm(queries, rows.narrow(0, first, Math.Min(1 << 16, rows.shape[0] - first)).to(ScalarType.Float64).t()).amax([1]));
        var (sampleRows, sampleScores) = (row.squeeze(1).index_select(0, sample), score.squeeze(1).index_select(0, sample));
        var ofRows = (queries * rows.index_select(0, sampleRows).to(ScalarType.Float64)).sum(1);
        return ((sampleScores.to(ScalarType.Float64) - ofRows).abs().max().cpu().item<double>(), (exact - ofRows).max().cpu().item<double>());
    }

    private Tensor Random(int count, int dimension)
    {
        var rows = randn([count, dimension], ScalarType.Float32, device);
        return rows.div_(rows.norm(1, keepdim: true));
    }

    // Calls a second; the device is waited for at both ends.
    private double Rate(double seconds, Action work)
    {
        Wait();
        var clock = Stopwatch.StartNew();
        var calls = 0;
        do
        {
            using var scope = NewDisposeScope();
            work();
            calls++;
            if (!IsCuda || calls % 4 == 0)
                Wait();
        }
        while (clock.Elapsed.TotalSeconds < seconds);
        Wait();
        return calls / clock.Elapsed.TotalSeconds;
    }

    private void Wait()
    {
        if (IsCuda)
            cuda.synchronize();
    }
}
