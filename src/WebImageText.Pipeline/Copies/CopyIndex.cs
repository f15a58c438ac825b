using System.Globalization;
using WebImageText.Curate.Dedup;

namespace WebImageText.Pipeline.Copies;

/// <summary>What identifies the picture of a pair: its bytes, its pixels, its look.</summary>
/// <param name="Bytes">First 16 bytes of the SHA-256 of the image as served.</param>
/// <param name="Pixels">First 16 bytes of the SHA-256 of the image as stored: equal pixels are stored as equal bytes.</param>
/// <param name="Look">Perceptual hash; null where the picture has too few features to be compared by its look.</param>
internal readonly record struct PictureKeys(UInt128 Bytes, UInt128 Pixels, PdqHash? Look)
{
    public static PictureKeys Of(PictureFacts facts) =>
        Of(facts.Sha256, facts.StoredSha256, facts.PdqQuality >= PdqHash.LeastQuality ? facts.Pdq : null);

    public static PictureKeys Of(string sha256, string storedSha256, PdqHash? look) => new(First16(sha256), First16(storedSha256), look);

    private static UInt128 First16(string sha256) =>
        UInt128.Parse(sha256.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}

/// <summary>The pictures of the data set, so that one that comes again is known: the first to come stays.</summary>
internal sealed class CopyIndex
{
    private readonly Dictionary<UInt128, PairUid> _bytes = [];
    private readonly Dictionary<UInt128, PairUid> _pixels = [];
    private readonly PdqIndex _looks = new();
    private readonly List<PairUid> _ofLook = [];

    /// <summary>Takes the picture in, unless it is a copy of another pair's.</summary>
    public Drop? Add(PairUid uid, PictureKeys keys)
    {
        if (_bytes.TryGetValue(keys.Bytes, out var same) && same != uid)
            return new(DropReason.ExactDuplicate, $"same bytes as {same}");
        if (_pixels.TryGetValue(keys.Pixels, out same) && same != uid)
            return new(DropReason.ExactDuplicate, $"same pixels as {same}");
        if (keys.Look is { } look && _looks.Nearest(look) is { } near && _ofLook[near.Id] != uid)
            return new(DropReason.NearDuplicate, $"{near.Distance} of 256 bits from {_ofLook[near.Id]}");
        if (_bytes.TryAdd(keys.Bytes, uid) && keys.Look is { } added)
        {
            _looks.Add(added);
            _ofLook.Add(uid);
        }
        _pixels.TryAdd(keys.Pixels, uid);
        return null;
    }
}
