using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using WebImageText.Curate.Dedup;
using WebImageText.Curate.Pixels;
using WebImageText.Learn;

namespace WebImageText.Cli.Doctor;

/// <summary>Looks at everything of the machine that the verbs depend on. Changes nothing.</summary>
internal static class Examination
{
    private const long EnoughFiles = 8192;
    private const long EnoughDisk = 20_000_000_000;
    private static readonly DateTimeOffset BuiltAfter = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="folder">Where a data set would go.</param>
    /// <param name="clock">The clock that is checked.</param>
    public static IEnumerable<Finding> Run(string folder, TimeProvider clock) =>
    [
        Runtime(), Unicode(), .. Images(), Onnx(), Torch(), Files(), Disk(folder), Clock(clock),
    ];

    private static Finding Runtime() => new(
        "machine", Health.Good,
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors, " +
        $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:F0} GB memory");

    // Without ICU, normalisation returns its input: captions and queries would silently be compared as they stand.
    private static Finding Unicode() => "e\u0301".Normalize(NormalizationForm.FormC).Length == 1
        ? new("unicode", Health.Good, "ICU normalises text")
        : new("unicode", Health.Broken, "text is not normalised (globalization-invariant mode)",
            "Install libicu (Debian: apt-get install libicu72) and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");

    private static IEnumerable<Finding> Images()
    {
        Codecs? codecs = null;
        try
        {
            codecs = Codecs.InUse();
        }
        catch (Exception fault) when (fault is DllNotFoundException or TypeInitializationException)
        {
        }
        if (codecs is null)
        {
            yield return new("images", Health.Broken, "libvips does not load: no image can be decoded",
                "The NetVips.Native package serves linux-x64; elsewhere install libvips 8.15 or newer.");
            yield break;
        }
        yield return new("images", Health.Good, codecs.Others);
        yield return new("jpeg", codecs.Advice is null ? Health.Good : Health.Limited, codecs.Jpeg, codecs.Advice);
    }

    private static Finding Onnx() => OnnxProbe.Providers() is { Count: > 0 } providers
        ? new("onnx runtime", Health.Good, string.Join(", ", providers))
        : new("onnx runtime", Health.Limited, "does not load", "The detector runs through libtorch only. Supported: linux-x64 with glibc 2.27 or newer.");

    private static Finding Torch()
    {
        var torch = TorchProbe.Run();
        return torch.Version is { } version
            ? new("libtorch", TorchLibrary.Fault is null ? Health.Good : Health.Limited, $"{version}, devices {string.Join(", ", torch.Devices)}", TorchLibrary.Fault)
            : new("libtorch", Health.Limited, $"does not load: {TorchLibrary.Fault ?? torch.Fault}",
                "Everything but train, eval, classify, embed and detector train works. Build with -p:Torch=cpu, or name a libtorch folder in WIT_LIBTORCH.");
    }

    private static Finding Files()
    {
        const string remedy = "A large crawl holds one descriptor a connection: 'ulimit -n 65536', or LimitNOFILE=65536 in the unit file.";
        var line = File.Exists("/proc/self/limits") ? File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal)) : null;
        if (line is null)
            return new("open files", Health.Good, "no limit that can be read here");
        var soft = line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return !long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) || limit >= EnoughFiles
            ? new("open files", Health.Good, $"limit {soft}")
            : new("open files", Health.Limited, $"limit {soft}", remedy);
    }

    private static Finding Disk(string folder)
    {
        var drive = new DriveInfo(Path.GetFullPath(folder));
        var found = $"{drive.AvailableFreeSpace / 1e9:F0} GB free where '{Path.GetFullPath(folder)}' is";
        return drive.AvailableFreeSpace >= EnoughDisk
            ? new("disk", Health.Good, found)
            : new("disk", Health.Limited, found, "A million pairs at 512 pixels take about 60 GB, and staging as much as the open shards. Choose another --out.");
    }

    private static Finding Clock(TimeProvider clock) => clock.GetUtcNow() is var now && now > BuiltAfter
        ? new("clock", Health.Good, now.ToString("u", CultureInfo.InvariantCulture))
        : new("clock", Health.Broken, now.ToString("u", CultureInfo.InvariantCulture),
            "It is before this program was written: certificates will not verify and fetch times will be wrong. Set the clock (timedatectl set-ntp true).");
}
