using System.Buffers.Binary;
using System.Text;

namespace WebImageText.Curate.Pixels;

/// <summary>Reads the tags of an ICC profile; what is broken or missing comes out as nothing or NaN.</summary>
/// <remarks>ICC.1:2022: header section 7.2, tag table 7.3, curveType 10.6, parametricCurveType 10.18.</remarks>
internal static class IccTags
{
    private const int HeaderLength = 132, MostTags = 100;

    // Parameters of each kind of parametric curve.
    private static readonly int[] ParameterCounts = [1, 3, 4, 5, 7];

    /// <summary>The colour space of the samples, four letters: <c>RGB </c>, <c>GRAY</c>; empty for what is no profile.</summary>
    public static ReadOnlySpan<byte> Space(ReadOnlySpan<byte> profile) => profile.Length < HeaderLength ? default : profile.Slice(16, 4);

    /// <summary>The space that the profile leads to, four letters: <c>XYZ </c> or <c>Lab </c>.</summary>
    public static ReadOnlySpan<byte> Connection(ReadOnlySpan<byte> profile) => profile.Length < HeaderLength ? default : profile.Slice(20, 4);

    /// <summary>The content of a tag, its type first; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> profile, string name)
    {
        var count = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(profile[128..]), MostTags);
        for (var at = HeaderLength; count > 0 && at + 12 <= profile.Length; at += 12, count--)
        {
            if (!profile.Slice(at, 4).SequenceEqual(Encoding.ASCII.GetBytes(name)))
                continue;
            var offset = BinaryPrimitives.ReadUInt32BigEndian(profile[(at + 4)..]);
            var length = BinaryPrimitives.ReadUInt32BigEndian(profile[(at + 8)..]);
            return offset <= profile.Length && length <= profile.Length - offset ? profile.Slice((int)offset, (int)length) : default;
        }
        return default;
    }

    /// <summary>A number of 16 bits before and 16 after the point.</summary>
    public static double Fixed(ReadOnlySpan<byte> value, int at) => BinaryPrimitives.ReadInt32BigEndian(value[at..]) / 65536.0;

    /// <summary>The light of a sample of 0-1 by a tone curve; NaN where the tag is no curve.</summary>
    public static double Light(ReadOnlySpan<byte> curve, double x)
    {
        if (curve.Length >= 12 && curve.StartsWith("curv"u8))
            return Table(curve, x);
        if (curve.Length < 16 || !curve.StartsWith("para"u8))
            return double.NaN;
        var kind = BinaryPrimitives.ReadUInt16BigEndian(curve[8..]);
        if (kind >= ParameterCounts.Length || curve.Length < 12 + 4 * ParameterCounts[kind])
            return double.NaN;
        Span<double> p = stackalloc double[7];
        p.Clear();
        for (var at = 0; at < ParameterCounts[kind]; at++)
            p[at] = Fixed(curve, 12 + 4 * at);
        var (g, a, b, c, d, e, f) = (p[0], p[1], p[2], p[3], p[4], p[5], p[6]);
        return kind switch
        {
            0 => Math.Pow(x, g),
            1 => a * x + b >= 0 ? Math.Pow(a * x + b, g) : 0,
            2 => a * x + b >= 0 ? Math.Pow(a * x + b, g) + c : c,
            3 => x >= d ? Math.Pow(a * x + b, g) : c * x,
            _ => x >= d ? Math.Pow(a * x + b, g) + e : c * x + f,
        };
    }

    private static double Table(ReadOnlySpan<byte> curve, double x)
    {
        var count = BinaryPrimitives.ReadUInt32BigEndian(curve[8..]);
        if (count == 0)
            return x;
        if (count > (curve.Length - 12) / 2)
            return double.NaN;
        if (count == 1)
            return Math.Pow(x, BinaryPrimitives.ReadUInt16BigEndian(curve[12..]) / 256.0);
        var place = x * (count - 1);
        var (low, part) = ((int)place, place - (int)place);
        var (first, second) = (Entry(curve, low), Entry(curve, (int)Math.Min(low + 1, count - 1)));
        return (first + (second - first) * part) / 65535;
    }

    private static int Entry(ReadOnlySpan<byte> curve, int at) => BinaryPrimitives.ReadUInt16BigEndian(curve[(12 + 2 * at)..]);
}
