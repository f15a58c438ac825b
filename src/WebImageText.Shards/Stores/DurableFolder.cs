using System.Runtime.InteropServices;

namespace WebImageText.Shards.Stores;

/// <summary>Makes names durable: after a power cut a file is found only if its folder was flushed too (fsync(2)).</summary>
internal static partial class DurableFolder
{
    /// <summary>Flushes a folder, so that names made, renamed or removed in it stay so.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return; // NTFS journals names by itself, and a folder cannot be flushed there
        var descriptor = Open(folder, 0); // O_RDONLY: 0 on every Unix
        if (descriptor < 0)
            throw Failed("opened");
        try
        {
            if (Fsync(descriptor) != 0)
                throw Failed("flushed");
        }
        finally
        {
            _ = Close(descriptor);
        }

        IOException Failed(string what) =>
            new($"The folder '{folder}' cannot be {what}: {Marshal.GetLastPInvokeErrorMessage()}. Check the disk and its rights.");
    }

    /// <summary>Makes a folder and those above it, and flushes every folder that got a new name.</summary>
    public static void Create(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var above = Path.GetDirectoryName(folder) ?? throw new IOException($"'{folder}' has no folder above it.");
        Create(above);
        Directory.CreateDirectory(folder);
        Flush(above);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
