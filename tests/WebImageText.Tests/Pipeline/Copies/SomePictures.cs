using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Dedup.Search;
using WebImageText.Pipeline.Copies;

namespace WebImageText.Tests.Pipeline.Copies;

/// <summary>Pictures whose likeness can be read from their numbers.</summary>
internal static class SomePictures
{
    private const int Dimension = 16;

    private static readonly string Model = new('5', 64);

    /// <summary>Descriptors are compared too: up to 18 degrees apart they are of one picture, if they share a list.</summary>
    public static CopyRule Rule { get; } = new(new LikenessRule(0.95f, Model, Dimension, lists: 256));

    /// <param name="uid">Of the pair.</param>
    /// <param name="bytes">Equal numbers are equal bytes.</param>
    /// <param name="home">The range, by the leading bits of the pixels.</param>
    /// <param name="pixels">Equal numbers of one home are equal pixels.</param>
    /// <param name="look">0-256: the looks of two are as many bits apart as these numbers; null for none.</param>
    /// <param name="degrees">The descriptors of two are as many degrees apart as these numbers; null for none.</param>
    public static PictureOf Of(int uid, int bytes, int home, int pixels, int? look, int? degrees = null) =>
        new(new((UInt128)uid), new((UInt128)bytes, ((UInt128)home << 124) | (UInt128)pixels, look is { } bits ? Look(bits) : null, degrees is { } angle ? new(Descriptor(angle)) : null));

    /// <summary>A descriptor in a direction, as a data set keeps it.</summary>
    public static byte[] Descriptor(int degrees)
    {
        var row = new float[Dimension];
        (row[1], row[0]) = MathF.SinCos(degrees * MathF.PI / 180);
        return StoredDescriptor.Write(row, Model);
    }

    /// <summary>A hash whose first bits are ones.</summary>
    public static PdqHash Look(int ones) => new(Ones(ones), Ones(ones - 64), Ones(ones - 128), Ones(ones - 192));

    private static ulong Ones(int count) => count <= 0 ? 0 : count >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - count);
}
