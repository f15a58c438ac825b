using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>
/// Batch norm of a training step, what is added to it and the rectifier behind it, in two passes over memory, and in two back. What
/// the rectifier stopped is computed again from the norm's input: nothing but inputs is kept.
/// </summary>
/// <remarks>Statistics are float32, of x about its first row; they stand in a float32 [4, channels] as <c>batch_norm.cu</c> says.</remarks>
internal static class FusedBatchNorm
{
    private enum Form
    {
        Alone,
        Added,
        Both,
    }

    /// <summary>The norm is training, and the kernels take its input.</summary>
    public static bool Takes(BatchNorm2d norm, Tensor x) => norm.training && KernelLibrary.Takes(x) && ChannelsLast.Is(x)
        && norm.weight.dtype == ScalarType.Float32 && norm.running_mean?.dtype == ScalarType.Float32 && x.numel() > x.shape[1];

    /// <summary>It can be added to what the kernels take, or normed and added.</summary>
    public static bool Takes(Tensor x, Tensor other) =>
        other.dtype == x.dtype && other.device_index == x.device_index && other.shape.AsSpan().SequenceEqual(x.shape) && ChannelsLast.Is(other);

    /// <summary>relu(norm(x))</summary>
    /// <param name="norm">Its running statistics follow.</param>
    /// <param name="x">[batch, channels, rows, columns], such as <see cref="Takes(BatchNorm2d, Tensor)"/> says.</param>
    public static Tensor Relu(BatchNorm2d norm, Tensor x) => Run(Form.Alone, norm, x, null, null);

    /// <summary>relu(norm(x) + added)</summary>
    public static Tensor Relu(BatchNorm2d norm, Tensor x, Tensor added) => Run(Form.Added, norm, x, null, added);

    /// <summary>relu(norm(x) + otherNorm(other))</summary>
    public static Tensor Relu(BatchNorm2d norm, Tensor x, BatchNorm2d otherNorm, Tensor other) => Run(Form.Both, norm, x, otherNorm, other);

    private static Tensor Run(Form form, BatchNorm2d norm, Tensor x, BatchNorm2d? otherNorm, Tensor? other)
    {
        using var scope = NewDisposeScope();
        var (library, walk) = (KernelLibrary.Of(x), ChannelsLast.Walk(x));
        Tensor y, statistics;
        Tensor? ofOther;
        using (no_grad())
        {
            statistics = Statistics(library, norm, x, walk);
            ofOther = otherNorm is null ? null : Statistics(library, otherNorm, other!, walk);
            var kernel = Name(form, "", x);
            y = empty_like(x);
            library.Launch(kernel, walk.Grid(library, kernel), x, other, walk.Rows, walk.Vectors, statistics, ofOther, y);
        }
        OwnGradient.Attach([x, norm.weight, norm.bias, other, otherNorm?.weight, otherNorm?.bias], [y],
            [.. new[] { x, statistics, other, ofOther }.OfType<Tensor>()], (gradients, saved) => Back(form, gradients[0], walk, saved));
        return y.MoveToOuterDisposeScope();
    }

    private static Tensor Statistics(KernelLibrary library, BatchNorm2d norm, Tensor x, RowWalk walk)
    {
        var (kernel, channels) = ("batch_norm_sums" + KernelLibrary.Suffix(x), walk.Columns);
        var grid = walk.Grid(library, kernel);
        var (statistics, tracked) = (KernelLibrary.Floats(x, 4, channels), norm.num_batches_tracked!);
        using var partials = KernelLibrary.Floats(x, 2 * grid.BlocksX, channels);
        library.Launch(kernel, grid, x, walk.Rows, walk.Vectors, statistics, partials);
        var isCounted = tracked.dtype == ScalarType.Int64;
        library.Launch("batch_norm_statistics", walk.ColumnSums(), partials, (int)grid.BlocksX, (int)channels, walk.Rows, norm.weight, norm.bias,
            norm.running_mean, norm.running_var, isCounted ? tracked : null, (float)norm.momentum!.Value, (float)norm.eps, statistics);
        if (!isCounted)
            tracked.add_(1);
        return statistics;
    }

    // The gradients of x, weight and bias, and of what was added; if that was normed, of its norm's weight and bias too.
    private static Tensor?[] Back(Form form, Tensor? upstream, RowWalk walk, Tensor[] saved)
    {
        if (upstream is null)
            return new Tensor?[6];
        var (x, statistics, other, ofOther) = (saved[0], saved[1], saved.ElementAtOrDefault(2), saved.ElementAtOrDefault(3));
        var (library, dy) = (KernelLibrary.Of(x), ChannelsLast.Of(upstream));
        var (name, sums) = (Name(form, "_back_sums", x), form == Form.Both ? 3 : 2);
        var grid = walk.Grid(library, name);
        var g = form == Form.Alone ? null : empty_like(x);
        var partials = KernelLibrary.Floats(x, sums * grid.BlocksX, walk.Columns);
        library.Launch(name, grid, x, other, dy, walk.Rows, walk.Vectors, statistics, ofOther, g, partials);

        var (weight, bias, slopes) = Slopes(statistics, 1);
        var (otherWeight, otherBias, otherSlopes) = ofOther is null ? default : Slopes(ofOther, 2);
        var (dx, dz) = (empty_like(x), ofOther is null ? null : empty_like(x));
        name = Name(form, "_back", x);
        library.Launch(name, walk.Grid(library, name), x, other, g ?? dy, walk.Rows, walk.Vectors, statistics, ofOther, slopes, otherSlopes, dx, dz);
        return [dx, weight, bias, form == Form.Added ? g : dz, otherWeight, otherBias];

        (Tensor Weight, Tensor Bias, Tensor Slopes) Slopes(Tensor of, int which)
        {
            var channels = walk.Columns;
            var (toWeight, toBias) = (KernelLibrary.Floats(x, channels), KernelLibrary.Floats(x, channels));
            var made = KernelLibrary.Floats(x, 2, channels);
            library.Launch("batch_norm_slopes", walk.ColumnSums(), partials, (int)grid.BlocksX, sums, which, (int)channels, walk.Rows, of, toWeight, toBias, made);
            return (toWeight, toBias, made);
        }
    }

    private static string Name(Form form, string pass, Tensor x) => (form switch
    {
        Form.Alone => "batch_norm_alone",
        Form.Added => "batch_norm_added",
        _ => "batch_norm_both",
    }) + pass + KernelLibrary.Suffix(x);
}
