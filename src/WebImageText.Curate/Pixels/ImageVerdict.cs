namespace WebImageText.Curate.Pixels;

/// <summary>What became of an image: kept with the bytes to store, or dropped.</summary>
public abstract record ImageVerdict
{
    private ImageVerdict() { }

    /// <summary>The image is kept.</summary>
    /// <param name="Facts">What decoding told.</param>
    /// <param name="Stored">The bytes to store; with <see cref="ImageOptions.SkipReencode"/> they may be the given memory.</param>
    public sealed record Kept(PictureFacts Facts, ReadOnlyMemory<byte> Stored) : ImageVerdict;

    /// <summary>
    /// The image is dropped: <c>not_an_image</c>, <c>undecodable</c>, <c>too_small</c>, <c>bad_aspect_ratio</c> or
    /// <c>too_many_pixels</c>.
    /// </summary>
    /// <param name="Drop">The reason.</param>
    /// <param name="Facts">
    /// Where the header could be read: original sizes and the hash of the bytes; the fields of a stored image are 0 or empty.
    /// </param>
    public sealed record Dropped(Drop Drop, PictureFacts? Facts) : ImageVerdict;
}
