using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>How the kernels go over a matrix of 2-byte numbers: a thread keeps to eight columns and takes rows at a stride.</summary>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns, a multiple of 8.</param>
internal readonly struct RowWalk(long rows, long columns)
{
    private const int Threads = 256, RowsOfThread = 4, Warp = 32;

    /// <summary>Over a tensor whose last dimension is the columns.</summary>
    public RowWalk(Tensor matrix) : this(matrix.shape)
    {
    }

    private RowWalk(long[] shape) : this(shape[..^1].Aggregate(1L, (rows, length) => rows * length), shape[^1])
    {
    }

    /// <summary>Columns that are gone over at once.</summary>
    public const int VectorLength = 8;

    /// <summary>Columns that a block can take as a whole.</summary>
    public const int WidestRow = Threads * VectorLength;

    /// <summary>Rows.</summary>
    public long Rows => rows;

    /// <summary>Columns.</summary>
    public long Columns => columns;

    /// <summary>Groups of eight columns.</summary>
    public int Vectors { get; } = (int)(columns / VectorLength);

    /// <summary>As many blocks as the device runs at a time, or as there is work for.</summary>
    public LaunchGrid Grid(KernelLibrary library, string kernel)
    {
        var stretches = (Vectors + Threads - 1) / Threads;
        var wide = (Vectors + stretches - 1) / stretches;
        var high = Threads / wide;
        var work = (rows + high * RowsOfThread - 1) / (high * RowsOfThread);
        return new(Math.Clamp(library.BlocksAtATime(kernel, wide * high) / stretches, 1, work), stretches, wide, high);
    }

    /// <summary>A block takes whole rows, a few at a time, a thread for eight columns of them.</summary>
    public LaunchGrid WholeRows(KernelLibrary library, string kernel)
    {
        var threads = (Vectors + Warp - 1) / Warp * Warp;
        return new(Math.Clamp(library.BlocksAtATime(kernel, threads), 1, (rows + RowsOfThread - 1) / RowsOfThread), 1, threads, 1);
    }

    /// <summary>Adds up what the blocks of a walk left, 32 columns a block.</summary>
    /// <param name="tensors">Sums of each column.</param>
    public LaunchGrid ColumnSums(int tensors = 1) => new((Vectors * VectorLength + Warp - 1) / Warp, tensors, Warp, Warp);
}
