using System.Collections.Concurrent;
using WebImageText.Learn.Kernels;
using static TorchSharp.torch;

namespace WebImageText.Learn.Search;

/// <summary>A kernel that finds for each query the best row of one block of references, all queries and blocks in one launch.</summary>
internal sealed class WinnerKernel
{
    private const string Name = "winners_mma";

    private static readonly ConcurrentDictionary<int, Lazy<WinnerKernel?>> Made = new();

    private readonly KernelModule _module;
    private readonly int _sharedBytes;

    private WinnerKernel(int device)
    {
        _module = new(device, MaximaKernel.Source("mma", Name), CudaDriver.Describe(device).Architecture);
        _sharedBytes = CudaDriver.SharedMemory(device);
        _module.AllowShared(Name, _sharedBytes);
    }

    /// <summary>libtorch's operations do its work.</summary>
    internal static bool IsOff { get; set; }

    /// <summary>The kernel, compiled when it is first asked for; null where it cannot take these references.</summary>
    /// <param name="references">[blocks x BlockRows, d]</param>
    public static WinnerKernel? Find(Tensor references) =>
        !IsOff && MaximaKernel.Refusal(references) is null
            && Made.GetOrAdd(references.device_index, index => new(() => Make(index))).Value is { } kernel
            && MaximaKernel.MmaBytes(references.shape[1]) <= kernel._sharedBytes ? kernel : null;

    /// <summary>Finds the rows.</summary>
    /// <param name="queries">float16 [q, d], dense.</param>
    /// <param name="references">float16 [blocks x BlockRows, d], dense.</param>
    /// <param name="order">int64 [q]: the queries, those of one block together, in the order of blocks.</param>
    /// <param name="counts">Queries of each block.</param>
    /// <returns>int64 [q]: rows of the references; of equals the first.</returns>
    public Tensor Run(Tensor queries, Tensor references, Tensor order, ReadOnlySpan<long> counts)
    {
        using var scope = NewDisposeScope();
        var groups = Groups(counts);
        var winners = empty([queries.shape[0]], ScalarType.Int64, queries.device);
        if (groups.Length > 0)
            _module.Launch(Name, new(groups.Length / 3, 1, 256, 1, MaximaKernel.MmaBytes(queries.shape[1])), [],
                [queries, order, tensor(groups, device: queries.device), references, (int)queries.shape[1] / MaximaKernel.SlabColumns, winners]);
        return winners.MoveToOuterDisposeScope();
    }

    /// <summary>Three numbers for each block of threads: a block of references, the first of its queries in their order, how many.</summary>
    internal static int[] Groups(ReadOnlySpan<long> counts)
    {
        var groups = new List<int>();
        for (var (block, first) = (0, 0); block < counts.Length; first += (int)counts[block++])
            for (var at = 0; at < counts[block]; at += MaximaKernel.TileRows)
                groups.AddRange([block, first + at, Math.Min(MaximaKernel.TileRows, (int)counts[block] - at)]);
        return [.. groups];
    }

    private static WinnerKernel? Make(int device)
    {
        try
        {
            return new(device);
        }
        catch (InvalidOperationException)
        {
            return null; // where this does not compile, the first way of finding maxima does not either, and that is told
        }
    }
}
