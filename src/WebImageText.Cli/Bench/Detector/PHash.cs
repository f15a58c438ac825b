using SkiaSharp;

namespace WebImageText.Cli.Bench.Detector;

/// <summary>
/// The perceptual hash that most tools mean: 32 x 32 grey, cosine transform, the sign against their median of the 8 x 8 lowest
/// frequencies. As 64 numbers of ±1/8, so that a dot product tells how many bits are the same.
/// </summary>
internal static class PHash
{
    public const int Bits = 64;

    private const int Side = 32, Low = 8;

    public static float[] Of(byte[] image)
    {
        using var decoded = SKBitmap.Decode(image);
        using var small = decoded.Resize(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        var pixels = small.GetPixelSpan();
        var grey = new double[Side * Side];
        for (var at = 0; at < grey.Length; at++)
            grey[at] = 0.299 * pixels[4 * at] + 0.587 * pixels[4 * at + 1] + 0.114 * pixels[4 * at + 2];
        var waves = new double[Bits];
        for (var v = 0; v < Low; v++)
            for (var u = 0; u < Low; u++)
                for (var y = 0; y < Side; y++)
                    for (var x = 0; x < Side; x++)
                        waves[v * Low + u] += grey[y * Side + x] * Math.Cos((2 * x + 1) * u * Math.PI / (2 * Side)) * Math.Cos((2 * y + 1) * v * Math.PI / (2 * Side));
        var median = waves.Skip(1).Order().ElementAt((Bits - 1) / 2);
        return [.. waves.Select(wave => wave > median ? 0.125f : -0.125f)];
    }
}
