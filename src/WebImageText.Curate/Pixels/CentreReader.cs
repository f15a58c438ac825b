namespace WebImageText.Curate.Pixels;

/// <summary>
/// Decodes images as CLIP models are evaluated on them: the shorter side brought to the square's with the anti-aliased cubic, then
/// the square in the middle. Never shrunk while it is decoded, so that scores do not hang on a codec. Safe for many threads at once.
/// </summary>
/// <param name="side">Of the square, pixels.</param>
/// <param name="maxPixels">Most pixels that a header may declare. Default 100,000,000.</param>
public sealed class CentreReader(int side, int maxPixels = 100_000_000)
{
    private readonly PictureDecoder _decoder = new(new()
    {
        MinShorterSide = 1,
        MaxAspectRatio = 65_500,
        MaxPixels = maxPixels,
        ResizeMode = ResizeMode.No,
    });

    /// <summary>Bytes of one square: rows of red, green, blue.</summary>
    public int Bytes => 3 * side * side;

    /// <summary>Reads one image.</summary>
    /// <param name="image">Encoded bytes of any origin.</param>
    /// <param name="target">Takes <see cref="Bytes"/> bytes: 8-bit sRGB, rows from the top, red green blue.</param>
    /// <returns>Why there are no pixels, or null.</returns>
    public Drop? Read(ReadOnlyMemory<byte> image, Span<byte> target)
    {
        var decoded = _decoder.Decode(image);
        if (decoded is Decoded.Refused refused)
            return refused.Drop;
        using var raster = ((Decoded.Picture)decoded).Raster;
        var (width, height) = (Scaled(raster.Width, raster), Scaled(raster.Height, raster));
        if ((long)width * height > maxPixels)
            return new(DropReason.TooManyPixels, $"{width}x{height} once its shorter side is {side}");
        using var small = Resampler.Resize(raster, width, height, Interpolation.Cubic);
        var (left, top) = (Middle(width), Middle(height));
        for (var y = 0; y < side; y++)
            small.Row(top + y).Slice(3 * left, 3 * side).CopyTo(target[(3 * side * y)..]);
        return null;
    }

    // The arithmetic of torchvision's Resize and CenterCrop, to the pixel: one cuts, the other rounds halves to even.
    private int Scaled(int length, Raster raster) =>
        length == raster.ShorterSide ? side : (int)((long)side * length / raster.ShorterSide);

    private int Middle(int length) => (int)Math.Round((length - side) / 2.0, MidpointRounding.ToEven);
}
