using System.Globalization;

namespace WebImageText.Cli.Bench;

/// <summary>Resident memory of this process, as Linux counts it.</summary>
internal static class Resident
{
    /// <summary>Collects garbage, forgets the peak so far, and returns the bytes that are left.</summary>
    public static long Forget()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        File.WriteAllText("/proc/self/clear_refs", "5");
        return Status("VmRSS:");
    }

    /// <summary>Most bytes since <see cref="Forget"/>, or since the start; what is resident now where the system does not say.</summary>
    public static long Peak() => File.Exists("/proc/self/status") ? Status("VmHWM:") : Environment.WorkingSet;

    private static long Status(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
