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
        Tensor hidden;
        using (no_grad())
        {
            var (library, walk, kernel) = (KernelLibrary.Of(product), Walk(product), "silu" + KernelLibrary.Suffix(product));
            hidden = empty_like(product);
            library.Launch(kernel, walk.Grid(library, kernel), product, bias, walk.Rows, walk.Vectors, hidden);
        }
        OwnGradient.Attach([product, bias], [hidden], [product, bias], (gradients, saved) => Back(gradients[0], saved));
        return hidden.MoveToOuterDisposeScope();
    }

    private static Tensor?[] Back(Tensor? upstream, Tensor[] saved)
    {
        if (upstream is null)
            return [null, null];
        var (product, bias) = (saved[0], saved[1]);
        var (library, walk, kernel) = (KernelLibrary.Of(product), Walk(product), "silu_back" + KernelLibrary.Suffix(product));
        var grid = walk.Grid(library, kernel);
        var (toProduct, toBias) = (empty_like(product), empty_like(bias));
        var partials = KernelLibrary.Floats(product, grid.BlocksX, product.shape[^1]);
        library.Launch(kernel, grid, product, bias, upstream.contiguous(), walk.Rows, walk.Vectors, toProduct, partials);
        library.Launch("column_sums" + KernelLibrary.Suffix(product), walk.Columns(),
            partials, (int)grid.BlocksX, 1, (int)product.shape[^1], toBias, (Tensor?)null, (Tensor?)null);
        return [toProduct, toBias];
    }

    private static RowWalk Walk(Tensor product) => new(product.numel() / product.shape[^1], product.shape[^1]);
}
