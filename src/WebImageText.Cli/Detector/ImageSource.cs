using System.Formats.Tar;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Detector;

/// <summary>
/// Encoded images in a fixed order: a folder's (by path), a list's (as it stands), a tar's or a data set's shards' (as they lie).
/// </summary>
internal static class ImageSource
{
    private static readonly HashSet<string> Extensions = new(
        [".jpg", ".jpeg", ".jfif", ".png", ".gif", ".webp", ".avif", ".tif", ".tiff"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Names and bytes, one after the other; a file that cannot be read has no bytes.</summary>
    /// <param name="source">A folder of images; a <c>.txt</c> list of paths, one a line; a <c>.tar</c>; a folder of shards.</param>
    /// <exception cref="UserErrorException">It is none of these, or holds no image.</exception>
    public static IEnumerable<(string Name, byte[] Bytes)> Read(string source)
    {
        if (Directory.Exists(source))
        {
            var shards = Shards(source);
            return shards.Length > 0 ? shards.SelectMany(Tar) : Files(Folder(source).Select(file => (Path.GetRelativePath(source, file), file)));
        }
        if (!File.Exists(source))
            throw UserErrorException.Usage($"'{source}' is not there: name a folder of images, a list of paths (.txt), a .tar or a folder of shards.");
        if (source.EndsWith(".tar", StringComparison.OrdinalIgnoreCase))
            return Tar(source);
        var folder = Path.GetDirectoryName(Path.GetFullPath(source))!;
        return Files(File.ReadLines(source).Where(line => line.Length > 0).Select(line => (line, Path.Combine(folder, line))));
    }

    private static string[] Shards(string folder)
    {
        var inner = Path.Combine(folder, "shards");
        return [.. Directory.EnumerateFiles(Directory.Exists(inner) ? inner : folder, "*.tar").Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Folder(string folder) => Directory
        .EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 16 })
        .Where(file => Extensions.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal);

    private static IEnumerable<(string, byte[])> Files(IEnumerable<(string Name, string Path)> files)
    {
        foreach (var (name, path) in files)
            yield return (name, File.Exists(path) ? File.ReadAllBytes(path) : []);
    }

    private static IEnumerable<(string, byte[])> Tar(string path)
    {
        using var reader = new TarReader(File.OpenRead(path));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || !Extensions.Contains(Path.GetExtension(entry.Name)))
                continue;
            var bytes = new byte[entry.Length];
            entry.DataStream.ReadExactly(bytes);
            yield return (entry.Name, bytes);
        }
    }
}
