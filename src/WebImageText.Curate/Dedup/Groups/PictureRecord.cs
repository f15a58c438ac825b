namespace WebImageText.Curate.Dedup.Groups;

/// <summary>What is stored of a picture, as far as copies are told by it.</summary>
/// <param name="Uid">Its pair.</param>
/// <param name="Sha256">Of the bytes as served; null where it is not stored.</param>
/// <param name="StoredSha256">Of the bytes in the shard: equal pixels are stored as equal bytes. Null where it is not stored.</param>
/// <param name="Pdq">Null where the picture has too few features.</param>
/// <param name="Pixels">Width times height as served.</param>
/// <param name="CaptionLength">UTF-16 code units of its caption.</param>
public sealed record PictureRecord(string Uid, string? Sha256, string? StoredSha256, PdqHash? Pdq, long Pixels, int CaptionLength);

/// <summary>What says that two pictures are one.</summary>
public enum CopyEvidence
{
    /// <summary>The bytes as served are equal.</summary>
    Bytes = 1,
    /// <summary>The stored pixels are equal.</summary>
    Pixels = 2,
    /// <summary>Their PDQ hashes are within 31 bits.</summary>
    Look = 3,
    /// <summary>Their descriptors are alike.</summary>
    Descriptor = 4,
}

/// <summary>Pictures that are copies of one another.</summary>
/// <param name="Members">Numbers of their records; the one that stays first, the others by number.</param>
/// <param name="Evidence">For each member what tied it to the group first; that of the first member says nothing.</param>
/// <param name="IsPlaceholder">So many that it is a logo, a "not found" picture or the like: none of them is worth keeping.</param>
public sealed record CopyGroup(IReadOnlyList<int> Members, IReadOnlyList<CopyEvidence> Evidence, bool IsPlaceholder)
{
    /// <summary>The record that stays.</summary>
    public int Keeper => Members[0];
}
