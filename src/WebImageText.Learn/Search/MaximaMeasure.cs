using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Search;

/// <summary>Block maxima of one way beside those of libtorch.</summary>
/// <param name="Worst">Greatest difference; not a number where one is missing.</param>
/// <param name="Wrong">Maxima that differ by more than rounding.</param>
/// <param name="FirstWrong">Where and how; null where none is.</param>
public sealed record MaximaCheck(double Worst, long Wrong, string? FirstWrong);

/// <summary>Checks and times one way of computing block maxima. A kernel at fault takes its process with it: give each one of its own.</summary>
/// <param name="way">Any but libtorch's.</param>
public sealed class MaximaMeasure(MaximaWay way)
{
    private const double Rounding = 1e-4;

    /// <summary>libtorch's operations look through the winning blocks.</summary>
    public static bool IsWinnerKernelOff
    {
        get => WinnerKernel.IsOff;
        set => WinnerKernel.IsOff = value;
    }

    /// <summary>The kernel compiles here.</summary>
    /// <returns>Registers of a thread, bytes that did not fit into them, what the compiler said, and the seconds that it took.</returns>
    /// <exception cref="InvalidOperationException">It does not.</exception>
    public (int Registers, int LocalBytes, string Log, double Seconds) Compile()
    {
        using var scope = NewDisposeScope();
        var clock = Stopwatch.StartNew();
        var kernel = Kernel(zeros([MaximaKernel.BlockRows, 64], ScalarType.Float16, CUDA));
        var (registers, bytes) = kernel.Needs;
        return (registers, bytes, kernel.Log, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Compares maxima over random rows with libtorch's in float32.</summary>
    /// <param name="queries">Rows to look up.</param>
    /// <param name="blocks">Blocks of references.</param>
    /// <param name="blocksEach">That a block of threads takes.</param>
    /// <param name="dimension">Numbers in a row.</param>
    public MaximaCheck Check(int queries, int blocks, int blocksEach, int dimension)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (asked, rows) = (Random(queries, dimension), Random(blocks * MaximaKernel.BlockRows, dimension));
        var expected = mm(asked.to(ScalarType.Float32), rows.to(ScalarType.Float32).t()).view(queries, blocks, MaximaKernel.BlockRows).amax([2]);
        var best = full_like(expected, float.NaN);
        Kernel(rows).Run(asked, rows, best, blocksEach);
        cuda.synchronize();
        return Compare(best, expected);
    }

    /// <summary>Compares winners within blocks, drawn at random, with libtorch's in float32.</summary>
    /// <param name="queries">Rows to look up.</param>
    /// <param name="blocks">Blocks of references.</param>
    /// <param name="dimension">Numbers in a row.</param>
    public static MaximaCheck CheckWinners(int queries, int blocks, int dimension)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (asked, rows) = (Random(queries, dimension), Random(blocks * MaximaKernel.BlockRows, dimension));
        var (kernel, block) = (WinnerKernel.Find(rows) ?? throw new InvalidOperationException("The kernel of winners does not compile."), randint(blocks, [queries], ScalarType.Int64, CUDA));
        var found = kernel.Run(asked, rows, block.sort().Indices, block.bincount(null, blocks).cpu().data<long>().ToArray());
        cuda.synchronize();
        var scores = mm(asked.to(ScalarType.Float32), rows.to(ScalarType.Float32).t());
        var expected = scores.view(queries, blocks, MaximaKernel.BlockRows).amax([2]).gather(1, block.unsqueeze(1));
        var isThere = found.ge(block * MaximaKernel.BlockRows).logical_and(found.lt((block + 1) * MaximaKernel.BlockRows)).unsqueeze(1);
        var actual = where(isThere, scores.gather(1, found.clamp(0, rows.shape[0] - 1).unsqueeze(1)), full_like(expected, float.NaN));
        return Compare(actual, expected);
    }

    /// <summary>Query-reference pairs a second.</summary>
    /// <param name="queries">Rows to look up.</param>
    /// <param name="references">Rows to look among; the last block is left out where it is not whole.</param>
    /// <param name="dimension">Numbers in a row.</param>
    /// <param name="seconds">How long to measure.</param>
    public double Rate(int queries, int references, int dimension, double seconds)
    {
        using var scope = NewDisposeScope();
        var blocks = Math.Max(1, references / MaximaKernel.BlockRows);
        var (asked, rows) = (Random(queries, dimension), Random(blocks * MaximaKernel.BlockRows, dimension));
        var (best, kernel) = (empty([queries, blocks], ScalarType.Float32, CUDA), Kernel(rows));
        kernel.Run(asked, rows, best);
        cuda.synchronize();
        var (clock, calls) = (Stopwatch.StartNew(), 0);
        do
        {
            kernel.Run(asked, rows, best);
            cuda.synchronize();
            calls++;
        }
        while (clock.Elapsed.TotalSeconds < seconds);
        return (double)queries * blocks * MaximaKernel.BlockRows * calls / clock.Elapsed.TotalSeconds;
    }

    /// <summary>
    /// What a kernel that is wrong multiplies: query q asks for number q of the references, which holds q / 1,024; so every maximum
    /// tells, times 1,024, which number was taken.
    /// </summary>
    /// <param name="dimension">Numbers in a row, and queries.</param>
    public string Probe(int dimension)
    {
        using var scope = NewDisposeScope();
        var asked = eye(dimension, dimension, ScalarType.Float32, CUDA).to(ScalarType.Float16);
        var rows = (arange(dimension, ScalarType.Float32, CUDA) / 1024).to(ScalarType.Float16).expand(MaximaKernel.BlockRows, dimension).contiguous();
        var best = full([dimension, 1], float.NaN, ScalarType.Float32, CUDA);
        Kernel(rows).Run(asked, rows, best);
        return string.Join(' ', (best * 1024).cpu().data<float>().Select(value => value.ToString("G4", CultureInfo.InvariantCulture)));
    }

    private MaximaKernel Kernel(Tensor references)
    {
        var (kernel, fault) = MaximaKernel.Find(way, references);
        return kernel ?? throw new InvalidOperationException(fault);
    }

    // Both float32 [queries, any].
    private static MaximaCheck Compare(Tensor best, Tensor expected)
    {
        var off = (best - expected).abs();
        var isWrong = (off <= Rounding).logical_not();
        var wrong = isWrong.sum().cpu().item<long>();
        return new(off.max().cpu().item<float>(), wrong, wrong == 0 ? null : FirstWrong(isWrong, best, expected));
    }

    // The place, and a picture of the tile of 128 queries that holds it, in the same block of references.
    private static string FirstWrong(Tensor isWrong, Tensor best, Tensor expected)
    {
        var at = isWrong.flatten().to(ScalarType.Int32).argmax().cpu().item<long>();
        var (query, block) = (at / best.shape[1], at % best.shape[1]);
        var tile = query / 128 * 128;
        var picture = isWrong.narrow(0, tile, Math.Min(128, best.shape[0] - tile)).select(1, block).contiguous().cpu().data<bool>().Select(wrong => wrong ? 'x' : '.');
        return string.Create(CultureInfo.InvariantCulture, $"query {query}, block {block}: {best[query, block].item<float>():G6} for {expected[query, block].item<float>():G6}; its tile: {string.Concat(picture)}");
    }

    private static Tensor Random(int count, int dimension)
    {
        var rows = randn([count, dimension], ScalarType.Float32, CUDA);
        return rows.div_(rows.norm(1, keepdim: true)).to(ScalarType.Float16);
    }
}
