using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>
/// The kernels of the <c>.cu</c> files in this folder on one device: passes over memory that libtorch makes one by one, in one.
/// Compiled for the device when they are first asked for, once a process; the clock of that is a second or two.
/// </summary>
internal sealed class KernelLibrary
{
    private static readonly ConcurrentDictionary<int, Lazy<KernelLibrary>> Devices = new();

    private readonly ConcurrentDictionary<(string Name, int Threads), int> _blocks = new();
    private readonly KernelModule _module;

    private KernelLibrary(int device)
    {
        (var architecture, Multiprocessors) = CudaDriver.Describe(device);
        _module = new(device, Source(), architecture);
    }

    /// <summary>There is a compiler and a driver; whether there is a device, a tensor that lies on one tells.</summary>
    public static bool IsPresent { get; } = Nvrtc.IsPresent && CudaDriver.IsPresent;

    /// <summary>Everything is computed by libtorch's operations, to compare with.</summary>
    internal static bool IsOff { get; set; }

    /// <summary>Multiprocessors of the device.</summary>
    public int Multiprocessors { get; }

    /// <summary>The kernels know a tensor's type, and are on its device.</summary>
    public static bool Takes(Tensor tensor) => !IsOff && tensor.device_type == TorchSharp.DeviceType.CUDA
        && tensor.dtype is ScalarType.BFloat16 or ScalarType.Float16 && IsPresent;

    /// <summary>The kernels on the device of a tensor.</summary>
    /// <exception cref="InvalidOperationException">They do not compile; the message holds the compiler's.</exception>
    public static KernelLibrary Of(Tensor tensor) =>
        Devices.GetOrAdd(tensor.device_index, index => new(() => new(index))).Value;

    /// <summary>The end of a kernel's name: which type of numbers it takes.</summary>
    public static string Suffix(Tensor tensor) => tensor.dtype == ScalarType.BFloat16 ? "_bf16" : "_fp16";

    /// <summary>Memory for float32 numbers on the device of a tensor.</summary>
    public static Tensor Floats(Tensor beside, params long[] shape) => empty(shape, ScalarType.Float32, beside.device);

    /// <summary>Blocks that the whole device runs at a time.</summary>
    public int BlocksAtATime(string kernel, int threads) =>
        Multiprocessors * _blocks.GetOrAdd((kernel, threads), key => _module.BlocksAtATime(key.Name, key.Threads));

    /// <summary>Launches a kernel behind what libtorch was given so far.</summary>
    /// <param name="kernel">Its name in the source.</param>
    /// <param name="grid">Blocks and threads.</param>
    /// <param name="arguments">As the source has them. Tensors must live until this returns; libtorch keeps their memory in order.</param>
    public void Launch(string kernel, LaunchGrid grid, params ReadOnlySpan<KernelArgument> arguments) => _module.Launch(kernel, grid, [], arguments);

    private static string Source()
    {
        var names = Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.EndsWith(".cu", StringComparison.Ordinal) && !name.Contains('/')) // those in folders stand by themselves
            .OrderBy(name => name == "common.cu" ? 0 : 1).ThenBy(name => name, StringComparer.Ordinal);
        var source = new StringBuilder();
        foreach (var name in names)
            source.Append(KernelModule.Source(name));
        return source.ToString();
    }
}
