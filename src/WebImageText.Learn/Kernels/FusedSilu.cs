using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>A bias and SiLU behind a matrix product; back, the bias's gradient comes out of the same pass as the product's.</summary>
internal static class FusedSilu
{
    /// <summary>The kernels take what lies so.</summary>
    /// <param name="product">[..., width]</param>
    public static bool Takes(Tensor product) => KernelLibrary.Takes(product) && product.shape[^1] % RowWalk.VectorLength == 0
        && product.numel() > 0 && product.is_contiguous();

    /// <summary>silu(product + bias)</summary>
    /// <param name="product">[..., width], as <see cref="Takes"/> says.</param>
    /// <param name="bias">[width], of the same type.</param>
    public static Tensor Of(Tensor product, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var (walk, hidden) = (new RowWalk(product), empty_like(product));
        using (no_grad())
        {
            var (library, kernel) = (KernelLibrary.Of(product), "silu" + KernelLibrary.Suffix(product));
            library.Launch(kernel, walk.Grid(library, kernel), product, bias, walk.Rows, walk.Vectors, hidden);
        }
        OwnGradient.Attach([product, bias], [hidden], [product, bias], (gradients, saved) => Back(gradients[0], walk, saved));
        return hidden.MoveToOuterDisposeScope();
    }

    private static Tensor?[] Back(Tensor? upstream, RowWalk walk, Tensor[] saved)
    {
        if (upstream is null)
            return [null, null];
        var (product, bias) = (saved[0], saved[1]);
        var (library, kernel) = (KernelLibrary.Of(product), "silu_back" + KernelLibrary.Suffix(product));
        var grid = walk.Grid(library, kernel);
        var (toProduct, toBias) = (empty_like(product), empty_like(bias));
        var partials = KernelLibrary.Floats(product, grid.BlocksX, walk.Columns);
        library.Launch(kernel, grid, product, bias, upstream.contiguous(), walk.Rows, walk.Vectors, toProduct, partials);
        library.Launch("column_sums" + KernelLibrary.Suffix(product), walk.ColumnSums(),
            partials, (int)grid.BlocksX, 1, (int)walk.Columns, toBias, (Tensor?)null, (Tensor?)null);
        return [toProduct, toBias];
    }
}
