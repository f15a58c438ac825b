namespace WebImageText.Curate.Pixels;

/// <summary>An image format, told by its first bytes: what the server calls it does not count.</summary>
internal enum ImageKind
{
    Unknown, Jpeg, Png, Gif, Webp, Avif, Tiff, Heic, Jxl, Bmp, Ico, Svg,
}

/// <summary>Tells formats apart.</summary>
internal static class ImageKinds
{
    /// <summary>The format of these bytes.</summary>
    public static ImageKind Of(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? ImageKind.Jpeg
        : bytes.StartsWith((ReadOnlySpan<byte>)[0x89, .. "PNG\r\n"u8, 0x1A, 0x0A]) ? ImageKind.Png
        : bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8) ? ImageKind.Gif
        : bytes.StartsWith("RIFF"u8) && bytes.Length >= 12 && bytes[8..].StartsWith("WEBP"u8) ? ImageKind.Webp
        : bytes.Length >= 12 && bytes[4..].StartsWith("ftyp"u8) ? OfBrands(bytes)
        : bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8) ? ImageKind.Tiff
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || bytes.StartsWith("\0\0\0\fJXL "u8) ? ImageKind.Jxl
        : bytes.StartsWith("BM"u8) && bytes.Length >= 26 ? ImageKind.Bmp
        : bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0]) ? ImageKind.Ico
        : bytes[..Math.Min(bytes.Length, 512)].IndexOf("<svg"u8) >= 0 ? ImageKind.Svg
        : ImageKind.Unknown;

    /// <summary>The format can be decoded here.</summary>
    public static bool IsDecoded(ImageKind kind) => kind is ImageKind.Jpeg or ImageKind.Png or ImageKind.Gif or ImageKind.Webp
        or ImageKind.Avif or ImageKind.Tiff;

    // ISO/IEC 14496-12 section 4.3: size, "ftyp", the major brand, its version, then compatible brands of four letters.
    private static ImageKind OfBrands(ReadOnlySpan<byte> bytes)
    {
        var size = Math.Min(bytes.Length, Math.Min(256, bytes[2] << 8 | bytes[3]));
        var heic = false;
        for (var at = 8; at + 4 <= size; at += at == 8 ? 8 : 4)
        {
            var brand = bytes.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
                return ImageKind.Avif;
            heic |= brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8);
        }
        return heic ? ImageKind.Heic : ImageKind.Unknown;
    }
}
