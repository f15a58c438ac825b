using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace WebImageText.Learn.Kernels;

/// <summary>NVIDIA's compiler at run time, as far as it is used here. CUDA builds of libtorch bring it.</summary>
internal static unsafe class Nvrtc
{
    private static readonly string[] Names = ["libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so"];

    private static readonly nint Library = Load();
    private static readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> CreateProgram =
        (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)Export("nvrtcCreateProgram");
    private static readonly delegate* unmanaged<nint, int, byte**, int> CompileProgram = (delegate* unmanaged<nint, int, byte**, int>)Export("nvrtcCompileProgram");
    private static readonly delegate* unmanaged<nint, nuint*, int> GetLogSize = (delegate* unmanaged<nint, nuint*, int>)Export("nvrtcGetProgramLogSize");
    private static readonly delegate* unmanaged<nint, byte*, int> GetLog = (delegate* unmanaged<nint, byte*, int>)Export("nvrtcGetProgramLog");
    private static readonly delegate* unmanaged<nint, nuint*, int> GetCubinSize = (delegate* unmanaged<nint, nuint*, int>)Export("nvrtcGetCUBINSize");
    private static readonly delegate* unmanaged<nint, byte*, int> GetCubin = (delegate* unmanaged<nint, byte*, int>)Export("nvrtcGetCUBIN");
    private static readonly delegate* unmanaged<nint*, int> DestroyProgram = (delegate* unmanaged<nint*, int>)Export("nvrtcDestroyProgram");
    private static readonly delegate* unmanaged<int, byte*> GetErrorString = (delegate* unmanaged<int, byte*>)Export("nvrtcGetErrorString");

    /// <summary>The library was found.</summary>
    public static bool IsPresent => Library != 0;

    /// <summary>Machine code of a source that includes nothing.</summary>
    /// <param name="source">CUDA C++ 17.</param>
    /// <param name="architecture">Of the device: <c>sm_90</c>.</param>
    /// <returns>The code, and what the compiler said beside it.</returns>
    /// <exception cref="InvalidOperationException">It does not compile; the message holds the compiler's.</exception>
    public static (byte[] Code, string Log) Compile(string source, string architecture)
    {
        var (text, target, standard) = (Text(source), Text($"--gpu-architecture={architecture}"), Text("--std=c++17"));
        nint program;
        fixed (byte* from = text, first = target, second = standard)
        {
            Check(CreateProgram(&program, from, null, 0, null, null), "nvrtcCreateProgram");
            try
            {
                var options = stackalloc byte*[] { first, second };
                var result = CompileProgram(program, 2, options);
                if (result != 0)
                    throw new InvalidOperationException($"The kernels do not compile for {architecture} ({Message(result)}):\n{LogOf(program)}");
                nuint size;
                Check(GetCubinSize(program, &size), "nvrtcGetCUBINSize");
                var code = new byte[size];
                fixed (byte* to = code)
                    Check(GetCubin(program, to), "nvrtcGetCUBIN");
                return (code, LogOf(program));
            }
            finally
            {
                _ = DestroyProgram(&program);
            }
        }
    }

    private static string LogOf(nint program)
    {
        nuint size;
        Check(GetLogSize(program, &size), "nvrtcGetProgramLogSize");
        var log = new byte[size];
        fixed (byte* to = log)
            Check(GetLog(program, to), "nvrtcGetProgramLog");
        return Encoding.UTF8.GetString(log).TrimEnd('\0', '\n');
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static string? Message(int result) => Marshal.PtrToStringUTF8((nint)GetErrorString(result));

    private static void Check(int result, string call)
    {
        if (result != 0)
            throw new InvalidOperationException($"{call} failed: {Message(result)}.");
    }

    // libtorch's archive gives it a name with a hash in it, beside the rest of CUDA's libraries.
    private static nint Load()
    {
        foreach (var name in Names)
            if (TryLoad(name) is var library and not 0)
                return library;
        using var process = Process.GetCurrentProcess();
        var folders = process.Modules.Cast<ProcessModule>().Where(module => module.ModuleName.Contains("cuda", StringComparison.Ordinal))
            .Select(module => Path.GetDirectoryName(module.FileName)).OfType<string>().Distinct();
        foreach (var path in folders.Where(Directory.Exists).SelectMany(folder => Directory.GetFiles(folder, "libnvrtc*.so*")).Order(StringComparer.Ordinal))
            if (TryLoad(path) is var library and not 0)
                return library;
        return 0;
    }

    private static nint TryLoad(string name) =>
        NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "nvrtcGetCUBIN", out _) ? library : 0;

    private static nint Export(string name) => Library == 0 ? 0 : NativeLibrary.GetExport(Library, name);
}
