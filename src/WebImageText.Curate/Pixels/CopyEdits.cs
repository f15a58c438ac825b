using NetVips;

namespace WebImageText.Curate.Pixels;

/// <summary>What the web does to a picture that it copies, for choosing thresholds: the same edits for the same picture.</summary>
public static class CopyEdits
{
    private const int Side = 512;

    private static readonly (string Name, Func<Image, Image> Edit, int Quality)[] All =
    [
        ("jpeg_50", image => image.Copy(), 50),
        ("half_size", image => image.Resize(0.5), 85),
        ("blur", image => image.Gaussblur(1.5), 85),
        ("colour", image => image.Linear([1.15, 1, 0.85], [8, 0, -8]).Cast(Enums.BandFormat.Uchar), 85),
        ("mirror", image => image.Flip(Enums.Direction.Horizontal), 85),
        ("crop_85", image => Cut(image, 0.85, 0.3, 0.6), 85),
        ("crop_70", image => Cut(image, 0.7, 0.7, 0.4), 85),
        ("rotate_5", image => Turned(image, 5), 85),
        ("pad_20", image => image.Embed(image.Width / 5, image.Height / 5, image.Width + image.Width / 5 * 2, image.Height + image.Height / 5 * 2,
            extend: Enums.Extend.White), 85),
        ("band", Band, 85),
        ("crop_85_half_size_jpeg_60", Combined, 60),
    ];

    /// <summary>The names of the edits, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(edit => edit.Name)];

    /// <summary>Every edit of a picture as JPEG; none when it cannot be decoded.</summary>
    /// <param name="image">Bytes of any origin.</param>
    public static IReadOnlyList<(string Edit, byte[] Jpeg)> Of(ReadOnlyMemory<byte> image)
    {
        if (new PictureDecoder(new() { MinShorterSide = 1, MaxAspectRatio = 65_500, MaxPixels = 500_000_000, Size = Side }).Decode(image) is not Decoded.Picture picture)
            return [];
        using var raster = picture.Raster;
        using var whole = Image.NewFromMemory(
            new ReadOnlyMemory<byte>(raster.Whole, 0, raster.RowLength * raster.Height), raster.Width, raster.Height, 3, Enums.BandFormat.Uchar);
        using var named = whole.Copy(interpretation: Enums.Interpretation.Srgb);
        var edited = new List<(string, byte[])>();
        foreach (var (name, edit, quality) in All)
        {
            using var result = edit(named);
            edited.Add((name, result.JpegsaveBuffer(q: quality, keep: Enums.ForeignKeep.None)));
        }
        return edited;
    }

    // A part of both sides; left and up say how much of what is cut off lies there.
    private static Image Cut(Image image, double part, double left, double up)
    {
        var (width, height) = (Math.Max(1, (int)(part * image.Width)), Math.Max(1, (int)(part * image.Height)));
        return image.Crop((int)((image.Width - width) * left), (int)((image.Height - height) * up), width, height);
    }

    // The largest middle without the corners that a rotation leaves empty.
    private static Image Turned(Image image, double degrees)
    {
        using var turned = image.Rotate(degrees);
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var scale = cos - sin * Math.Min(1, (double)Math.Min(image.Width, image.Height) / Math.Max(image.Width, image.Height));
        var (width, height) = ((int)(image.Width * scale), (int)(image.Height * scale));
        return turned.Crop((turned.Width - width) / 2, (turned.Height - height) / 2, Math.Max(1, width), Math.Max(1, height));
    }

    // A caption's band over the lowest seventh.
    private static Image Band(Image image)
    {
        var height = Math.Max(1, image.Height / 7);
        using var kept = image.Crop(0, 0, image.Width, Math.Max(1, image.Height - height));
        return kept.Embed(0, 0, image.Width, kept.Height + height, extend: Enums.Extend.Black);
    }

    private static Image Combined(Image image)
    {
        using var cut = Cut(image, 0.85, 0.5, 0.2);
        return cut.Resize(0.5);
    }
}
