namespace WebImageText.Crawl.Fetch;

/// <summary>What kind of file the bytes of an answer are.</summary>
public enum MediaFormat
{
    /// <summary>Nothing that is known here.</summary>
    None,
    /// <summary>JPEG.</summary>
    Jpeg,
    /// <summary>PNG, animated or not.</summary>
    Png,
    /// <summary>GIF.</summary>
    Gif,
    /// <summary>WebP.</summary>
    Webp,
    /// <summary>AVIF, still or a sequence.</summary>
    Avif,
    /// <summary>HEIF with another codec than AV1, HEIC for example.</summary>
    Heif,
    /// <summary>TIFF or BigTIFF.</summary>
    Tiff,
    /// <summary>Windows bitmap.</summary>
    Bmp,
    /// <summary>Windows icon.</summary>
    Ico,
    /// <summary>JPEG XL, bare or boxed.</summary>
    Jxl,
    /// <summary>JPEG 2000, bare or boxed.</summary>
    Jp2,
    /// <summary>SVG: no pixels.</summary>
    Svg,
    /// <summary>HTML: an error page in an image's place.</summary>
    Html,
}

/// <summary>What is known about formats.</summary>
public static class MediaFormats
{
    /// <summary>The format is one that pixels are taken from.</summary>
    public static bool IsDecoded(this MediaFormat format) => format is
        MediaFormat.Jpeg or MediaFormat.Png or MediaFormat.Gif or MediaFormat.Webp or MediaFormat.Avif or MediaFormat.Tiff;

    /// <summary>The stored word, for example <c>jpeg</c>.</summary>
    public static string Word(this MediaFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>A media type such as <c>image/webp</c> names a format that pixels are taken from.</summary>
    public static bool IsDecodedType(ReadOnlySpan<char> mediaType)
    {
        var essence = mediaType.IndexOf(';') is >= 0 and var end ? mediaType[..end] : mediaType;
        Span<char> lower = stackalloc char[16];
        essence = essence.Trim();
        return essence.Length <= lower.Length && essence.ToLowerInvariant(lower) is var length && lower[..length] is
            "image/jpeg" or "image/jpg" or "image/pjpeg" or "image/png" or "image/x-png" or "image/apng" or "image/gif" or
            "image/webp" or "image/avif" or "image/tiff";
    }
}
