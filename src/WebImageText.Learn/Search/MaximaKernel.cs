using System.Collections.Concurrent;
using WebImageText.Learn.Kernels;
using static TorchSharp.torch;

namespace WebImageText.Learn.Search;

/// <summary>Ways to find the greatest score in each block of references.</summary>
public enum MaximaWay
{
    /// <summary>libtorch's operations: scores are written, then read again.</summary>
    Libtorch,

    /// <summary>A kernel of our own for compute capability 8.0 and later, which writes maxima only.</summary>
    Mma,

    /// <summary>The same for compute capability 9.0: tensor copies, products by four warps at a time.</summary>
    Wgmma,

    /// <summary>The same, with references shared by two blocks of threads.</summary>
    WgmmaPair,
}

/// <summary>A kernel that finds the greatest score of each query in each block of references without writing the scores.</summary>
internal sealed class MaximaKernel
{
    /// <summary>References that share one maximum.</summary>
    public const int BlockRows = 2048;

    /// <summary>Queries that a block of threads keeps, and columns of a slab, in which rows are copied: as in the sources.</summary>
    public const int TileRows = 128, SlabColumns = 64;

    private const int StageRows = 256, LineBytes = 128, MmaStages = 3, MostStages = 6, MostBlocks = 16, Alignment = 1024;

    private static readonly ConcurrentDictionary<(int Device, MaximaWay Way), Lazy<(MaximaKernel? Kernel, string? Fault)>> Made = new();

    private readonly KernelModule _module;
    private readonly string _name;
    private readonly int _multiprocessors, _sharedBytes;

    private MaximaKernel(int device, MaximaWay way)
    {
        (Way, (var architecture, _multiprocessors)) = (way, CudaDriver.Describe(device));
        _name = way == MaximaWay.Mma ? "maxima_mma" : "maxima_wgmma";
        if (way != MaximaWay.Mma && architecture != "sm_90")
            throw new InvalidOperationException($"It is for sm_90, and this is {architecture}.");
        _module = way == MaximaWay.Mma
            ? new(device, Source("mma", _name), architecture)
            : new(device, $"#define SHARES {Shares}\n{Source(_name)}", architecture + "a");
        // Less what the sources have beside it: maxima of four warps for each query; barriers.
        _sharedBytes = CudaDriver.SharedMemory(device) - (way == MaximaWay.Mma ? 2048 : 128);
        _module.AllowShared(_name, _sharedBytes);
    }

    /// <summary>Which it is.</summary>
    public MaximaWay Way { get; }

    /// <summary>What the compiler said of it, beside the code.</summary>
    public string Log => _module.Log;

    /// <summary>Registers of a thread, and the bytes of memory that it uses where they are too few.</summary>
    public (int Registers, int LocalBytes) Needs => _module.Needs(_name);

    private int Shares => Way == MaximaWay.WgmmaPair ? 2 : 1;

    /// <summary>The fastest way for these references.</summary>
    /// <param name="references">[blocks x BlockRows, d]</param>
    /// <returns>null for libtorch's operations; why none faster was taken.</returns>
    public static (MaximaKernel? Kernel, string Faults) Best(Tensor references)
    {
        var faults = new List<string>();
        foreach (var way in (MaximaWay[])[MaximaWay.WgmmaPair, MaximaWay.Wgmma, MaximaWay.Mma])
        {
            var (kernel, fault) = Find(way, references);
            if (kernel is not null)
                return (kernel, string.Join("; ", faults));
            faults.Add($"{way}: {fault}");
        }
        return (null, string.Join("; ", faults));
    }

