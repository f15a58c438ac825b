using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace WebImageText.Learn;

/// <summary>
/// Lets the program use the libtorch that a machine has, of its PyTorch for example, instead of carrying one: <c>WIT_LIBTORCH</c>
/// names its folder. Nothing is loaded before TorchSharp asks for it.
/// </summary>
public static class TorchLibrary
{
    /// <summary>The variable that names the folder.</summary>
    public const string Variable = "WIT_LIBTORCH";

    private static readonly string[] CpuParts = ["libc10.so", "libtorch_cpu.so"];
    private static readonly string[] CudaParts = ["libc10_cuda.so", "libtorch_cuda_linalg.so", "libtorch_cuda.so", "libtorch.so"];
    private static readonly Lazy<nint> Loaded = new(Load);

    private static string? _folder;

    /// <summary>Why the folder cannot be used, or null.</summary>
    public static string? Fault { get; private set; }

    /// <summary>
    /// There is a libtorch to load. TorchSharp must not be asked where there is none: it prints pages, and copies what it finds in a
    /// package cache into the program's folder.
    /// </summary>
    public static bool IsThere => !OperatingSystem.IsLinux() || _folder is not null || IsCarried || NativeLibrary.TryLoad("libtorch_cpu.so", out _);

    private static bool IsCarried => File.Exists(Path.Combine(AppContext.BaseDirectory, "libtorch_cpu.so"))
        || File.Exists(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", "libtorch_cpu.so"));

    /// <summary>Makes the folder known, if the variable is set; call it once, before any use of TorchSharp.</summary>
    public static void Offer()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } named)
            return;
        if (IsCarried)
        {
            // Two libtorchs in one process register every operator twice, and abort.
            Fault = $"{Variable} is set, but this build carries a libtorch of its own, which is used. Build with -p:Torch=none to use '{named}'.";
            return;
        }
        _folder = new[] { named, Path.Combine(named, "lib") }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "libtorch_cpu.so")));
        if (_folder is null)
            Fault = $"{Variable} names '{named}', where no libtorch_cpu.so is. With PyTorch: python3 -c 'import torch; print(torch.__path__[0])'";
        else
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
    }

    // Asked when the program's own folder has no such file. libLibTorchSharp.so, which it has, then finds its needs loaded already.
    private static nint Resolve(Assembly asking, string name) => name is "torch_cpu" or "torch_cuda" ? Loaded.Value : 0;

    private static nint Load()
    {
        PreloadCuda(_folder!);
        foreach (var part in CpuParts)
            Fault ??= TryLoad(part) ? null : $"'{Path.Combine(_folder!, part)}' does not load.";
        foreach (var part in CudaParts.Where(part => File.Exists(Path.Combine(_folder!, part))))
            TryLoad(part); // without a driver these may fail, and the CPU still works
        return Fault is null && NativeLibrary.TryLoad(Path.Combine(_folder!, "libtorch_cpu.so"), out var handle) ? handle : 0;
    }

    private static bool TryLoad(string part) => NativeLibrary.TryLoad(Path.Combine(_folder!, part), out _);

    // PyTorch's packages keep NVIDIA's libraries in nvidia/*/lib beside themselves. They need each other: what fails is tried again.
    private static void PreloadCuda(string folder)
    {
        var packages = Path.GetFullPath(Path.Combine(folder, "..", "..", "nvidia"));
        if (!Directory.Exists(packages) || !File.Exists(Path.Combine(folder, "libtorch_cuda.so")))
            return;
        List<string> waiting = [.. Directory.GetDirectories(packages).Select(package => Path.Combine(package, "lib")).Where(Directory.Exists)
            .SelectMany(lib => Directory.GetFiles(lib, "*.so*")).Order(StringComparer.Ordinal)];
        for (var before = int.MaxValue; waiting.Count > 0 && waiting.Count < before;)
        {
            before = waiting.Count;
            waiting.RemoveAll(path => NativeLibrary.TryLoad(path, out _));
        }
    }
}
