using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace WebImageText.Crawl.Fetch;

/// <summary>
/// Undoes one layer of content coding within bounds. The framework's streams take a cut body for a whole one, so the
/// trailer is checked here.
/// </summary>
internal static class BodyDecoder
{
    /// <summary>Decoded bytes that no ratio limits.</summary>
    private const int FreeBytes = 64 * 1024;

    /// <summary>What we tell servers that we understand.</summary>
    public const string Accepted = "gzip, deflate, br";

    /// <param name="coding">The Content-Encoding field; null or <c>identity</c> for none.</param>
    /// <param name="sent">The body as it came.</param>
    /// <param name="largest">Most decoded bytes.</param>
    /// <param name="ratio">Most decoded bytes for each that was sent.</param>
    /// <param name="isCut">Of more, or of a body that breaks off, the beginning is taken.</param>
    public static (ReadOnlyMemory<byte> Bytes, Drop? Drop) Decode(string? coding, ReadOnlyMemory<byte> sent, int largest, int ratio, bool isCut = false)
    {
        var limit = isCut ? largest : (int)Math.Min(largest, Math.Max(FreeBytes, (long)sent.Length * ratio));
        return coding?.Trim().ToLowerInvariant() switch
        {
            null or "" or "identity" => (sent, null),
            "gzip" or "x-gzip" => Inflate(sent, limit, stream => new GZipStream(stream, CompressionMode.Decompress), isCut ? Always : GzipIsWhole, isCut),
            "deflate" => sent.Length > 1 && IsZlib(sent.Span)
                ? Inflate(sent, limit, stream => new ZLibStream(stream, CompressionMode.Decompress), isCut ? Always : ZlibIsWhole, isCut)
                : Inflate(sent, limit, stream => new DeflateStream(stream, CompressionMode.Decompress), Always, isCut),
            "br" => Brotli(sent.Span, limit, isCut),
            _ => (default, new(DropReason.HttpError, $"content coding '{coding}' is not accepted")),
        };
    }

    private static (ReadOnlyMemory<byte>, Drop?) Inflate(
        ReadOnlyMemory<byte> sent, int limit, Func<Stream, Stream> open, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, bool> isWhole, bool isCut)
    {
        using var source = MemoryMarshal.TryGetArray(sent, out var part)
            ? new MemoryStream(part.Array!, part.Offset, part.Count, writable: false)
            : new MemoryStream(sent.ToArray(), writable: false);
        using var inflate = open(source);
        using var decoded = new ByteSegments();
        try
        {
            while (true)
            {
                var read = inflate.Read(decoded.Room().Span);
                if (read == 0)
                {
                    var whole = decoded.ToArray(decoded.Length);
                    return isWhole(sent, whole) ? (whole, null) : (default, Cut);
                }
                decoded.Advance(read);
                if (decoded.Length > limit)
                    return isCut ? (decoded.ToArray(limit), null) : (default, TooMuch(limit));
            }
        }
        catch (InvalidDataException)
        {
            return isCut && decoded.Length > 0 ? (decoded.ToArray(decoded.Length), null) : (default, Cut);
        }
    }

    private static (ReadOnlyMemory<byte>, Drop?) Brotli(ReadOnlySpan<byte> sent, int limit, bool isCut)
    {
        using var decoded = new ByteSegments();
        using var decoder = new BrotliDecoder();
        while (true)
        {
            var status = decoder.Decompress(sent, decoded.Room().Span, out var consumed, out var written);
            sent = sent[consumed..];
            decoded.Advance(written);
            if (decoded.Length > limit)
                return isCut ? (decoded.ToArray(limit), null) : (default, TooMuch(limit));
            if (status == OperationStatus.Done || (isCut && status == OperationStatus.NeedMoreData))
                return (decoded.ToArray(decoded.Length), null);
            if (status is OperationStatus.InvalidData or OperationStatus.NeedMoreData)
                return (default, Cut);
        }
    }

    private static bool Always(ReadOnlyMemory<byte> sent, ReadOnlyMemory<byte> decoded) => true;

    private static Drop Cut => new(DropReason.ConnectError, "the encoded body is cut or corrupt");

    private static Drop TooMuch(int limit) => new(DropReason.TooLarge, $"more than {limit} bytes after decoding");

    private static bool IsZlib(ReadOnlySpan<byte> sent) => (sent[0] & 0x0f) == 8 && ((sent[0] << 8) | sent[1]) % 31 == 0;

    // RFC 1952: the last four bytes are the decoded length. A body of several members does not pass; servers send one.
    private static bool GzipIsWhole(ReadOnlyMemory<byte> sent, ReadOnlyMemory<byte> decoded) =>
        sent.Length >= 18 && BinaryPrimitives.ReadUInt32LittleEndian(sent.Span[^4..]) == (uint)decoded.Length;

    // RFC 1950: the last four bytes are the Adler-32 of what was encoded.
    private static bool ZlibIsWhole(ReadOnlyMemory<byte> sent, ReadOnlyMemory<byte> decoded)
    {
        uint a = 1, b = 0;
        foreach (var value in decoded.Span)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }
        return sent.Length >= 6 && BinaryPrimitives.ReadUInt32BigEndian(sent.Span[^4..]) == ((b << 16) | a);
    }
}
