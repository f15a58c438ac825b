using System.IO.Compression;

namespace WebImageText.Tests.Hostile;

/// <summary>Bodies that grow when they are decoded, or do not decode.</summary>
internal static class CodingThreats
{
    private const int BombLength = 200_000_000;

    public static IEnumerable<Threat> All()
    {
        var gzip = Packed(HostileImages.Good(), stream => new GZipStream(stream, CompressionLevel.Fastest));
        var brotli = Packed(HostileImages.Good(), stream => new BrotliStream(stream, CompressionLevel.Fastest));
        var zlib = Packed(HostileImages.Good(), stream => new ZLibStream(stream, CompressionLevel.Fastest));
        var bomb = new byte[BombLength];
        var gzipBomb = Packed(bomb, stream => new GZipStream(stream, CompressionLevel.SmallestSize));
        return
        [
            Coded("gzip-good", gzip, "gzip", Threat.Kept),
            Coded("brotli-good", brotli, "br", Threat.Kept),
            Coded("deflate-good", zlib, "deflate", Threat.Kept),
            Coded("gzip-bomb", gzipBomb, "gzip", "too_large"),
            Coded("brotli-bomb", Packed(bomb, stream => new BrotliStream(stream, CompressionLevel.Fastest)), "br", "too_large"),
            Coded("deflate-bomb", Packed(bomb, stream => new ZLibStream(stream, CompressionLevel.SmallestSize)), "deflate", "too_large"),
            Coded("gzip-gzip", Packed(gzipBomb, stream => new GZipStream(stream, CompressionLevel.SmallestSize)), "gzip, gzip", "http_error"),
            new("gzip-lines", Wire.Bytes([.. Wire.Head(200, "Content-Encoding: gzip", "Content-Encoding: br", Wire.Length(gzip.Length)), .. gzip]), "http_error"),
            Coded("gzip-cut", gzip[..^400], "gzip", "connect_error"),
            Coded("gzip-no-trailer", gzip[..^8], "gzip", "connect_error"),
            Coded("gzip-wrong-sum", [.. gzip[..^8], 1, 2, 3, 4, .. gzip[^4..]], "gzip", "connect_error"),
            Coded("gzip-lie", HostileImages.Good(), "gzip", "connect_error"),
            Coded("brotli-cut", brotli[..^400], "br", "connect_error"),
            Coded("unknown", HostileImages.Good(), "zstd", "http_error"),
            Coded("nonsense", HostileImages.Good(), new string('q', 5_000), "http_error"),
        ];

        static Threat Coded(string name, byte[] body, string coding, string outcome) =>
            new($"coding-{name}", Wire.File(body, "image/jpeg", $"Content-Encoding: {coding}"), outcome);
    }

    public static byte[] Packed(byte[] body, Func<Stream, Stream> pack)
    {
        using var packed = new MemoryStream();
        using (var stream = pack(packed))
            stream.Write(body);
        return packed.ToArray();
    }
}
