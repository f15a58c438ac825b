using System.IO.Compression;
using System.Text;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Providers;

namespace WebImageText.Crawl.Archives;

/// <summary>Finds archives by a folder, a file, or a list of paths.</summary>
internal static class ArchiveNames
{
    private const int LargestList = 256 << 20;
    private const int LongestPath = 4096;

    private static readonly string[] Endings = [".warc", ".warc.gz", ".wat", ".wat.gz"];

    public static bool IsArchive(string name) => Array.Exists(Endings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>The archives of a folder, in the order of their paths.</summary>
    public static IReadOnlyList<string> InFolder(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsArchive).Order(StringComparer.Ordinal)];

    /// <summary>The lines of a list of paths as Common Crawl publishes it, gzip or not.</summary>
    /// <param name="list">Path or address of the list.</param>
    /// <param name="data">What relative paths on the web begin with.</param>
    /// <param name="fetch">The way to the web.</param>
    /// <param name="stop">Gives up.</param>
    /// <remarks>A path that is a file beside the list is that file.</remarks>
    public static async Task<IReadOnlyList<string>> OfListAsync(string list, WebAddress data, ProviderFetch fetch, CancellationToken stop)
    {
        Stream file;
        var folder = "";
        if (WebAddress.TryParse(list, null, out var address) && address.IsWeb)
        {
            var result = await fetch(new(new FetchRequest(address, FetchKind.Data), IsService: true), stop).ConfigureAwait(false);
            file = result is FetchResult.Answer { Status: 200 } answer
                ? new MemoryStream(answer.Body.ToArray(), writable: false)
                : throw new IOException($"the list of paths '{list}': {Words.Of(result)}");
        }
        else
        {
            (file, folder) = (File.OpenRead(list), Path.GetDirectoryName(Path.GetFullPath(list))!);
        }
        await using var _ = file.ConfigureAwait(false);
        await using var lines = list.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        return Read(lines, list).Select(line => Resolve(line, folder, data)).ToList();
    }

    private static IEnumerable<string> Read(Stream lines, string list)
    {
        var reader = new Queries.LineReader(lines, LongestPath);
        for (var number = 1; reader.TryRead(out var line, out var whole); number++)
        {
            if (!whole || reader.Position > LargestList)
                throw new InvalidDataException($"'{list}' line {number}: longer than {LongestPath} bytes, or the list longer than {LargestList}.");
            if (Encoding.UTF8.GetString(line).Trim() is { Length: > 0 } path && path[0] != '#')
                yield return path;
        }
    }

    private static string Resolve(string path, string folder, WebAddress data) =>
        path.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? path
        : folder.Length > 0 && Path.Combine(folder, path) is var local && File.Exists(local) ? local
        : WebAddress.TryParse(path.TrimStart('/'), data, out var address) ? address.Href
        : throw new InvalidDataException($"'{path}' is no path below '{data}'.");
}
