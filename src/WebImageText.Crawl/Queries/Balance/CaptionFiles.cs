using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace WebImageText.Crawl.Queries.Balance;

/// <summary>The texts of image-text pairs, from whatever holds them.</summary>
public static class CaptionFiles
{
    /// <summary>UTF-8 bytes of a text, at most; the rest of a longer one is not read.</summary>
    private const int MaxText = 1 << 20;

    /// <summary>All texts: <c>.txt</c> members of <c>.tar</c> shards, the column <c>caption</c> (or <c>text</c>) of <c>.parquet</c>, else lines,
    /// also of <c>.gz</c> (of <c>.tsv</c> the first column). A folder stands for its <c>.tar</c> files, or <c>.parquet</c> if it has none.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="dirty">Called for each text that is not valid UTF-8, which is read with U+FFFD in its place, or is cut.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="InvalidDataException">A file is damaged or has no texts of that kind.</exception>
    public static async IAsyncEnumerable<string> ReadAsync(IEnumerable<string> paths, Action dirty, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var path in paths.SelectMany(Expand))
        {
            await using var file = File.OpenRead(path);
            var texts = Path.GetExtension(path).ToUpperInvariant() switch
            {
                ".TAR" => FromTarAsync(file, path, dirty, stop),
                ".PARQUET" => FromParquetAsync(file, path),
                _ => FromLinesAsync(file, path, dirty),
            };
            await foreach (var text in texts.WithCancellation(stop).ConfigureAwait(false))
                yield return text;
        }
    }

    private static IEnumerable<string> Expand(string path)
    {
        if (!Directory.Exists(path))
            return [path];
        foreach (var pattern in (string[])["*.tar", "*.parquet"])
        {
            var files = Directory.GetFiles(path, pattern).Order(StringComparer.Ordinal).ToList();
            if (files.Count > 0)
                return files;
        }
        throw new InvalidDataException($"The folder '{path}' has neither .tar nor .parquet files.");
    }

    private static async IAsyncEnumerable<string> FromTarAsync(Stream file, string path, Action dirty, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var tar = new TarReader(file);
        var bytes = new byte[MaxText];
        while (await NextAsync(tar, path, stop).ConfigureAwait(false) is { } member)
        {
            if (!member.Name.EndsWith(".txt", StringComparison.Ordinal) || member.DataStream is not { } data)
                continue;
            var length = await data.ReadAtLeastAsync(bytes, MaxText, throwOnEndOfStream: false, stop).ConfigureAwait(false);
            yield return Text(bytes.AsSpan(0, length), whole: data.Length <= MaxText, dirty);
        }
    }

    private static async Task<TarEntry?> NextAsync(TarReader tar, string path, CancellationToken stop)
    {
        try
        {
            return await tar.GetNextEntryAsync(cancellationToken: stop).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InvalidDataException($"Shard '{path}' is damaged: {broken.Message}", broken);
        }
    }

    private static async IAsyncEnumerable<string> FromParquetAsync(Stream file, string path)
    {
        var column = await ParquetColumns.HasAsync(file, path, "caption").ConfigureAwait(false) ? "caption" : "text";
        await foreach (var (text, _) in ParquetColumns.ReadAsync(file, path, column, null).ConfigureAwait(false))
        {
            if (text is not null)
                yield return text;
        }
    }

    private static async IAsyncEnumerable<string> FromLinesAsync(Stream file, string path, Action dirty)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var isTable = path.Contains(".tsv", StringComparison.OrdinalIgnoreCase);
        Stream plain = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        foreach (var text in Lines(plain, path, isTable, dirty))
            yield return text;
    }

    /// <summary>Texts of a stream, one a line.</summary>
    /// <param name="stream">UTF-8.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="isTable">Whether the text is the first column, ended by a tab.</param>
    /// <param name="dirty">As in <see cref="ReadAsync"/>.</param>
    public static IEnumerable<string> Lines(Stream stream, string name, bool isTable, Action dirty)
    {
        var lines = new LineReader(stream, MaxText);
        while (TryRead(lines, name, isTable, dirty, out var text))
            yield return text;
    }

    private static bool TryRead(LineReader lines, string name, bool isTable, Action dirty, out string text)
    {
        try
        {
            var found = lines.TryRead(out var line, out var whole);
            text = Text(isTable && line.IndexOf((byte)'\t') is >= 0 and var tab ? line[..tab] : line, whole, dirty);
            return found;
        }
        catch (InvalidDataException broken)
        {
            throw new InvalidDataException($"'{name}' cannot be unpacked after byte {lines.Position} of its text: {broken.Message}", broken);
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes, bool whole, Action dirty)
    {
        if (!whole || !Utf8.IsValid(bytes))
            dirty();
        return Encoding.UTF8.GetString(bytes);
    }
}
