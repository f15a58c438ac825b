using System.Formats.Tar;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Shards;

namespace WebImageText.Cli.Dedup;

/// <summary>The images of an evaluation set, wherever they lie: a folder, a tar, or a parquet file as Hugging Face serves them.</summary>
internal static class EvaluationSource
{
    private const long LongestImage = 1L << 28;

    private static readonly HashSet<string> Extensions = new(
        [".jpg", ".jpeg", ".jfif", ".png", ".gif", ".webp", ".avif", ".tif", ".tiff", ".bmp", ".heic", ".heif", ".jxl", ".jp2", ".ppm"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Images in a fixed order: by path in a folder, as they lie in a file. One that cannot be read has no bytes.</summary>
    /// <exception cref="UserErrorException">There is nothing of that name.</exception>
    public static IEnumerable<NamedImage> Read(string source) =>
        Directory.Exists(source) ? Folder(source)
        : !File.Exists(source) ? throw UserErrorException.Usage($"'{source}' is not there: name a folder of images, a .tar or a .parquet.")
        : source.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) ? Parquet(source)
        : source.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) ? Tar(source)
        : throw UserErrorException.Usage($"'{source}' is neither a folder of images nor a .tar nor a .parquet.");

    private static IEnumerable<NamedImage> Folder(string folder)
    {
        var deep = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 16 };
        return Directory.EnumerateFiles(folder, "*", deep).Where(IsImage)
            .Select(file => (Name: Path.GetRelativePath(folder, file).Replace('\\', '/'), Path: file)).OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => new NamedImage(file.Name, Bytes(file.Path)));
    }

    private static ReadOnlyMemory<byte> Bytes(string path)
    {
        try
        {
            return new FileInfo(path).Length <= LongestImage ? File.ReadAllBytes(path) : default;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    private static IEnumerable<NamedImage> Tar(string path)
    {
        using var reader = new TarReader(File.OpenRead(path));
        while (Next(reader, path) is { } entry)
        {
            if (entry.DataStream is null || !IsImage(entry.Name))
                continue;
            if (entry.Length > LongestImage)
            {
                yield return new(entry.Name, default);
                continue;
            }
            var bytes = new byte[entry.Length];
            entry.DataStream.ReadExactly(bytes);
            yield return new(entry.Name, bytes);
        }
    }

    private static TarEntry? Next(TarReader reader, string path)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw UserErrorException.BadData($"'{path}' is no tar, or it is cut off: {broken.Message}");
        }
    }

    private static IEnumerable<NamedImage> Parquet(string path)
    {
        using var file = File.OpenRead(path);
        // The rows are read one group at a time; the enumeration stays synchronous as that of the other two.
        var images = ImageParquet.ReadAsync(file, path).GetAsyncEnumerator();
        try
        {
            while (images.MoveNextAsync().AsTask().GetAwaiter().GetResult())
                yield return new(images.Current.Name, images.Current.Bytes);
        }
        finally
        {
            images.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static bool IsImage(string name) => Extensions.Contains(Path.GetExtension(name));
}
