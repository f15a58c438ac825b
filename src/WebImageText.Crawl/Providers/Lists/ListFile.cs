using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.GZip;

namespace WebImageText.Crawl.Providers.Lists;

/// <summary>Opens a list by what its name says it is.</summary>
internal static class ListFile
{
    /// <summary>Decoded bytes for each that the file has, beyond the first 64 MB.</summary>
    private const int GreatestRatio = 200;

    private static readonly string[] Kinds = [".parquet", ".csv", ".tsv", ".jsonl", ".ndjson", ".txt"];

    public static bool IsList(string path) => KindOf(path) is not null;

    /// <exception cref="IOException">The file is not there, or of no kind that is read.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or lacks a column that is needed.</exception>
    public static async Task<IListRows> OpenAsync(string path, ChooseColumns choose)
    {
        var kind = KindOf(path) ?? throw new IOException($"'{path}' is no list: {string.Join(", ", Kinds)} are read, and .gz or .zst of all but the first.");
        if (kind == ".parquet")
            return await ParquetRows.OpenAsync(path, choose).ConfigureAwait(false);
        var file = File.OpenRead(path);
        Stream text = Path.GetExtension(path).ToLowerInvariant() switch
        {
            // The framework's stream takes a file that is cut off for a whole one.
            ".gz" => new BoundedExpansion(new GZipInputStream(file), path, file.Length * GreatestRatio),
            ".zst" => new BoundedExpansion(new ZstdSharp.DecompressionStream(file), path, file.Length * GreatestRatio),
            _ => file,
        };
        return kind switch
        {
            ".csv" => await CsvRows.OpenAsync(text, path, ',', choose).ConfigureAwait(false),
            ".tsv" => await CsvRows.OpenAsync(text, path, '\t', choose).ConfigureAwait(false),
            ".txt" => new LineRows(text, path, null),
            _ => new LineRows(text, path, choose),
        };
    }

    private static string? KindOf(string path)
    {
        var plain = Path.GetExtension(path).ToLowerInvariant() is ".gz" or ".zst" ? Path.ChangeExtension(path, null) : path;
        return Array.Find(Kinds, kind => plain.EndsWith(kind, StringComparison.OrdinalIgnoreCase)) is { } kind
            && (kind != ".parquet" || plain == path) ? kind : null;
    }
}

/// <summary>A decoded file that may not be beyond measure larger than what it was decoded from.</summary>
internal sealed class BoundedExpansion(Stream decoded, string name, long most) : Stream
{
    private const long Free = 64 << 20;

    /// <summary>Bytes of one read: what comes before a damage in the same read is lost with it.</summary>
    private const int Part = 16 * 1024;

    private long _read;

    public override int Read(byte[] buffer, int offset, int count) => Count(Guarded(() => decoded.Read(buffer, offset, Math.Min(count, Part))));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Count(await decoded.ReadAsync(buffer[..Math.Min(buffer.Length, Part)], cancellationToken).ConfigureAwait(false));
        }
        catch (Exception broken) when (IsDamage(broken))
        {
            throw Damaged(broken);
        }
    }

    private int Guarded(Func<int> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (IsDamage(broken))
        {
            throw Damaged(broken);
        }
    }

    private static bool IsDamage(Exception broken) => broken is ZstdSharp.ZstdException or SharpZipBaseException or EndOfStreamException;

    private InvalidDataException Damaged(Exception broken) => new($"'{name}' is damaged after {_read} decoded bytes: {broken.Message}", broken);

    private int Count(int read)
    {
        _read += read;
        return _read <= Math.Max(Free, most) ? read : throw new InvalidDataException($"'{name}' expands to more than {Math.Max(Free, most)} bytes.");
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            decoded.Dispose();
        base.Dispose(disposing);
    }
}
