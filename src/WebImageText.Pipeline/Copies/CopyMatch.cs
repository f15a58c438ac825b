namespace WebImageText.Pipeline.Copies;

/// <summary>By what a picture is a copy; what says most comes first.</summary>
internal enum CopyKind
{
    Bytes,
    Pixels,
    Look,
}

/// <summary>A picture is a copy of another pair's.</summary>
/// <param name="Kind">By what.</param>
/// <param name="Distance">Bits of the look that differ; 0 for equal bytes and pixels.</param>
/// <param name="Uid">The other pair.</param>
internal readonly record struct CopyMatch(CopyKind Kind, int Distance, PairUid Uid)
{
    /// <summary>Why a picture is dropped that is this copy.</summary>
    public Drop ToDrop() => Kind switch
    {
        CopyKind.Bytes => new(DropReason.ExactDuplicate, $"same bytes as {Uid}"),
        CopyKind.Pixels => new(DropReason.ExactDuplicate, $"same pixels as {Uid}"),
        _ => new(DropReason.NearDuplicate, $"{Distance} of 256 bits from {Uid}"),
    };

    /// <summary>The one that says most: by its kind, then the nearest, then the smallest uid.</summary>
    public static CopyMatch? Best(CopyMatch? a, CopyMatch? b) =>
        a is not { } one || (b is { } other && (other.Kind, other.Distance, other.Uid).CompareTo((one.Kind, one.Distance, one.Uid)) < 0) ? b : a;

    /// <summary>Are they copies of each other? Pictures of one pair are none.</summary>
    public static bool IsCopy(PictureOf a, PictureOf b) => a.Uid != b.Uid
        && (a.Keys.Bytes == b.Keys.Bytes || a.Keys.Pixels == b.Keys.Pixels
            || (a.Keys.Look is { } look && b.Keys.Look is { } other && look.Distance(other) <= PdqHash.MatchDistance));
}
