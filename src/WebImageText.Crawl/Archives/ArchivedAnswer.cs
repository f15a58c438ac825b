using System.Globalization;
using System.Text;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Crawl.Archives;

/// <summary>An HTTP answer as archives hold it, and back. Pure.</summary>
/// <remarks>
/// Some archives keep the bytes of the wire, some the decoded body. What was decoded before it was stored has the fields that
/// are no longer true under a prefix, as Webrecorder's tools and Common Crawl have it.
/// </remarks>
internal static class ArchivedAnswer
{
    private const string Decoded = "X-Archive-Orig-";
    private const string Crawled = "X-Crawl-";
    private const int LongestHead = 256 * 1024;

    /// <summary>Reads the block of a <c>response</c> record.</summary>
    /// <param name="block">Status line, fields, empty line, body.</param>
    /// <param name="at">When the answer came.</param>
    /// <param name="largest">Most decoded bytes.</param>
    /// <returns>The answer with its body decoded; null when the block is no HTTP answer.</returns>
    public static FetchResult.Answer? Read(ReadOnlyMemory<byte> block, DateTimeOffset at, int largest)
    {
        var bytes = block.Span;
        var (end, gap) = HeadEnd(bytes[..Math.Min(bytes.Length, LongestHead)]);
        if (end < 0)
            return null;
        var lines = Encoding.Latin1.GetString(bytes[..end]).Split('\n');
        if (lines[0].TrimEnd('\r').Split(' ', 3) is not [var protocol, var code, ..] || !protocol.StartsWith("HTTP/", StringComparison.Ordinal)
            || !int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            return null;
        List<KeyValuePair<string, string>> fields = [.. lines.Skip(1).Where(line => line.IndexOf(':') > 0)
            .Select(line => KeyValuePair.Create(line[..line.IndexOf(':')].Trim(), line[(line.IndexOf(':') + 1)..].Trim()))];
        var body = Body(new(fields), block[(end + gap)..], largest);
        // Beside a length that was kept, the plain one is the archive's own.
        if (fields.Exists(field => field.Key.StartsWith(Decoded, StringComparison.OrdinalIgnoreCase)))
            fields.RemoveAll(field => field.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase));
        return new(status, new([.. fields.Select(field => KeyValuePair.Create(Original(field.Key), field.Value))]), body, at);
    }

    /// <summary>The block of a <c>response</c> record for an answer whose body was decoded.</summary>
    public static byte[] Write(int status, ResponseHeaders headers, ReadOnlySpan<byte> body)
    {
        var head = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} \r\n"));
        foreach (var (name, value) in headers.Fields)
        {
            var changed = name.ToLowerInvariant() is "content-encoding" or "transfer-encoding" or "content-length";
            head.Append(CultureInfo.InvariantCulture, $"{(changed ? Decoded : "")}{name}: {value.ReplaceLineEndings(" ")}\r\n");
        }
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. body];
    }

    private static string Original(string name) => name.StartsWith(Decoded, StringComparison.OrdinalIgnoreCase) ? name[Decoded.Length..] : name;

    private static ReadOnlyMemory<byte> Body(ResponseHeaders headers, ReadOnlyMemory<byte> body, int largest)
    {
        if (headers.Fields.Any(field => field.Key.StartsWith(Decoded, StringComparison.OrdinalIgnoreCase)
            || field.Key.StartsWith(Crawled, StringComparison.OrdinalIgnoreCase)))
            return body;
        if (headers["Transfer-Encoding"]?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true)
            body = Chunks.Join(body) ?? body;
        // A writer that decoded the body and left the field is common; so an encoding that is not there is no fault.
        var (decoded, drop) = BodyDecoder.Decode(headers["Content-Encoding"], body, largest, ratio: 100);
        return drop is null ? decoded : body;
    }

    private static (int End, int Gap) HeadEnd(ReadOnlySpan<byte> bytes)
    {
        var proper = bytes.IndexOf("\r\n\r\n"u8);
        var bare = bytes.IndexOf("\n\n"u8);
        return proper >= 0 && (bare < 0 || proper < bare) ? (proper, 4) : (bare, 2);
    }
}

/// <summary>The chunked transfer coding (RFC 9112, section 7.1).</summary>
internal static class Chunks
{
    /// <summary>The body; null when it is not chunked as it should be. What is missing at the end is missing.</summary>
    public static ReadOnlyMemory<byte>? Join(ReadOnlyMemory<byte> coded)
    {
        var body = new System.Buffers.ArrayBufferWriter<byte>(Math.Max(1, coded.Length));
        var bytes = coded.Span;
        while (!bytes.IsEmpty)
        {
            var end = bytes[..Math.Min(bytes.Length, 1024)].IndexOf((byte)'\n');
            if (end < 0)
                return null;
            var size = bytes[..end].Trim(" \t\r"u8);
            if (size.IndexOf((byte)';') is >= 0 and var extension)
                size = size[..extension].TrimEnd(" \t"u8);
            if (!int.TryParse(Encoding.ASCII.GetString(size), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length) || length < 0)
                return null;
            bytes = bytes[(end + 1)..];
            if (length == 0)
                break;
            var part = bytes[..Math.Min(length, bytes.Length)];
            System.Buffers.BuffersExtensions.Write(body, part);
            bytes = bytes[part.Length..];
            bytes = bytes.StartsWith("\r\n"u8) ? bytes[2..] : bytes.StartsWith("\n"u8) ? bytes[1..] : bytes;
        }
        return body.WrittenMemory;
    }
}
