using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace WebImageText.Crawl.Queries;

/// <summary>The prebuilt form of a <see cref="QueryMatcher"/> on disk: <see cref="MatcherHeader"/>, then the tables.</summary>
/// <remarks>Nothing in a file is believed: lengths first, then the checksum, then every number that is an index.</remarks>
internal static unsafe class MatcherFile
{
    private static readonly int HeaderBytes = sizeof(MatcherHeader);

    /// <summary>What tells one list from another: SHA-256 of its queries.</summary>
    public static MatcherHeader.Sha256 Fingerprint(IReadOnlyList<Query> queries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        var used = 0;
        foreach (var query in queries)
        {
            var most = Encoding.UTF8.GetMaxByteCount(query.Text.Length) + 1;
            if (used + most > buffer.Length)
            {
                hash.AppendData(buffer, 0, used);
                used = 0;
                if (most > buffer.Length)
                    buffer = new byte[most];
            }
            used += Encoding.UTF8.GetBytes(query.Text, buffer.AsSpan(used));
            buffer[used++] = (byte)'\n';
        }
        hash.AppendData(buffer, 0, used);
        return Digest(hash);
    }

    /// <summary>Writes under another name first: the file is never seen half-written.</summary>
    public static void Save(MatcherTables tables, string path)
    {
        var header = tables.Header;
        header.Checksum = default;
        var bytes = TableBytes(tables);
        header.Checksum = Checksum(header, bytes);
        var unfinished = path + ".tmp";
        using (var file = File.Create(unfinished))
        {
            file.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<MatcherHeader>(in header)));
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
    }

    public static MatcherTables Load(string path)
    {
        var length = new FileInfo(path).Length;
        if (length < HeaderBytes)
            throw Broken(path, $"it has {length} bytes, and a header alone has {HeaderBytes}");
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        var view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        try
        {
            // The memory stays mapped until the view is collected, which the tables keep alive.
            var first = (byte*)view.SafeMemoryMappedViewHandle.DangerousGetHandle();
            var header = Unsafe.ReadUnaligned<MatcherHeader>(first);
            CheckHeader(path, header, length);
            var tables = new MatcherTables(header, first + HeaderBytes, view);
            var checksum = header.Checksum;
            header.Checksum = default;
            if (Checksum(header, TableBytes(tables)) != checksum)
                throw Broken(path, "its checksum does not fit its content");
            if (MatcherCheck.FirstFault(tables) is { } fault)
                throw Broken(path, fault);
            return tables;
        }
        catch
        {
            view.Dispose();
            throw;
        }
    }

    private static void CheckHeader(string path, in MatcherHeader header, long length)
    {
        if (header.Magic != MatcherHeader.ExpectedMagic)
            throw Broken(path, "it does not begin as a matcher file does");
        if (header.Version != MatcherHeader.ExpectedVersion)
            throw Broken(path, $"it is of version {header.Version}, and this program reads {MatcherHeader.ExpectedVersion}");
        if (header.BucketBits is < 0 or > 29 || header.EdgeBits is < 1 or > 30 || header.TokenCount < 0 || header.NodeCount < header.TokenCount
            || header.QueryCount < 0 || header.RowCount < 0 || header.GapBytes < 0 || header.LongWordBytes < 0 || header.UnmatchableCount < 0)
        {
            throw Broken(path, "a size in its header is out of range");
        }
        if (header.TableBytes != length - HeaderBytes)
            throw Broken(path, $"its header speaks of {header.TableBytes + HeaderBytes} bytes, and it has {length}");
    }

    private static ReadOnlySpan<byte> TableBytes(MatcherTables tables) =>
        new(tables.Buckets, checked((int)tables.Header.TableBytes));

    private static MatcherHeader.Sha256 Checksum(in MatcherHeader header, ReadOnlySpan<byte> tables)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<MatcherHeader>(in header)));
        hash.AppendData(tables);
        return Digest(hash);
    }

    private static MatcherHeader.Sha256 Digest(IncrementalHash hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return MemoryMarshal.Read<MatcherHeader.Sha256>(digest);
    }

    private static InvalidDataException Broken(string path, string what) =>
        new($"Matcher file '{path}' is no good: {what}. Delete it; it is built again from the list.");
}