    /// <summary>A kernel, compiled when it is first asked for.</summary>
    /// <param name="way">Any but libtorch's.</param>
    /// <param name="references">[blocks x BlockRows, d]</param>
    /// <returns>null, and why, where it cannot take them.</returns>
    public static (MaximaKernel? Kernel, string? Fault) Find(MaximaWay way, Tensor references)
    {
        if (Refusal(references) is { } refusal)
            return (null, refusal);
        var (kernel, fault) = Made.GetOrAdd((references.device_index, way), key => new(() => Make(key.Device, key.Way))).Value;
        return kernel is null ? (null, fault)
            : !kernel.Fits(references.shape[1]) ? (null, $"the device has too little shared memory for rows of {references.shape[1]} numbers")
            : (kernel, null);
    }

    /// <summary>Why no kernel of the search takes these references; null if one may.</summary>
    public static string? Refusal(Tensor references) =>
        references.device_type != TorchSharp.DeviceType.CUDA || references.dtype != ScalarType.Float16 ? "it takes float16 on CUDA"
        : !KernelLibrary.IsPresent ? "libnvrtc or libcuda is not found"
        : references.shape[1] % SlabColumns != 0 ? $"it does not take rows of {references.shape[1]} numbers"
        : null;

    /// <summary>Sources of the search, as one.</summary>
    public static string Source(params string[] names) => string.Concat(names.Select(name => KernelModule.Source($"Search/{name}.cu")));

    /// <summary>Shared memory of a kernel for compute capability 8.0.</summary>
    public static int MmaBytes(long columns) => Bytes(columns, MmaStages);

    /// <summary>Computes the maxima.</summary>
    /// <param name="queries">float16 [q, d], dense.</param>
    /// <param name="references">float16 [blocks x BlockRows, d], dense.</param>
    /// <param name="best">float32 [q, blocks], dense: where they are written.</param>
    /// <param name="blocksEach">Blocks of references that a block of threads takes; 0 for what suits.</param>
    public void Run(Tensor queries, Tensor references, Tensor best, int blocksEach = 0)
    {
        var (rows, columns, blocks) = (queries.shape[0], queries.shape[1], (int)(references.shape[0] / BlockRows));
        if (rows == 0)
            return;
        var slabs = (int)columns / SlabColumns;
        var tiles = (int)((rows + TileRows * Shares - 1) / (TileRows * Shares)) * Shares;
        // Long enough that fetching the queries is little, short enough that all multiprocessors end together.
        var each = blocksEach > 0 ? blocksEach : (int)Math.Clamp((long)tiles * blocks / (8L * _multiprocessors), 1, MostBlocks);
        var grid = (long)tiles * ((blocks + each - 1) / each);
        if (Way == MaximaWay.Mma)
        {
            _module.Launch(_name, new(grid, 1, 256, 1, MmaBytes(columns)), [], [queries, rows, references, blocks, each, tiles, slabs, best]);
            return;
        }
        var stages = Stages(columns);
        ReadOnlySpan<TensorMap> maps =
        [
            CudaDriver.Map(TensorMemory.Address(queries), rows, columns, TileRows),
            CudaDriver.Map(TensorMemory.Address(references), (long)blocks * BlockRows, columns, StageRows / Shares),
        ];
        _module.Launch(_name, new(grid, 1, 288, 1, Bytes(columns, stages) + Alignment), maps, [rows, blocks, each, tiles, slabs, stages, best]);
    }

    private bool Fits(long columns) => Way == MaximaWay.Mma ? MmaBytes(columns) <= _sharedBytes : Stages(columns) >= 2;

    private int Stages(long columns)
    {
        var stages = MostStages;
        while (stages > 0 && Bytes(columns, stages) + Alignment > _sharedBytes)
            stages--;
        return stages;
    }

    // Slabs of the queries, stages of the references.
    private static int Bytes(long columns, int stages) => (int)(columns / SlabColumns * TileRows * LineBytes) + stages * StageRows * LineBytes;

    private static (MaximaKernel? Kernel, string? Fault) Make(int device, MaximaWay way)
    {
        try
        {
            return (new(device, way), null);
        }
        catch (InvalidOperationException fault)
        {
            return (null, fault.Message);
        }
    }
}
