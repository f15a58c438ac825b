using System.Globalization;
using System.Text.Json.Serialization;

namespace WebImageText.Pipeline.Copies;

/// <summary>By what a picture is a copy; what says most comes first.</summary>
internal enum CopyKind
{
    Bytes,
    Pixels,
    Look,
    Likeness,
}

/// <summary>A picture is a copy of another pair's.</summary>
/// <param name="Kind">By what.</param>
/// <param name="Distance">Bits of the look that differ; 0 where the look does not tell.</param>
/// <param name="Uid">The other pair.</param>
/// <param name="Score">Likeness of the descriptors; 0 where these do not tell.</param>
internal readonly record struct CopyMatch(
    CopyKind Kind, int Distance, PairUid Uid, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] float Score = 0)
{
    /// <summary>Why a picture is dropped that is this copy.</summary>
    public Drop ToDrop() => Kind switch
    {
        CopyKind.Bytes => new(DropReason.ExactDuplicate, $"same bytes as {Uid}"),
        CopyKind.Pixels => new(DropReason.ExactDuplicate, $"same pixels as {Uid}"),
        CopyKind.Look => new(DropReason.NearDuplicate, $"{Distance} of 256 bits from {Uid}"),
        _ => new(DropReason.NearDuplicate, string.Create(CultureInfo.InvariantCulture, $"{Score:0.0000} like {Uid}")),
    };

    /// <summary>The one that says most: by its kind, then the nearest, then the smallest uid.</summary>
    public static CopyMatch? Best(CopyMatch? a, CopyMatch? b) =>
        a is not { } one || (b is { } other && (other.Kind, other.Distance, -other.Score, other.Uid).CompareTo((one.Kind, one.Distance, -one.Score, one.Uid)) < 0) ? b : a;
}
