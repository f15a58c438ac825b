namespace WebImageText.Curate.Pixels;

/// <summary>A rectangle of an upright picture, in its own pixels.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
public readonly record struct CropBox(int Left, int Top, int Width, int Height);

/// <summary>
/// Decodes images for a model: one decode, one rectangle of it, resized to a square. Safe for many threads at once.
/// </summary>
/// <param name="side">Of the square, pixels.</param>
/// <param name="interpolation">Filter of the resize. Default cubic, with which CLIP is trained and evaluated.</param>
/// <param name="maxPixels">Most pixels that a header may declare. Default 100,000,000.</param>
public sealed class CropReader(int side, Interpolation interpolation = Interpolation.Cubic, int maxPixels = 100_000_000)
{
    private readonly PictureDecoder _decoder = new(new()
    {
        MinShorterSide = 1,
        MaxAspectRatio = 65_500,
        MaxPixels = maxPixels,
        Size = side,
    });

    /// <summary>Bytes of one square: rows of red, green, blue.</summary>
    public int Bytes => 3 * side * side;

    /// <summary>Reads one image.</summary>
    /// <param name="image">Encoded bytes of any origin.</param>
    /// <param name="choose">Says which rectangle, from the upright picture's width and height; it must lie inside.</param>
    /// <param name="target">Takes <see cref="Bytes"/> bytes: 8-bit sRGB, rows from the top, red green blue.</param>
    /// <returns>Why there are no pixels, or null.</returns>
    public Drop? Read(ReadOnlyMemory<byte> image, Func<int, int, CropBox> choose, Span<byte> target)
    {
        var decoded = _decoder.Decode(image);
        if (decoded is Decoded.Refused refused)
            return refused.Drop;
        var picture = (Decoded.Picture)decoded;
        using var raster = picture.Raster;
        using var cut = Cut(raster, Shrunk(choose(picture.Width, picture.Height), picture));
        using var square = Resampler.Resize(cut, side, side, interpolation);
        square.Pixels.CopyTo(target);
        return null;
    }

    // The decoder may have shrunk the picture; a rectangle of at least one pixel is left in any case.
    private static CropBox Shrunk(CropBox box, Decoded.Picture picture)
    {
        var raster = picture.Raster;
        if (raster.Width == picture.Width && raster.Height == picture.Height)
            return box;
        var (x, y) = ((double)raster.Width / picture.Width, (double)raster.Height / picture.Height);
        var left = Math.Min(raster.Width - 1, (int)Math.Round(box.Left * x));
        var top = Math.Min(raster.Height - 1, (int)Math.Round(box.Top * y));
        return new(left, top, Math.Clamp((int)Math.Round(box.Width * x), 1, raster.Width - left),
            Math.Clamp((int)Math.Round(box.Height * y), 1, raster.Height - top));
    }

    private static Raster Cut(Raster from, CropBox box)
    {
        var to = new Raster(box.Width, box.Height);
        for (var y = 0; y < box.Height; y++)
            from.Row(box.Top + y).Slice(3 * box.Left, 3 * box.Width).CopyTo(to.Row(y));
        return to;
    }
}
