using NetVips;

namespace WebImageText.Curate.Pixels;

/// <summary>Small copies of pictures from the web, for a reader's eyes.</summary>
public static class Thumbnail
{
    /// <summary>More pixels than this are not decoded for a thumbnail.</summary>
    private const long MostPixels = 100_000_000;

    // The loaders for what browsers show. libvips has others, SVG and PDF among them, which strangers' bytes must not reach.
    private static readonly string[] Loaders = ["jpeg", "png", "webp", "gif", "heif"];

    static Thumbnail() => Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { }); // damage is expected here

    /// <summary>Decodes a picture, turns it upright and scales it down; a damaged one as far as it goes.</summary>
    /// <param name="image">Bytes of any origin.</param>
    /// <param name="side">Pixels of the longer side at most.</param>
    /// <returns>WebP without metadata, or nothing where the bytes are no picture.</returns>
    public static byte[]? TryMake(ReadOnlyMemory<byte> image, int side)
    {
        if (image.IsEmpty)
            return null;
        try
        {
            var bytes = image.ToArray();
            var loader = Image.FindLoadBuffer(bytes) ?? "";
            if (!Array.Exists(Loaders, known => loader.Contains($"ForeignLoad{known}", StringComparison.OrdinalIgnoreCase)))
                return null;
            using (var header = Image.NewFromBuffer(bytes))
            {
                if ((long)header.Width * header.Height > MostPixels)
                    return null;
            }
            using var small = Image.ThumbnailBuffer(bytes, side, height: side, size: Enums.Size.Down);
            return small.WebpsaveBuffer(q: 78, effort: 0, keep: Enums.ForeignKeep.None);
        }
        catch (VipsException)
        {
            return null;
        }
    }
}
