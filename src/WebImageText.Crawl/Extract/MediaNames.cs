using System.Collections.Frozen;

namespace WebImageText.Crawl.Extract;

/// <summary>Tells by its name that a linked file is no page, so that nobody fetches a video to look for images in it.</summary>
public static class MediaNames
{
    private static readonly FrozenSet<string> Extensions = FrozenSet.ToFrozenSet(
        [
            "jpg", "jpeg", "jpe", "png", "gif", "webp", "avif", "heic", "heif", "bmp", "ico", "svg", "svgz", "tif", "tiff", "jp2", "jxl", "psd", "raw",
            "mp3", "mp4", "m4a", "m4v", "mov", "avi", "mkv", "webm", "ogg", "ogv", "oga", "opus", "wav", "flac", "mpg", "mpeg", "wmv", "flv",
            "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "epub", "mobi", "djvu", "ps",
            "zip", "gz", "bz2", "xz", "zst", "7z", "rar", "tar", "tgz", "iso", "dmg", "exe", "msi", "deb", "rpm", "apk", "jar", "bin",
            "css", "js", "mjs", "json", "map", "wasm", "woff", "woff2", "ttf", "otf", "eot", "csv", "tsv", "parquet", "sql",
        ], StringComparer.OrdinalIgnoreCase);

    /// <summary>The last segment of the path ends in an extension that no page has.</summary>
    public static bool IsMedia(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        var dot = name.LastIndexOf('.');
        return dot >= 0 && name.Length - dot - 1 <= 8 && Extensions.Contains(name[(dot + 1)..].ToString());
    }
}
