using SkiaSharp;

namespace WebImageText.Cli.Bench.Detector;

/// <summary>A photograph as the benchmarks of detectors edit it: RGBA, its longer side no more than 512 pixels.</summary>
internal static class SuitePhoto
{
    private const int LongestSide = 512;

    /// <summary>The photograph of a file; null where it is none.</summary>
    public static SKBitmap? Decode(byte[] image)
    {
        using var decoded = SKBitmap.Decode(image);
        if (decoded is null)
            return null;
        var scale = Math.Min(1f, (float)LongestSide / Math.Max(decoded.Width, decoded.Height));
        return decoded.Resize(new SKImageInfo(Math.Max(1, (int)(decoded.Width * scale)), Math.Max(1, (int)(decoded.Height * scale)),
            SKColorType.Rgba8888, SKAlphaType.Opaque), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
    }
}
