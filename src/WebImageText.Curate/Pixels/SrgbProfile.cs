namespace WebImageText.Curate.Pixels;

/// <summary>
/// Tells ICC profiles that mean sRGB, so that most images need no colour transform. Such profiles come in dozens of variants.
/// </summary>
internal static class SrgbProfile
{
    private const double ColorantTolerance = 0.003;
    private const double CurveTolerance = 0.006;

    // IEC 61966-2-1 primaries, adapted to D50.
    private static readonly (string Tag, double X, double Y, double Z)[] Colorants =
        [("rXYZ", 0.4361, 0.2225, 0.0139), ("gXYZ", 0.3851, 0.7169, 0.0971), ("bXYZ", 0.1431, 0.0606, 0.7141)];

    /// <summary>The profile, of an RGB or a grey image, describes sRGB values as near as makes no difference in 8 bits.</summary>
    public static bool Is(ReadOnlySpan<byte> profile)
    {
        if (IccTags.Space(profile).SequenceEqual("GRAY"u8))
            return IsCurve(IccTags.Find(profile, "kTRC"));
        if (!IccTags.Space(profile).SequenceEqual("RGB "u8))
            return false;
        foreach (var (tag, x, y, z) in Colorants)
        {
            var value = IccTags.Find(profile, tag);
            if (value.Length < 20 || !Near(value, 8, x) || !Near(value, 12, y) || !Near(value, 16, z))
                return false;
        }
        return IsCurve(IccTags.Find(profile, "rTRC")) && IsCurve(IccTags.Find(profile, "gTRC")) && IsCurve(IccTags.Find(profile, "bTRC"));
    }

    private static bool Near(ReadOnlySpan<byte> value, int at, double wanted) => Math.Abs(IccTags.Fixed(value, at) - wanted) < ColorantTolerance;

    private static bool IsCurve(ReadOnlySpan<byte> curve)
    {
        for (var step = 1; step < 16; step++)
        {
            var x = step / 16.0;
            var srgb = x <= 0.04045 ? x / 12.92 : Math.Pow((x + 0.055) / 1.055, 2.4);
            if (!(Math.Abs(IccTags.Light(curve, x) - srgb) < CurveTolerance)) // a curve that is none gives NaN
                return false;
        }
        return true;
    }
}
