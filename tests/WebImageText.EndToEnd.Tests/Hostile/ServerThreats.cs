namespace WebImageText.Tests.Hostile;

/// <summary>Servers that refuse, ask for time, or ask who is there; and what they say in robots.txt.</summary>
internal static class ServerThreats
{
    private static readonly byte[] RefuseAll = "User-agent: *\nDisallow: /\n"u8.ToArray();

    /// <param name="canary">Port of loopback that nobody may come to.</param>
    public static IEnumerable<Threat> All(int canary) =>
    [
        new("auth-basic", Wire.Status(401, "WWW-Authenticate: Basic realm=\"x\""), "http_error"),
        new("auth-ntlm", Wire.Status(401, "WWW-Authenticate: NTLM", "WWW-Authenticate: Negotiate"), "http_error"),
        new("auth-proxy", Wire.Status(407, "Proxy-Authenticate: Basic realm=\"x\""), "http_error"),
        new("cookie", Wire.First(1, Wire.Status(503, "Set-Cookie: id=1; Path=/", "Retry-After: 0"), Wire.File(HostileImages.Good())), Threat.Kept)
        {
            Robots = Wire.Status(404, "Set-Cookie: robots=1; Path=/; Domain=.hostile.test"),
        },
        new("status-204", Wire.Raw("HTTP/1.1 204 None\r\n\r\n"), "http_error"),
        new("status-206", Wire.Raw($"HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-3/9\r\nContent-Length: 4\r\n\r\nabcd"), "http_error"),
        new("status-304", Wire.Status(304), "http_error"),
        new("status-402", Wire.Status(402), "http_error"),
        new("status-451", Wire.Status(451), "http_error"),
        new("status-500", Wire.Status(500), "http_error"),
        new("status-101", Wire.Raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"), "http_error", "connect_error", "timeout"),

        new("later", Wire.First(1, Wire.Status(503, "Retry-After: 1"), Wire.File(HostileImages.Good())), Threat.Kept),
        new("later-429", Wire.First(1, Wire.Status(429, "Retry-After: 1"), Wire.File(HostileImages.Good())), Threat.Kept),
        new("much-later", Wire.Status(429, "Retry-After: 99999999"), "http_error"),
        new("overflowing-later", Wire.Status(503, "Retry-After: 99999999999999999999999"), "http_error"),
        new("negative-later", Wire.First(1, Wire.Status(503, "Retry-After: -5"), Wire.File(HostileImages.Good())), Threat.Kept),
        new("dated-later", Wire.Status(503, "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"), "http_error"),
        new("worded-later", Wire.First(1, Wire.Status(503, "Retry-After: soon"), Wire.File(HostileImages.Good())), Threat.Kept),

        Robots("refuses", Text(RefuseAll), "robots_disallowed"),
        Robots("500", Wire.Status(500), "robots_disallowed"),
        Robots("503-later", Wire.Status(503, "Retry-After: 999999999"), "robots_disallowed"),
        Robots("429-later", Wire.Status(429, "Retry-After: 999999999"), "http_error", "robots_disallowed"),
        Robots("401", Wire.Status(401), Threat.Kept),
        Robots("silent", Wire.Stall([]), "timeout", "robots_disallowed"),
        Robots("reset", Wire.Reset([]), "connect_error", "robots_disallowed"),
        Robots("endless", Wire.Endless(Wire.Head(200, "Content-Type: text/plain"), [.. RefuseAll, .. "# more of the same\n"u8]), "robots_disallowed"),
        Robots("large", Text([.. RefuseAll, .. Enumerable.Repeat("# a comment of no use\n"u8.ToArray(), 400_000).SelectMany(line => line)]), "robots_disallowed"),
        Robots("late", Text([.. Enumerable.Repeat("# a comment of no use\n"u8.ToArray(), 15_000).SelectMany(line => line), .. RefuseAll]), "robots_disallowed"),
        Robots("too-late", Text([.. Enumerable.Repeat("# a comment of no use\n"u8.ToArray(), 30_000).SelectMany(line => line), .. RefuseAll]), Threat.Kept, "robots_disallowed"),
        Robots("binary", Text([.. Enumerable.Range(0, 60_000).Select(n => (byte)(n * 7919))]), Threat.Kept, "robots_disallowed"),
        Robots("nul", Text([.. "User-agent: *\nDis\0allow: /\0\nDisallow: /\n"u8]), "robots_disallowed"),
        Robots("html", Wire.Page("<!doctype html><title>Welcome</title>"), Threat.Kept),
        Robots("bomb", Wire.File(CodingThreats.Packed(new byte[100_000_000], stream => new System.IO.Compression.GZipStream(stream, System.IO.Compression.CompressionLevel.SmallestSize)),
            "text/plain", "Content-Encoding: gzip"), Threat.Kept, "robots_disallowed", "too_large"),
        Robots("stars", Text([.. "User-agent: *\nDisallow: /"u8, .. Enumerable.Repeat("*a"u8.ToArray(), 2_000).SelectMany(part => part), .. "$\n"u8]), Threat.Kept),
        Robots("moved", Wire.Status(301, $"Location: http://robots-refuses.{Threat.Domain}/robots.txt"), "robots_disallowed"),
        Robots("moved-private", Wire.Status(301, $"Location: http://127.0.0.1:{canary}/robots.txt"), "private_address", "blocked", "robots_disallowed"),
        Robots("moved-file", Wire.Status(301, "Location: file:///etc/passwd"), "blocked", "robots_disallowed"),
        Robots("moved-round", Wire.Status(301, $"Location: http://robots-moved-round.{Threat.Domain}/robots.txt"), "robots_disallowed"),
        Robots("moved-nowhere", Wire.Status(301), "robots_disallowed", "http_error"),

        new("tls", Wire.Status(404), "tls_error") { Address = $"https://secure.{Threat.Domain}/picture" },
        new("tls-plain", Wire.Status(404), "tls_error", "timeout") { Address = $"https://plain.{Threat.Domain}/picture" },
    ];

    private static Threat Robots(string name, Answer robots, params string[] outcomes) =>
        new($"robots-{name}", Wire.File(HostileImages.Good()), outcomes) { Robots = robots };

    private static Answer Text(byte[] robots) => Wire.File(robots, "text/plain");
}
