using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace WebImageText.Curate.Pixels;

/// <summary>
/// A colour profile of three curves and a matrix, as cameras and editors write them (Adobe RGB, Display P3), and the way from
/// it to sRGB: ten times as fast as a colour engine, which profiles of other kinds still go through.
/// </summary>
/// <remarks>
/// ICC.1:2022, annex F.3. Relative colorimetric: white becomes white, colours outside sRGB are cut off channel by channel.
/// </remarks>
internal sealed class MatrixProfile
{
    // Fine enough that a step is under a quarter of an 8-bit value where sRGB is steepest.
    private const int Steps = 16_383;

    // XYZ at D50 to linear sRGB: the inverse of IEC 61966-2-1's primaries, adapted to D50.
    private static readonly double[] ToSrgb =
        [3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.0334540, 0.0719453, -0.2289914, 1.4052427];

    private static readonly byte[] Encoded = [.. Enumerable.Range(0, Steps + 1).Select(step => Encode(step / (double)Steps))];

    // What each value of each channel adds to the three channels of the result, in steps.
    private readonly Vector128<float>[] _parts;

    private MatrixProfile(Vector128<float>[] parts) => _parts = parts;

    /// <summary>The profile, or null where it is of another kind or broken.</summary>
    public static MatrixProfile? Read(ReadOnlySpan<byte> profile)
    {
        if (!IccTags.Space(profile).SequenceEqual("RGB "u8) || !IccTags.Connection(profile).SequenceEqual("XYZ "u8)
            || !IccTags.Find(profile, "A2B0").IsEmpty)
            return null;
        var parts = new Vector128<float>[3 * 256];
        foreach (var (channel, name) in "rgb".Index())
        {
            var colorant = IccTags.Find(profile, $"{name}XYZ");
            var curve = IccTags.Find(profile, $"{name}TRC");
            if (colorant.Length < 20)
                return null;
            var (x, y, z) = (IccTags.Fixed(colorant, 8), IccTags.Fixed(colorant, 12), IccTags.Fixed(colorant, 16));
            for (var value = 0; value < 256; value++)
            {
                var light = IccTags.Light(curve, value / 255.0) * Steps;
                if (!double.IsFinite(light))
                    return null;
                parts[256 * channel + value] = Vector128.Create(Row(0, light), Row(1, light), Row(2, light), 0);
            }

            float Row(int row, double light) => (float)(light * (ToSrgb[3 * row] * x + ToSrgb[3 * row + 1] * y + ToSrgb[3 * row + 2] * z));
        }
        return new(parts);
    }

    /// <summary>Turns samples of this profile into sRGB, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(Raster raster)
    {
        var pixels = raster.Pixels;
        var (half, most) = (Vector128.Create(0.5f), Vector128.Create((float)Steps));
        for (var at = 0; at + 2 < pixels.Length; at += 3)
        {
            var sum = _parts[pixels[at]] + _parts[256 + pixels[at + 1]] + _parts[512 + pixels[at + 2]];
            var steps = Vector128.ConvertToInt32(Vector128.Min(Vector128.Max(sum, Vector128<float>.Zero), most) + half);
            pixels[at] = Encoded[steps[0]];
            pixels[at + 1] = Encoded[steps[1]];
            pixels[at + 2] = Encoded[steps[2]];
        }
    }

    private static byte Encode(double light) => (byte)Math.Round(
        255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * Math.Pow(light, 1 / 2.4) - 0.055));
}
