using WebImageText.Curate.Dedup.Search;

namespace WebImageText.Pipeline.Copies;

/// <summary>Which pictures of a data set are copies of each other: the same on every node.</summary>
/// <param name="likeness">When the descriptors of two pictures are of one; null where descriptors are not compared.</param>
internal sealed class CopyRule(LikenessRule? likeness)
{
    /// <summary>By bytes, pixels and look alone.</summary>
    public static CopyRule WithoutDescriptors { get; } = new(null);

    /// <summary>When the descriptors of two pictures are of one; null where descriptors are not compared.</summary>
    public LikenessRule? Likeness => likeness;

    /// <summary>What identifies a picture that was judged.</summary>
    public PictureKeys KeysOf(PictureFacts facts) => With(PictureKeys.Of(facts), facts.Descriptor);

    /// <summary>What identifies a picture of a shard.</summary>
    public PictureKeys KeysOf(string sha256, string storedSha256, PdqHash? look, byte[]? descriptor) => With(PictureKeys.Of(sha256, storedSha256, look), descriptor);

    /// <summary>The numbers of a picture's descriptor; none where it has none that can be compared.</summary>
    public ReadOnlySpan<Half> RowOf(PictureKeys keys) => keys.Descriptor is { } descriptor && likeness is not null ? likeness.RowOf(descriptor.Cell) : [];

    /// <summary>Are they copies of each other? Pictures of one pair are none.</summary>
    public bool IsCopy(PictureOf a, PictureOf b) => a.Uid != b.Uid
        && (a.Keys.Bytes == b.Keys.Bytes || a.Keys.Pixels == b.Keys.Pixels
            || (a.Keys.Look is { } look && b.Keys.Look is { } other && look.Distance(other) <= PdqHash.MatchDistance)
            || (a.Keys.Descriptor is { } left && b.Keys.Descriptor is { } right
                && likeness?.MayMatch(left.Wide, right.Wide) == true && likeness.Match(RowOf(a.Keys), RowOf(b.Keys)) is not null));

    // What is plain resembles everything plain, to a detector as to a perceptual hash.
    private PictureKeys With(PictureKeys keys, byte[]? descriptor) =>
        likeness is null || descriptor is null || keys.Look is null ? keys : keys with { Descriptor = new(descriptor) };
}
