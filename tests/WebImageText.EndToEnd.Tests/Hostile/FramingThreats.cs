using System.Text;

namespace WebImageText.Tests.Hostile;

/// <summary>Answers that lie about themselves, or never end.</summary>
internal static class FramingThreats
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(150);
    private static readonly byte[] ChunkedHead = Wire.Head(200, "Content-Type: image/jpeg", "Transfer-Encoding: chunked");

    public static IEnumerable<Threat> All()
    {
        var good = HostileImages.Good();
        var untyped = HostileImages.Good();
        var typed = $"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: image/jpeg\r\n";
        var right = Wire.Length(good.Length);
        return
        [
            // Never done.
            new("slow-head", Wire.Drip(Wire.Head(200, $"X: {new string('x', 5_000)}"), Step), "timeout"),
            new("slow-body", async (wire, asked, stop) =>
            {
                await Wire.Raw($"{typed}{right}\r\n\r\n")(wire, asked, stop);
                await Wire.Drip(good, Step)(wire, asked, stop);
            }, "timeout"),
            new("silence", Wire.Stall([]), "timeout"),
            new("stall", Wire.Stall([.. Wire.Head(200, right), .. good[..2_000]]), "timeout"),
            new("endless-chunks", Wire.Endless(ChunkedHead, Wire.Chunk(new byte[64 * 1024])), "too_large"),
            new("endless-close", Wire.Endless(Wire.Head(200, "Content-Type: image/jpeg"), new byte[64 * 1024]), "too_large"),
            new("endless-head", Wire.Endless("HTTP/1.1 200 OK\r\n"u8.ToArray(), Encoding.ASCII.GetBytes($"X-Y: {new string('z', 1_000)}\r\n")), "too_large", "connect_error"),
            new("endless-line", Wire.Endless("HTTP/1.1 200 OK\r\nX: "u8.ToArray(), new byte[1_000].Select(_ => (byte)'z').ToArray()), "too_large", "connect_error"),
            new("endless-early", Wire.Endless([], "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"u8.ToArray()), "too_large", "connect_error", "timeout"),
            new("endless-trailer", Wire.Endless([.. ChunkedHead, .. Wire.Chunk(good), .. "0\r\n"u8], Encoding.ASCII.GetBytes($"X-Y: {new string('z', 1_000)}\r\n")), "too_large", "connect_error"),
            new("cookie-flood", Wire.File(good, "image/jpeg", [.. Enumerable.Range(0, 2_000).Select(n => $"Set-Cookie: c{n}={new string('v', 200)}")]), "too_large", "connect_error"),

            // Lies about the length.
            new("length-short", Wire.Raw($"{typed}{Wire.Length(good.Length + 500)}\r\n\r\n", good), "connect_error"),
            new("length-small", Wire.Raw($"{typed}{Wire.Length(good.Length - 500)}\r\n\r\n", good), "undecodable"),
            new("length-huge", Wire.Raw($"{typed}{Wire.Length(1_000_000_000_000_000_000)}\r\n\r\n", good), "too_large"),
            new("length-overflow", Wire.Raw($"{typed}Content-Length: 99999999999999999999999\r\n\r\n", good), "connect_error"),
            new("length-negative", Wire.Raw($"{typed}Content-Length: -5\r\n\r\n", good), "connect_error"),
            new("length-word", Wire.Raw($"{typed}Content-Length: many\r\n\r\n", good), "connect_error"),
            new("length-signed", Wire.Raw($"{typed}Content-Length: +{good.Length}\r\n\r\n", good), "connect_error"),
            new("length-twice", Wire.Raw($"{typed}{right}\r\nContent-Length: 12\r\n\r\n", good), "connect_error"),
            new("length-list", Wire.Raw($"{typed}{right}, 12\r\n\r\n", good), "connect_error"),
            new("length-and-chunks", Wire.Raw($"{typed}{right}\r\nTransfer-Encoding: chunked\r\n\r\n", [.. Wire.Chunk(good), .. "0\r\n\r\n"u8]), "connect_error"),
            new("chunks-twice", Wire.Raw($"{typed}Transfer-Encoding: chunked, chunked\r\n\r\n", [.. Wire.Chunk(good), .. "0\r\n\r\n"u8]), "connect_error", "undecodable"),

            // Chunks that are none.
            new("chunk-word", Wire.Raw(Latin(ChunkedHead) + "hello\r\n", good), "connect_error"),
            new("chunk-huge", Wire.Raw(Latin(ChunkedHead) + "fffffffffffffffff\r\n", good), "connect_error"),
            new("chunk-negative", Wire.Raw(Latin(ChunkedHead) + "-1\r\n", good), "connect_error"),
            new("chunk-cut", Wire.Bytes([.. ChunkedHead, .. Wire.Chunk(good)]), "connect_error"),
            new("chunk-no-end", Wire.Raw($"{Latin(ChunkedHead)}{good.Length:x}\r\n", [.. good, .. "xx0\r\n\r\n"u8]), "connect_error"),
            new("chunk-extension", Wire.Bytes([.. ChunkedHead, .. Wire.Chunk(good, ";x=" + new string('y', 100_000)), .. "0\r\n\r\n"u8]), "connect_error", "too_large"),
            new("chunk-crumbs", Wire.Bytes([.. ChunkedHead, .. HostileImages.Good().SelectMany(value => Wire.Chunk([value])), .. "0\r\n\r\n"u8]), Threat.Kept),

            // Hardly HTTP.
            new("old-http", Wire.Bytes(good), "connect_error"),
            new("not-http", Wire.Raw("220 mail.example ESMTP\r\n"), "connect_error"),
            new("status-word", Wire.Raw("HTTP/1.1 fine OK\r\n\r\n", good), "connect_error"),
            new("status-999", Wire.Status(999), "http_error"),
            new("status-000", Wire.Raw("HTTP/1.1 000 None\r\nContent-Length: 0\r\n\r\n"), "connect_error", "http_error"),
            new("http-3000", Wire.Raw($"HTTP/3000.1 200 OK\r\n{right}\r\n\r\n", good), "connect_error"),
            new("preface", Wire.Bytes([0, 0, 18, 4, 0, 0, 0, 0, 0, .. new byte[18]]), "connect_error"),
            new("nothing", Wire.Bytes([]), "connect_error"),
            new("reset", Wire.Reset([.. Wire.Head(200, right), .. good[..1_000]]), "connect_error"),
            new("nul-head", Wire.Raw($"{typed}X-\0Y: a\0b\r\n{right}\r\n\r\n", good), Threat.Kept, "exact_duplicate", "connect_error"),
            new("nul-value", Wire.Raw($"{typed}ETag: \"a\0b\"\r\n{right}\r\n\r\n", good), Threat.Kept, "exact_duplicate", "connect_error"),
            new("escape-value", Wire.Raw($"{typed}ETag: \"\u001b[31mred\"\r\n{right}\r\n\r\n", good), Threat.Kept, "exact_duplicate", "connect_error"),
            new("folded", Wire.Raw($"{typed}X: a\r\n b\r\n{right}\r\n\r\n", good), Threat.Kept, "exact_duplicate", "connect_error"),
            new("high-bytes", Wire.Raw($"{typed}X: \u00ff\u00fe\r\n{right}\r\n\r\n", good), Threat.Kept, "exact_duplicate"),
            new("bare-newlines", Wire.Raw($"HTTP/1.1 200 OK\n{right}\n\n", good), Threat.Kept, "exact_duplicate", "connect_error"),

            // The type is what the bytes say.
            new("type-html", Wire.File(HostileImages.Good(), "text/html"), Threat.Kept),
            new("type-none", Wire.Bytes([.. Wire.Head(200, Wire.Length(untyped.Length)), .. untyped]), Threat.Kept, "undecodable"),
            new("type-long", Wire.File(HostileImages.Good(), new string('x', 30_000)), Threat.Kept, "too_large"),
            new("bait", Wire.File("<!doctype html><script>alert(1)</script>"u8.ToArray(), "image/jpeg"), "undecodable"),
        ];
    }

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
