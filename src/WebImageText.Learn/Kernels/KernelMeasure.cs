using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>One operation by kernels of our own and by libtorch's, both with bfloat16 activations.</summary>
/// <param name="Name">The operation and its shape, snake case.</param>
/// <param name="Error">Of our own, against float32: see <see cref="KernelMeasure"/>.</param>
/// <param name="PlainError">Of libtorch's, likewise.</param>
/// <param name="Time">Of our own; null for small shapes.</param>
/// <param name="PlainTime">Of libtorch's.</param>
/// <param name="BytesPerSecond">That our own move, forward and back.</param>
public sealed record KernelFigure(
    string Name, double Error, double PlainError, KernelTime? Time, KernelTime? PlainTime, (double Forward, double Back) BytesPerSecond)
{
    /// <summary>As exact as libtorch's, within a factor of 2 and a hundredth.</summary>
    public bool IsGood => Error <= 2 * PlainError + 0.01;
}

/// <summary>Seconds that an operation takes.</summary>
/// <param name="Forward">Its outputs.</param>
/// <param name="Back">All gradients.</param>
public sealed record KernelTime(double Forward, double Back);

/// <summary>
/// Compares kernels of our own with libtorch's operations, each against the same operations in float32 from the same values. An
/// error is that of the worst output or gradient: in small shapes its largest difference, in largest values of what is expected;
/// else the length of the difference, in lengths, as among so many elements some always lie on the edge of a rectifier.
/// </summary>
public static class KernelMeasure
{
    /// <summary>There are kernels to measure.</summary>
    public static bool IsPossible => KernelLibrary.IsPresent;

    /// <summary>Measures every operation.</summary>
    /// <param name="repeats">How often each is timed.</param>
    /// <param name="stop">Asked between operations.</param>
    public static IEnumerable<KernelFigure> Run(int repeats = 20, CancellationToken stop = default)
    {
        foreach (var @case in BatchNormCases.All(CUDA).Concat(PoolCases.All(CUDA)).Concat(TransformerCases.All(CUDA)))
        {
            stop.ThrowIfCancellationRequested();
            yield return Measure(@case, repeats);
        }
    }

    /// <summary>Compares the gradients of whole models, float32's against both kinds of bfloat16.</summary>
    /// <param name="device"><c>cuda</c>; elsewhere libtorch's operations are compared with themselves.</param>
    public static IEnumerable<ModelFigure> Models(string device = "cuda") => ModelComparison.All(new(device));

    private static KernelFigure Measure(KernelCase @case, int repeats)
    {
        using var scope = NewDisposeScope();
        try
        {
            var expected = Results(@case, ScalarType.Float32, isOff: true);
            var error = Error(@case, Results(@case, ScalarType.BFloat16, isOff: false), expected);
            var plainError = Error(@case, Results(@case, ScalarType.BFloat16, isOff: true), expected);
            if (@case.IsSmall)
                return new(@case.Name, error, plainError, null, null, default);
            expected.ForEach(tensor => tensor.Dispose());
            var (time, plainTime) = (Time(@case, repeats, isOff: false), Time(@case, repeats, isOff: true));
            return new(@case.Name, error, plainError, time, plainTime, (@case.ForwardBytes / time.Forward, @case.BackBytes / time.Back));
        }
        finally
        {
            KernelLibrary.IsOff = false;
        }
    }

    private static List<Tensor> Results(KernelCase @case, ScalarType type, bool isOff)
    {
        using var scope = NewDisposeScope();
        KernelLibrary.IsOff = isOff;
        var input = @case.Make(type);
        var (outputs, gradients) = input.Run();
        return [.. outputs.Concat(gradients).Concat(input.Watched).Select(tensor => tensor.detach().to(ScalarType.Float32).clone().MoveToOuterDisposeScope())];
    }

    private static double Error(KernelCase @case, List<Tensor> actual, List<Tensor> expected)
    {
        using var scope = NewDisposeScope();
        var worst = 0.0;
        foreach (var (got, right) in actual.Zip(expected))
        {
            var off = got - right;
            var share = @case.IsSmall ? off.abs().max() / right.abs().max() : off.norm() / right.norm();
            worst = Math.Max(worst, share.item<float>()); // no number is the worst of all
            got.Dispose();
        }
        return worst;
    }

    private static KernelTime Time(KernelCase @case, int repeats, bool isOff)
    {
        using var scope = NewDisposeScope();
        KernelLibrary.IsOff = isOff;
        var input = @case.Make(ScalarType.BFloat16);
        var forward = Seconds(repeats, () => input.Compute());
        return new(forward, Seconds(repeats, () => input.Run()) - forward);
    }

    private static double Seconds(int repeats, Action run)
    {
        var clock = new Stopwatch();
        for (var at = -3; at < repeats; at++)
        {
            if (at == 0)
            {
                cuda.synchronize();
                clock.Start();
            }
            using var scope = NewDisposeScope();
            run();
        }
        cuda.synchronize();
        return clock.Elapsed.TotalSeconds / repeats;
    }
}
