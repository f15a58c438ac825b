using System.Runtime.InteropServices;

namespace WebImageText.Learn.Train.Nccl;

/// <summary>NVIDIA's library of collective operations, as far as it is used here. CUDA builds of libtorch bring it.</summary>
internal static unsafe class NcclLibrary
{
    /// <summary>Tells the communicators of one group from others'; made by rank 0.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct UniqueId
    {
        public const int Bytes = 128;

        public fixed byte Content[Bytes];
    }

    private static readonly nint Library = Load();
    private static readonly delegate* unmanaged<UniqueId*, int> GetUniqueId = (delegate* unmanaged<UniqueId*, int>)Export("ncclGetUniqueId");
    private static readonly delegate* unmanaged<nint*, int, UniqueId, int, int> CommInitRank =
        (delegate* unmanaged<nint*, int, UniqueId, int, int>)Export("ncclCommInitRank");
    private static readonly delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> AllReduceCall =
        (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)Export("ncclAllReduce");
    private static readonly delegate* unmanaged<nint, nint, nuint, int, nint, nint, int> AllGatherCall =
        (delegate* unmanaged<nint, nint, nuint, int, nint, nint, int>)Export("ncclAllGather");
    private static readonly delegate* unmanaged<nint, int> CommDestroy = (delegate* unmanaged<nint, int>)Export("ncclCommDestroy");
    private static readonly delegate* unmanaged<int, byte*> GetErrorString = (delegate* unmanaged<int, byte*>)Export("ncclGetErrorString");

    /// <summary>The library was found.</summary>
    public static bool IsPresent => Library != 0;

    public static UniqueId NewId()
    {
        UniqueId id;
        Check(GetUniqueId(&id), "ncclGetUniqueId");
        return id;
    }

    /// <summary>Joins a group; returns once all ranks have joined.</summary>
    public static nint Join(UniqueId id, int rank, int ranks)
    {
        nint communicator;
        Check(CommInitRank(&communicator, ranks, id, rank), "ncclCommInitRank");
        return communicator;
    }

    /// <summary>Sums in place, on the default stream.</summary>
    public static void AllReduce(nint communicator, nint data, long count, NcclType type, nint stream = 0) =>
        Check(AllReduceCall(data, data, (nuint)count, (int)type, 0, communicator, stream), "ncclAllReduce");

    /// <summary>The content of all ranks, one after another, on the default stream.</summary>
    public static void AllGather(nint communicator, nint from, nint to, long count, NcclType type) =>
        Check(AllGatherCall(from, to, (nuint)count, (int)type, communicator, 0), "ncclAllGather");

    public static void Leave(nint communicator) => Check(CommDestroy(communicator), "ncclCommDestroy");

    private static void Check(int result, string call)
    {
        if (result != 0)
            throw new InvalidOperationException(
                $"{call} failed: {Marshal.PtrToStringUTF8((nint)GetErrorString(result))}. NCCL_DEBUG=INFO makes NCCL say more.");
    }

    private static nint Load() => NativeLibrary.TryLoad("libnccl.so.2", out var library) ? library : 0;

    private static nint Export(string name) => Library == 0 ? 0 : NativeLibrary.GetExport(Library, name);
}

/// <summary>Element types by NCCL's numbers.</summary>
internal enum NcclType
{
    Int64 = 4,
    Float16 = 6,
    Float32 = 7,
    Float64 = 8,
    BFloat16 = 9,
}
