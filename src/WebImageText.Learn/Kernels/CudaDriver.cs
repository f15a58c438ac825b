using System.Runtime.InteropServices;

namespace WebImageText.Learn.Kernels;

/// <summary>CUDA's driver, as far as it is used here: contexts of devices, modules of machine code, launches.</summary>
internal static unsafe class CudaDriver
{
    private const int Multiprocessors = 16, Major = 75, Minor = 76, MostShared = 97; // of a device
    private const int LocalBytes = 3, Registers = 4, SharedBytes = 8; // of a function

    private static readonly nint Library = NativeLibrary.TryLoad("libcuda.so.1", out var library) ? library : 0;
    private static readonly delegate* unmanaged<int*, int, int> DeviceGet = (delegate* unmanaged<int*, int, int>)Export("cuDeviceGet");
    private static readonly delegate* unmanaged<int*, int, int, int> DeviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)Export("cuDeviceGetAttribute");
    private static readonly delegate* unmanaged<nint*, int, int> PrimaryRetain = (delegate* unmanaged<nint*, int, int>)Export("cuDevicePrimaryCtxRetain");
    private static readonly delegate* unmanaged<nint*, int> GetCurrent = (delegate* unmanaged<nint*, int>)Export("cuCtxGetCurrent");
    private static readonly delegate* unmanaged<nint, int> SetCurrent = (delegate* unmanaged<nint, int>)Export("cuCtxSetCurrent");
    private static readonly delegate* unmanaged<nint*, byte*, int> ModuleLoadData = (delegate* unmanaged<nint*, byte*, int>)Export("cuModuleLoadData");
    private static readonly delegate* unmanaged<nint*, nint, byte*, int> GetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)Export("cuModuleGetFunction");
    private static readonly delegate* unmanaged<int*, nint, int, nuint, int> MaxActiveBlocks =
        (delegate* unmanaged<int*, nint, int, nuint, int>)Export("cuOccupancyMaxActiveBlocksPerMultiprocessor");
    private static readonly delegate* unmanaged<int*, int, nint, int> FunctionGetAttribute = (delegate* unmanaged<int*, int, nint, int>)Export("cuFuncGetAttribute");
    private static readonly delegate* unmanaged<nint, int, int, int> FunctionSetAttribute = (delegate* unmanaged<nint, int, int, int>)Export("cuFuncSetAttribute");
    private static readonly delegate* unmanaged<TensorMap*, int, uint, nint, ulong*, ulong*, uint*, uint*, int, int, int, int, int> EncodeTiled =
        (delegate* unmanaged<TensorMap*, int, uint, nint, ulong*, ulong*, uint*, uint*, int, int, int, int, int>)
        (Library != 0 && NativeLibrary.TryGetExport(Library, "cuTensorMapEncodeTiled", out var encode) ? encode : 0);
    private static readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel =
        (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Export("cuLaunchKernel");
    private static readonly delegate* unmanaged<int, byte**, int> GetErrorString = (delegate* unmanaged<int, byte**, int>)Export("cuGetErrorString");

    /// <summary>The library was found.</summary>
    public static bool IsPresent => Library != 0;

    /// <summary>What a device can do, such as <c>sm_90</c>, and how many multiprocessors do it.</summary>
    public static (string Architecture, int Multiprocessors) Describe(int device)
    {
        int handle;
        Check(DeviceGet(&handle, device), "cuDeviceGet");
        return ($"sm_{Attribute(handle, Major)}{Attribute(handle, Minor)}", Attribute(handle, Multiprocessors));
    }

    /// <summary>Most bytes of shared memory that a block of a device can have, where a function was allowed them.</summary>
    public static int SharedMemory(int device)
    {
        int handle;
        Check(DeviceGet(&handle, device), "cuDeviceGet");
        return Attribute(handle, MostShared);
    }

    /// <summary>The context in which libtorch uses a device.</summary>
    public static nint ContextOf(int device)
    {
        int handle;
        nint context;
        Check(DeviceGet(&handle, device), "cuDeviceGet");
        Check(PrimaryRetain(&context, handle), "cuDevicePrimaryCtxRetain");
        return context;
    }

    /// <summary>Makes a context this thread's; threads that libtorch starts for backward passes may have none.</summary>
    /// <returns>The one before; 0 for none.</returns>
    public static nint Enter(nint context)
    {
        nint before;
        Check(GetCurrent(&before), "cuCtxGetCurrent");
        if (before != context)
            Check(SetCurrent(context), "cuCtxSetCurrent");
        return before;
    }

    /// <summary>Puts machine code on the current context's device, for the life of the process.</summary>
    public static nint LoadModule(ReadOnlySpan<byte> code)
    {
        nint module;
        fixed (byte* from = code)
            Check(ModuleLoadData(&module, from), "cuModuleLoadData");
        return module;
    }

    /// <summary>A function of a module.</summary>
    /// <param name="module">Of <see cref="LoadModule"/>.</param>
    /// <param name="name">As in the source, ended by a zero.</param>
    public static nint Function(nint module, ReadOnlySpan<byte> name)
    {
        nint function;
        fixed (byte* text = name)
            Check(GetFunction(&function, module, text), "cuModuleGetFunction");
        return function;
    }

    /// <summary>Blocks of so many threads that a multiprocessor runs at a time.</summary>
    public static int BlocksAtATime(nint function, int threads)
    {
        int blocks;
        Check(MaxActiveBlocks(&blocks, function, threads, 0), "cuOccupancyMaxActiveBlocksPerMultiprocessor");
        return Math.Max(blocks, 1);
    }

    /// <summary>Lets a function be launched with so many bytes of shared memory.</summary>
    public static void AllowShared(nint function, int bytes) => Check(FunctionSetAttribute(function, SharedBytes, bytes), "cuFuncSetAttribute");

    /// <summary>Registers of a thread, and the bytes of memory that it uses where they are too few.</summary>
    public static (int Registers, int LocalBytes) Needs(nint function)
    {
        int registers, bytes;
        Check(FunctionGetAttribute(&registers, Registers, function), "cuFuncGetAttribute");
        Check(FunctionGetAttribute(&bytes, LocalBytes, function), "cuFuncGetAttribute");
        return (registers, bytes);
    }

    /// <summary>How the tensor copies of compute capability 9.0 find boxes of a matrix; rows beyond its end are zeros.</summary>
    /// <param name="start">Of float16 [rows, columns], dense.</param>
    /// <param name="rows">Of the matrix.</param>
    /// <param name="columns">Of the matrix: a multiple of 8.</param>
    /// <param name="boxRows">Rows of a box, at most 256; it has 64 columns, in the 128-byte swizzle.</param>
    public static TensorMap Map(nint start, long rows, long columns, int boxRows)
    {
        const int Float16 = 6, NotInterleaved = 0, Swizzle128 = 3, Promote128 = 2, Zeros = 0;
        if (EncodeTiled == null)
            throw new InvalidOperationException("This driver knows no cuTensorMapEncodeTiled.");
        ulong* shape = stackalloc ulong[] { (ulong)columns, (ulong)rows };
        var stride = (ulong)columns * sizeof(ushort);
        uint* box = stackalloc uint[] { 64, (uint)boxRows };
        uint* steps = stackalloc uint[] { 1, 1 };
        var room = stackalloc TensorMap[2]; // where 64 divides the address, one of them starts
        var map = (TensorMap*)(((nint)room + 63) & ~(nint)63);
        Check(EncodeTiled(map, Float16, 2, start, shape, &stride, box, steps, NotInterleaved, Swizzle128, Promote128, Zeros), "cuTensorMapEncodeTiled");
        return *map;
    }

    /// <summary>Launches on the default stream, where libtorch computes.</summary>
    /// <param name="function">Of <see cref="Function"/>.</param>
    /// <param name="grid">Blocks and threads.</param>
    /// <param name="maps">The first arguments.</param>
    /// <param name="arguments">The others, each in 8 bytes, the first of which hold it.</param>
    public static void Launch(nint function, LaunchGrid grid, ReadOnlySpan<TensorMap> maps, ReadOnlySpan<KernelArgument> arguments)
    {
        var places = stackalloc void*[maps.Length + arguments.Length];
        fixed (TensorMap* map = maps)
        fixed (KernelArgument* first = arguments)
        {
            for (var at = 0; at < maps.Length; at++)
                places[at] = map + at;
            for (var at = 0; at < arguments.Length; at++)
                places[maps.Length + at] = first + at;
            Check(LaunchKernel(function, (uint)grid.BlocksX, (uint)grid.BlocksY, 1, (uint)grid.ThreadsX, (uint)grid.ThreadsY, 1, (uint)grid.SharedBytes, 0, places, null), "cuLaunchKernel");
        }
    }

    private static int Attribute(int device, int which)
    {
        int value;
        Check(DeviceGetAttribute(&value, which, device), "cuDeviceGetAttribute");
        return value;
    }

    private static void Check(int result, string call)
    {
        if (result == 0)
            return;
        byte* message;
        var text = GetErrorString(result, &message) == 0 ? Marshal.PtrToStringUTF8((nint)message) : null;
        throw new InvalidOperationException($"{call} failed with error {result}: {text ?? "unknown"}.");
    }

    private static nint Export(string name) => Library == 0 ? 0 : NativeLibrary.GetExport(Library, name);
}
