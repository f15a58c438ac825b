using System.Text;

namespace WebImageText.Curate.Pixels;

/// <summary>Which codecs this machine decodes and encodes with.</summary>
/// <param name="Jpeg">For example <c>libturbojpeg 2.1.5</c>, or libvips where that is missing.</param>
/// <param name="Others">PNG, GIF, WebP, AVIF, TIFF, colour profiles: for example <c>libvips 8.18.7</c>.</param>
/// <param name="Advice">What would make it faster or stricter, or null.</param>
public sealed record Codecs(string Jpeg, string Others, string? Advice)
{
    /// <summary>Loads the libraries and asks them.</summary>
    /// <exception cref="DllNotFoundException">libvips is missing: this build does not carry it for this platform.</exception>
    public static Codecs InUse()
    {
        var vips = $"libvips {Vips.Version}";
        return TurboJpeg.IsPresent
            ? new($"libturbojpeg {TurboVersion() ?? "(version unknown)"}", vips, null)
            : new(vips, vips, "libturbojpeg is missing: JPEG takes 2.4 times the CPU. Debian: apt-get install libturbojpeg0.");
    }

    // TurboJPEG 2 has no call for its version, but its file names it.
    private static string? TurboVersion()
    {
        const string Maps = "/proc/self/maps";
        if (!File.Exists(Maps))
            return null;
        var path = File.ReadLines(Maps).Where(line => line.Contains("turbojpeg", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..]).FirstOrDefault();
        if (path is null || !File.Exists(path))
            return null;
        ReadOnlySpan<byte> library = File.ReadAllBytes(path);
        var mark = "libjpeg-turbo version "u8;
        var at = library.IndexOf(mark);
        if (at < 0)
            return null;
        var rest = library.Slice(at + mark.Length, 16);
        return Encoding.ASCII.GetString(rest).Split(' ', '\0')[0];
    }
}
