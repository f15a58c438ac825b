using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace WebImageText.Tests.Archives;

/// <summary>Archives byte by byte, in the form in which Common Crawl publishes them.</summary>
internal static class SomeArchives
{
    /// <summary>A record of WARC 1.0 with its two line ends.</summary>
    public static byte[] Record(string type, string? target, string contentType, byte[] block) =>
    [
        .. Encoding.UTF8.GetBytes(
            $"WARC/1.0\r\nWARC-Type: {type}\r\nWARC-Date: 2024-05-18T05:31:10Z\r\nWARC-Record-ID: <urn:uuid:{Guid.NewGuid()}>\r\n"
            + (target is null ? "" : $"WARC-Target-URI: {target}\r\n") + $"Content-Type: {contentType}\r\nContent-Length: {block.Length}\r\n\r\n"),
        .. block, .. "\r\n\r\n"u8,
    ];

    /// <summary>Info, request and response of each page; one gzip member a record.</summary>
    /// <returns>The file, and where the member of each response stands.</returns>
    public static (byte[] File, List<(long Offset, int Length)> Responses) Warc(params IReadOnlyList<(string Address, string Html)> pages)
    {
        using var file = new MemoryStream();
        file.Write(Gzip(Record("warcinfo", null, "application/warc-fields", "software: test\r\n"u8.ToArray())));
        List<(long, int)> places = [];
        foreach (var (address, html) in pages)
        {
            var at = new Uri(address);
            file.Write(Gzip(Record("request", address, "application/http; msgtype=request", Encoding.ASCII.GetBytes($"GET {at.PathAndQuery} HTTP/1.1\r\nHost: {at.Authority}\r\n\r\n"))));
            var member = Gzip(Record("response", address, "application/http; msgtype=response", Answer(html, "Content-Type: text/html; charset=UTF-8")));
            places.Add((file.Position, member.Length));
            file.Write(member);
            file.Write(Gzip(Record("metadata", address, "application/warc-fields", "fetchTimeMs: 150\r\nlanguages-cld2: {}\r\n"u8.ToArray())));
        }
        return (file.ToArray(), places);
    }

    /// <summary>An answer whose coding was undone, as Common Crawl keeps it.</summary>
    public static byte[] Answer(string html, params IReadOnlyList<string> fields) => Encoding.UTF8.GetBytes(
        $"HTTP/1.1 200 OK\r\n{string.Concat(fields.Select(field => field + "\r\n"))}X-Crawler-Content-Encoding: gzip\r\nContent-Length: {Encoding.UTF8.GetByteCount(html)}\r\n\r\n{html}");

    /// <summary>What ia-web-commons writes for pages: a metadata record of JSON each.</summary>
    public static byte[] Wat(params IReadOnlyList<(string Address, string Head, string Links)> pages)
    {
        using var file = new MemoryStream();
        file.Write(Gzip(Record("warcinfo", "CC-MAIN-2024-22.warc.wat.gz", "application/warc-fields", "Software-Info: ia-web-commons\r\n"u8.ToArray())));
        foreach (var (address, head, links) in pages)
        {
            var json = $$$"""
                {"Container":{"Filename":"CC-MAIN-2024-22.warc.gz","Compressed":true,"Offset":"484","Gzip-Metadata":{"Inflated-CRC":"1","Deflate-Length":"573"}},
                "Envelope":{"Format":"WARC","WARC-Header-Length":"601","WARC-Header-Metadata":{"WARC-Type":"response","WARC-Date":"2024-05-18T05:31:10Z","WARC-Target-URI":"{{{address}}}","Content-Type":"application/http; msgtype=response"},
                "Payload-Metadata":{"Actual-Content-Type":"application/http; msgtype=response","HTTP-Response-Metadata":{"Response-Message":{"Version":"HTTP/1.1","Status":"200","Reason":"OK"},
                "Headers":{"Content-Type":"text/html; charset=UTF-8"},"HTML-Metadata":{"Head":{{{head}}},"Links":{{{links}}}},"Entity-Digest":"sha1:AAAA","Entity-Length":"1"} } } }
                """;
            file.Write(Gzip(Record("metadata", address, "application/json", Encoding.UTF8.GetBytes(JsonNode.Parse(json)!.ToJsonString()))));
        }
        return file.ToArray();
    }

    public static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(plain);
        return packed.ToArray();
    }
}
