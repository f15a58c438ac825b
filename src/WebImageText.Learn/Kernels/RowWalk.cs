namespace WebImageText.Learn.Kernels;

/// <summary>How the kernels go over a matrix of 2-byte numbers: a thread keeps to eight columns and takes rows at a stride.</summary>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns, a multiple of 8.</param>
internal readonly struct RowWalk(long rows, long columns)
{
    private const int Threads = 256, RowsOfThread = 4;

    /// <summary>Columns that are gone over at once.</summary>
    public const int VectorLength = 8;

    /// <summary>Rows.</summary>
    public long Rows => rows;

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

    /// <summary>One warp a row of partial sums, 32 columns a block: adds up what the blocks of a walk left.</summary>
    public LaunchGrid ColumnGrid => new((Vectors * VectorLength + 31) / 32, 1, 32, 32);
}
