using System.Collections.Concurrent;
using System.Reflection;
using System.Text;

namespace WebImageText.Learn.Kernels;

/// <summary>One source of kernels, compiled for a device and there for the life of the process.</summary>
internal sealed class KernelModule
{
    private readonly ConcurrentDictionary<string, nint> _functions = new();
    private readonly nint _context, _module;

    /// <exception cref="InvalidOperationException">It does not compile; the message holds the compiler's.</exception>
    public KernelModule(int device, string source, string architecture)
    {
        _context = CudaDriver.ContextOf(device);
        (var code, Log) = Nvrtc.Compile(source, architecture);
        _module = Inside(() => CudaDriver.LoadModule(code));
    }

    /// <summary>What the compiler said of a source that it took.</summary>
    public string Log { get; }

    /// <summary>A source that is in the program, with its lines counted from its own first.</summary>
    public static string Source(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return $"#line 1 \"{name}\"\n{reader.ReadToEnd()}\n";
    }

    /// <inheritdoc cref="CudaDriver.BlocksAtATime"/>
    public int BlocksAtATime(string kernel, int threads) => Inside(() => CudaDriver.BlocksAtATime(Function(kernel), threads));

    /// <inheritdoc cref="CudaDriver.Needs"/>
    public (int Registers, int LocalBytes) Needs(string kernel) => Inside(() => CudaDriver.Needs(Function(kernel)));

    /// <summary>Lets a kernel be launched with so many bytes of shared memory.</summary>
    public void AllowShared(string kernel, int bytes) => Inside(() =>
    {
        CudaDriver.AllowShared(Function(kernel), bytes);
        return bytes;
    });

    /// <summary>Launches a kernel behind what libtorch was given so far.</summary>
    /// <param name="kernel">Its name in the source.</param>
    /// <param name="grid">Blocks and threads.</param>
    /// <param name="maps">The first arguments.</param>
    /// <param name="arguments">The others, as the source has them. Tensors must live until this returns; libtorch keeps their memory in order.</param>
    public void Launch(string kernel, LaunchGrid grid, ReadOnlySpan<TensorMap> maps, ReadOnlySpan<KernelArgument> arguments)
    {
        var before = CudaDriver.Enter(_context);
        CudaDriver.Launch(Function(kernel), grid, maps, arguments);
        Leave(before);
    }

    private nint Function(string kernel) =>
        _functions.GetOrAdd(kernel, name => CudaDriver.Function(_module, Encoding.UTF8.GetBytes(name + "\0")));

    private T Inside<T>(Func<T> call)
    {
        var before = CudaDriver.Enter(_context);
        var result = call();
        Leave(before);
        return result;
    }

    private void Leave(nint before)
    {
        if (before != 0 && before != _context)
            CudaDriver.Enter(before);
    }
}
