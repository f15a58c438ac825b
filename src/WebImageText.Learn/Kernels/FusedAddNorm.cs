using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>
/// What a block adds to its stream, and the layer norm that reads it next, in one pass over memory. Back, the gradients of both sides
/// of the sum, of the norm's weights and of the bias come out of one pass as well.
/// </summary>
internal static class FusedAddNorm
{
    private const float Epsilon = 1e-5f;

    /// <summary>The kernels take a stream of such a type and width.</summary>
    /// <param name="x">[batch, length, width]</param>
    public static bool Takes(Tensor x) => KernelLibrary.Takes(x) && x.shape[^1] is var width
        && width % RowWalk.VectorLength == 0 && width <= RowWalk.WidestRow && x.numel() > 0 && x.is_contiguous();

    /// <summary>s = x + branch + bias, and its layer norm, eps 1e-5.</summary>
    /// <param name="x">The stream, as <see cref="Takes"/> says.</param>
    /// <param name="branch">Of the same shape and type.</param>
    /// <param name="bias">[width], likewise; null for none.</param>
    /// <param name="weight">The norm's gain, [width].</param>
    /// <param name="start">The norm's bias, [width].</param>
    /// <returns>s and the norm of it, both as <paramref name="x"/> is.</returns>
    public static (Tensor Stream, Tensor Normed) Of(Tensor x, Tensor branch, Tensor? bias, Tensor weight, Tensor start)
    {
        using var scope = NewDisposeScope();
        var (library, walk) = (KernelLibrary.Of(x), new RowWalk(x));
        Tensor stream, normed, means, inverses;
        using (no_grad())
        {
            var (added, kernel) = (branch.contiguous(), "add_norm" + KernelLibrary.Suffix(x));
            (stream, normed) = (empty_like(x), empty_like(x));
            (means, inverses) = (KernelLibrary.Floats(x, walk.Rows), KernelLibrary.Floats(x, walk.Rows));
            library.Launch(kernel, walk.WholeRows(library, kernel),
                x, added, bias, weight, start, walk.Rows, walk.Vectors, Epsilon, stream, normed, means, inverses);
        }
        OwnGradient.Attach([x, branch, bias, weight, start], [stream, normed], [stream, weight, means, inverses],
            (gradients, saved) => Back(gradients[0], gradients[1], bias is not null, walk, saved));
        return (stream.MoveToOuterDisposeScope(), normed.MoveToOuterDisposeScope());
    }

    private static Tensor?[] Back(Tensor? toStream, Tensor? toNormed, bool hasBias, RowWalk walk, Tensor[] saved)
    {
        var (stream, weight, means, inverses) = (saved[0], saved[1], saved[2], saved[3]);
        if (toNormed is null)
            return [toStream, toStream, hasBias ? toStream?.flatten(0, -2).sum([0L]) : null, null, null];
        var (library, kernel) = (KernelLibrary.Of(stream), "add_norm_back" + KernelLibrary.Suffix(stream));
        var grid = walk.WholeRows(library, kernel);
        var (gradient, partials) = (empty_like(stream), KernelLibrary.Floats(stream, grid.BlocksX, 3, walk.Columns));
        library.Launch(kernel, grid, stream, toNormed.contiguous(), toStream?.contiguous(), weight, walk.Rows, walk.Vectors, means, inverses, gradient, partials);
        var (toWeight, toStart, toBias) = (empty_like(weight), empty_like(weight), hasBias ? empty_like(weight) : null);
        library.Launch("column_sums" + KernelLibrary.Suffix(stream), walk.ColumnSums(3),
            partials, (int)grid.BlocksX, 3, (int)walk.Columns, toWeight, toStart, toBias);
        return [gradient, gradient, toBias, toWeight, toStart];
    }
}
