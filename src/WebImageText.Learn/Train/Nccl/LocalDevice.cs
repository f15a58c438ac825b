using System.Globalization;
using System.Runtime.InteropServices;

namespace WebImageText.Learn.Train.Nccl;

/// <summary>Gives a process its own GPU, which it then sees as the only one.</summary>
public static partial class LocalDevice
{
    /// <summary>Hides this machine's other GPUs. To be called before libtorch looks for any.</summary>
    public static void Choose(int localRank)
    {
        var seen = (Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var own = localRank < seen.Length ? seen[localRank] : localRank.ToString(CultureInfo.InvariantCulture);
        // .NET keeps its own copy of the environment; the driver reads the C library's.
        _ = SetEnvironment("CUDA_VISIBLE_DEVICES", own, 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
