using System.Globalization;
using System.Text.Json.Serialization;

namespace WebImageText.Pipeline.Copies;

/// <summary>What identifies the picture of a pair: its bytes, its pixels, its look, what a detector made of it.</summary>
/// <param name="Bytes">First 16 bytes of the SHA-256 of the image as served.</param>
/// <param name="Pixels">First 16 bytes of the SHA-256 of the image as stored: equal pixels are stored as equal bytes.</param>
/// <param name="Look">Perceptual hash; null where the picture has too few features to be compared by its look.</param>
/// <param name="Descriptor">A detector's; null where the run compares none, or there is none, or where there is no look.</param>
internal readonly record struct PictureKeys(
    UInt128 Bytes, UInt128 Pixels, PdqHash? Look, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PictureDescriptor? Descriptor = null)
{
    /// <summary>The range that the picture is at home in: the leading bits of its pixels.</summary>
    public int Home => (int)(Pixels >> 124);

    public static PictureKeys Of(PictureFacts facts) =>
        Of(facts.Sha256, facts.StoredSha256, facts.PdqQuality >= PdqHash.LeastQuality ? facts.Pdq : null);

    public static PictureKeys Of(string sha256, string storedSha256, PdqHash? look) => new(First16(sha256), First16(storedSha256), look);

    private static UInt128 First16(string sha256) =>
        UInt128.Parse(sha256.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}

/// <summary>A picture and the pair that it belongs to.</summary>
internal readonly record struct PictureOf(PairUid Uid, PictureKeys Keys)
{
    /// <summary>Of two copies whose questions are open at the same moment, the one with the smaller uid is decided first.</summary>
    public bool IsBefore(PictureOf other) => Uid.CompareTo(other.Uid) < 0;
}
