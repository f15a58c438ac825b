using System.Runtime.InteropServices;

namespace WebImageText.Learn.Kernels;

/// <summary>CUDA's driver, as far as it is used here: contexts of devices, modules of machine code, launches.</summary>
internal static unsafe class CudaDriver
{
    private const int Multiprocessors = 16, Major = 75, Minor = 76;

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

    /// <summary>Launches on the default stream, where libtorch computes.</summary>
    /// <param name="function">Of <see cref="Function"/>.</param>
    /// <param name="grid">Blocks and threads.</param>
    /// <param name="arguments">Each in 8 bytes, the first of which hold it.</param>
    public static void Launch(nint function, LaunchGrid grid, ReadOnlySpan<KernelArgument> arguments)
    {
        var places = stackalloc void*[arguments.Length];
        fixed (KernelArgument* first = arguments)
        {
            for (var at = 0; at < arguments.Length; at++)
                places[at] = first + at;
            Check(LaunchKernel(function, (uint)grid.BlocksX, (uint)grid.BlocksY, 1, (uint)grid.ThreadsX, (uint)grid.ThreadsY, 1, 0, 0, places, null), "cuLaunchKernel");
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
