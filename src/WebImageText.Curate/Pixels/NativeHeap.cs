using System.Runtime.InteropServices;

namespace WebImageText.Curate.Pixels;

/// <summary>
/// The C library's heap, from which the codecs take pixels. glibc keeps eight arenas a core, and each keeps what was freed in it:
/// large pictures, decoded now on this thread and now on that, would stand in memory many times over. It also learns from large
/// blocks to keep them, up to 32 MB; a fixed threshold gives each back to the system when it is freed.
/// </summary>
public static partial class NativeHeap
{
    // malloc.h
    private const int MapThreshold = -3;
    private const int ArenaMax = -8;

    private const int LargeBlock = 1 << 20;

    /// <summary>One arena a core, blocks of 1 MiB and more by themselves; call it once, before the first picture. Nothing is changed where the C library is not glibc.</summary>
    public static void Bound()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = MallocOption(ArenaMax, Environment.ProcessorCount);
            _ = MallocOption(MapThreshold, LargeBlock);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no arenas.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallocOption(int parameter, int value);
}
