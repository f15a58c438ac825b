namespace WebImageText.Shards.Tar;

/// <summary>The file extensions under which webdataset's readers look for an image.</summary>
internal static class ImageExtension
{
    /// <summary>In the order in which open_clip looks for them.</summary>
    public static readonly string[] Known = ["jpg", "png", "jpeg", "webp"];

    /// <summary>The extension for encoded bytes, by their signature; null for anything that is not JPEG, PNG or WebP.</summary>
    public static string? Of(ReadOnlySpan<byte> image) => image switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "jpg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "png",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "webp",
        _ => null,
    };
}
