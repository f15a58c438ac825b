namespace WebImageText.Curate.Pixels;

/// <summary>What decoding gave: a picture, or why there is none.</summary>
internal abstract record Decoded
{
    private Decoded() { }

    /// <summary>A picture. Its raster belongs to the receiver.</summary>
    /// <param name="Raster">Upright, sRGB; shrunk by <paramref name="Shrink"/> while it was decoded.</param>
    /// <param name="Kind">Format of the bytes.</param>
    /// <param name="Width">As served, upright, pixels.</param>
    /// <param name="Height">As served, upright, pixels.</param>
    /// <param name="Shrink">1, 2, 4 or 8.</param>
    /// <param name="IsPlain">The bytes show the same pixels to a reader that knows neither EXIF nor ICC, alpha nor animation.</param>
    /// <param name="Exif">The EXIF block from its TIFF header on, or empty.</param>
    public sealed record Picture(
        Raster Raster, ImageKind Kind, int Width, int Height, int Shrink, bool IsPlain, ReadOnlyMemory<byte> Exif) : Decoded;

    /// <summary>No picture.</summary>
    /// <param name="Drop">The reason.</param>
    /// <param name="Width">As served, where the header could be read; else 0.</param>
    /// <param name="Height">As served, where the header could be read; else 0.</param>
    public sealed record Refused(Drop Drop, int Width = 0, int Height = 0) : Decoded;
}
