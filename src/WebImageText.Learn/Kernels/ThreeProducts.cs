using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>
/// Queries, keys and values: three linear layers of one input, whose weights stand below each other in one matrix. Back, what they
/// ask of the input is added up inside the matrix products, and the three biases' gradients are one pass.
/// </summary>
internal static class ThreeProducts
{
    private const int Count = 3;

    /// <summary>It gains by it.</summary>
    /// <param name="x">[..., width]</param>
    public static bool Takes(Tensor x) => KernelLibrary.Takes(x) && x.shape[^1] % RowWalk.VectorLength == 0 && x.is_contiguous();

    /// <summary>The outputs of the three layers.</summary>
    /// <param name="x">[..., inputs], contiguous.</param>
    /// <param name="weight">[3 · outputs, inputs]</param>
    /// <param name="bias">[3 · outputs]</param>
    /// <returns>[..., outputs] each.</returns>
    public static Tensor[] Of(Tensor x, Tensor weight, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var outputs = new Tensor[Count];
        using (no_grad())
            for (var at = 0; at < Count; at++)
                outputs[at] = nn.functional.linear(x, Part(weight, at), Part(bias, at));
        OwnGradient.Attach([x, weight, bias], outputs, [x, weight], (gradients, saved) => Back(gradients, saved[0], saved[1]));
        foreach (var output in outputs)
            output.MoveToOuterDisposeScope();
        return outputs;
    }

    private static Tensor?[] Back(Tensor?[] gradients, Tensor x, Tensor weight)
    {
        var (inputs, outputs) = (weight.shape[1], weight.shape[0] / Count);
        var rows = x.view(-1, inputs);
        var upstream = gradients.Select(gradient => (gradient ?? zeros([.. x.shape[..^1], outputs], x.dtype, x.device)).reshape(-1, outputs).contiguous()).ToArray();
        var (toX, toWeight) = (empty_like(x), empty_like(weight));
        var toRows = toX.view(-1, inputs);
        for (var at = 0; at < Count; at++)
        {
            toRows.addmm_(upstream[at], Part(weight, at), beta: at == 0 ? 0 : 1, alpha: 1); // a factor of 0: what is there is not read
            Part(toWeight, at).addmm_(upstream[at].t(), rows, beta: 0, alpha: 1);
        }
        return [toX, toWeight, Sums(upstream)];
    }

    private static Tensor Sums(Tensor[] matrices)
    {
        if (!KernelLibrary.Takes(matrices[0]) || matrices[0].shape[1] % RowWalk.VectorLength != 0)
            return cat([.. matrices.Select(matrix => matrix.sum([0L]))]);
        var (library, walk, kernel) = (KernelLibrary.Of(matrices[0]), new RowWalk(matrices[0]), "three_sums" + KernelLibrary.Suffix(matrices[0]));
        var grid = walk.Grid(library, kernel);
        var sums = empty([Count * walk.Columns], matrices[0].dtype, matrices[0].device);
        var partials = KernelLibrary.Floats(sums, grid.BlocksX, Count, walk.Columns);
        library.Launch(kernel, grid, matrices[0], matrices[1], matrices[2], walk.Rows, walk.Vectors, partials);
        library.Launch("column_sums" + KernelLibrary.Suffix(sums), walk.ColumnSums(Count),
            partials, (int)grid.BlocksX, Count, (int)walk.Columns, Part(sums, 0), Part(sums, 1), Part(sums, 2));
        return sums;
    }

    private static Tensor Part(Tensor whole, int at) => whole.narrow(0, at * (whole.shape[0] / Count), whole.shape[0] / Count);
}
