using System.Runtime.InteropServices;

namespace WebImageText.Learn.Train.Cuda;

/// <summary>
/// What TorchSharp does not offer of CUDA's runtime: a second stream for copies, events to order two streams, memory in use. The
/// library is the one that libtorch has loaded.
/// </summary>
internal static unsafe class CudaRuntime
{
    private const int HostToDevice = 1, NonBlocking = 1, WithoutTiming = 2;

    private static readonly string[] Names = ["libcudart.so.13", "libcudart.so.12", "libcudart.so"];

    private static readonly nint Library = Load();
    private static readonly delegate* unmanaged<nint*, uint, int> StreamCreate = (delegate* unmanaged<nint*, uint, int>)Export("cudaStreamCreateWithFlags");
    private static readonly delegate* unmanaged<nint, int> StreamDestroy = (delegate* unmanaged<nint, int>)Export("cudaStreamDestroy");
    private static readonly delegate* unmanaged<nint, nint, uint, int> StreamWait = (delegate* unmanaged<nint, nint, uint, int>)Export("cudaStreamWaitEvent");
    private static readonly delegate* unmanaged<nint*, uint, int> EventCreate = (delegate* unmanaged<nint*, uint, int>)Export("cudaEventCreateWithFlags");
    private static readonly delegate* unmanaged<nint, nint, int> EventRecord = (delegate* unmanaged<nint, nint, int>)Export("cudaEventRecord");
    private static readonly delegate* unmanaged<nint, int> EventSynchronize = (delegate* unmanaged<nint, int>)Export("cudaEventSynchronize");
    private static readonly delegate* unmanaged<nint, int> EventDestroy = (delegate* unmanaged<nint, int>)Export("cudaEventDestroy");
    private static readonly delegate* unmanaged<nint, nint, nuint, int, nint, int> MemcpyAsync =
        (delegate* unmanaged<nint, nint, nuint, int, nint, int>)Export("cudaMemcpyAsync");
    private static readonly delegate* unmanaged<nuint*, nuint*, int> MemGetInfo = (delegate* unmanaged<nuint*, nuint*, int>)Export("cudaMemGetInfo");

    /// <summary>The stream on which libtorch computes.</summary>
    public const nint DefaultStream = 0;

    /// <summary>The library was found.</summary>
    public static bool IsPresent => Library != 0;

    /// <summary>A stream that does not wait for the default one of its own accord.</summary>
    public static nint NewStream()
    {
        nint stream;
        Check(StreamCreate(&stream, NonBlocking));
        return stream;
    }

    public static void DropStream(nint stream) => _ = StreamDestroy(stream);

    /// <summary>A mark to set in a stream and to wait for.</summary>
    public static nint NewEvent()
    {
        nint made;
        Check(EventCreate(&made, WithoutTiming));
        return made;
    }

    public static void DropEvent(nint mark) => _ = EventDestroy(mark);

    /// <summary>Sets a mark behind what the stream has been given so far.</summary>
    public static void Record(nint mark, nint stream) => Check(EventRecord(mark, stream));

    /// <summary>What the stream is given from now on waits for the mark; the host does not.</summary>
    public static void Wait(nint stream, nint mark) => Check(StreamWait(stream, mark, 0));

    /// <summary>The host waits for the mark.</summary>
    public static void Await(nint mark) => Check(EventSynchronize(mark));

    /// <summary>Copies from pinned memory to the device, in a stream.</summary>
    public static void Upload(nint to, nint from, long bytes, nint stream) => Check(MemcpyAsync(to, from, (nuint)bytes, HostToDevice, stream));

    /// <summary>Device memory in use by all processes, bytes, and what there is; zeros where the library is not loaded.</summary>
    public static (long Used, long Total) Memory()
    {
        nuint free, total;
        return IsPresent && MemGetInfo(&free, &total) == 0 ? ((long)(total - free), (long)total) : default;
    }

    private static void Check(int result)
    {
        if (result != 0)
            throw new InvalidOperationException($"CUDA's runtime failed with error {result}; its number is explained in CUDA's driver_types.h.");
    }

    private static nint Load()
    {
        foreach (var name in Names)
            if (NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "cudaStreamWaitEvent", out _))
                return library;
        return 0;
    }

    private static nint Export(string name) => Library == 0 ? 0 : NativeLibrary.GetExport(Library, name);
}
