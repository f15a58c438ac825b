using WebImageText.Curate.Pixels;

namespace WebImageText.Curate.Dedup.Descriptors;

/// <summary>Pictures squeezed to a square, as a detector is trained on them: the squeeze is <see cref="Preprocessing"/>'s.</summary>
public static class SquarePicture
{
    private const int LeastCut = 480;

    /// <summary>Decodes a picture and squeezes it.</summary>
    /// <param name="image">Bytes of any origin.</param>
    /// <param name="side">Of the square, pixels.</param>
    /// <param name="to">Red, green, blue of every pixel, rows from the top: 3 x side x side bytes.</param>
    /// <returns>Why there is none, or null.</returns>
    public static string? TryRead(ReadOnlyMemory<byte> image, int side, Span<byte> to)
    {
        if (!TryDecode(image, side, out var raster, out var why))
            return why;
        using (raster)
        using (var square = Resampler.Resize(raster, side, side, Interpolation.Linear))
            square.Pixels.CopyTo(to);
        return null;
    }

    /// <summary>Encodes a picture as squares: the whole of it, and of a large one also pieces that do not overlap.</summary>
    /// <param name="image">Bytes of any origin.</param>
    /// <param name="side">Of the squares, pixels.</param>
    /// <param name="quality">Of WebP, 1-100.</param>
    /// <param name="cuts">Pieces in a row and in a column of a picture of 960 pixels or more; 0 for none.</param>
    /// <returns>WebP files; none when it cannot be decoded.</returns>
    public static IReadOnlyList<byte[]> Encode(ReadOnlyMemory<byte> image, int side, int quality, int cuts = 0)
    {
        if (!TryDecode(image, side * Math.Max(1, cuts), out var raster, out _))
            return [];
        using var whole = raster;
        List<byte[]> squares = [Encode(raster, side, quality)];
        for (var piece = 0; piece < cuts * cuts && raster.ShorterSide >= cuts * LeastCut; piece++)
        {
            var (width, height) = (raster.Width / cuts, raster.Height / cuts);
            using var cut = new Raster(width, height);
            for (var y = 0; y < height; y++)
                raster.Row(piece / cuts * height + y).Slice(3 * (piece % cuts) * width, 3 * width).CopyTo(cut.Row(y));
            squares.Add(Encode(cut, side, quality));
        }
        return squares;
    }

    private static byte[] Encode(Raster raster, int side, int quality)
    {
        using var square = Resampler.Resize(raster, side, side, Interpolation.Linear);
        return Vips.Encode(square, new() { Format = StoredFormat.Webp, Quality = quality });
    }

    // Every picture counts whatever its size; large ones are shrunk while they are decoded, never below twice the side.
    internal static bool TryDecode(ReadOnlyMemory<byte> image, int side, out Raster raster, out string why)
    {
        var decoded = new PictureDecoder(new()
        {
            MinShorterSide = 1,
            MaxAspectRatio = 65_500,
            MaxPixels = 500_000_000,
            Size = Math.Max(512, side),
        }).Decode(image);
        (raster, why) = decoded is Decoded.Picture picture ? (picture.Raster, "") : (null!, ((Decoded.Refused)decoded).Drop.ToString());
        return raster is not null;
    }
}
