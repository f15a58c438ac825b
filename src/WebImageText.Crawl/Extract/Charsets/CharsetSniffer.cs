namespace WebImageText.Crawl.Extract.Charsets;

/// <summary>Finds the encoding of a page: byte order mark, then Content-Type, then a look at its first bytes.</summary>
/// <remarks>
/// WHATWG HTML Standard, section 13.2.3.2, "Determining the character encoding"; where nothing is said it is windows-1252,
/// as it is to a browser that is set to English.
/// </remarks>
internal static class CharsetSniffer
{
    /// <summary>The encoding, and how many bytes of byte order mark stand before the text.</summary>
    public static (Charset Charset, int MarkLength) Detect(ReadOnlySpan<byte> body, string? contentType)
    {
        var (marked, length) = Mark(body);
        return (marked ?? FromContentType(contentType) ?? CharsetPrescan.Find(body) ?? Charset.Windows1252, length);
    }

    /// <summary>The same for an XML document (RFC 7303): mark, Content-Type, declaration; null where none of them says.</summary>
    public static (Charset? Charset, int MarkLength) DetectXml(ReadOnlySpan<byte> body, string? contentType)
    {
        var (marked, length) = Mark(body);
        return (marked ?? FromContentType(contentType) ?? CharsetPrescan.FindXml(body), length);
    }

    private static (Charset? Charset, int Length) Mark(ReadOnlySpan<byte> body) =>
        body.StartsWith("\uFEFF"u8) ? (Charset.Utf8, 3)
        : body is [0xFE, 0xFF, ..] ? (Charset.Utf16BigEndian, 2)
        : body is [0xFF, 0xFE, ..] ? (Charset.Utf16LittleEndian, 2)
        : (null, 0);

    /// <summary>The first <c>charset</c> parameter of a Content-Type (WHATWG MIME Sniffing Standard, "parse a MIME type").</summary>
    public static Charset? FromContentType(string? contentType)
    {
        var rest = contentType.AsSpan();
        while (rest.IndexOf(';') is >= 0 and var semicolon)
        {
            rest = rest[(semicolon + 1)..].TrimStart(" \t\n\r");
            var end = rest.IndexOfAny(';', '=');
            if (end < 0 || rest[end] == ';')
                continue;
            var isCharset = rest[..end].Equals("charset", StringComparison.OrdinalIgnoreCase);
            rest = rest[(end + 1)..];
            var value = rest.StartsWith('"') ? Quoted(ref rest) : rest[..Until(rest, ';')];
            if (isCharset)
                return Charset.FromLabel(value);
        }
        return null;
    }

    private static int Until(ReadOnlySpan<char> text, char end) => text.IndexOf(end) is >= 0 and var at ? at : text.Length;

    // No label has a quotation mark or a backslash in it, so an escape need not be undone: the label is unknown either way.
    private static ReadOnlySpan<char> Quoted(ref ReadOnlySpan<char> rest)
    {
        var inner = rest[1..];
        var end = Until(inner, '"');
        rest = inner[end..];
        return inner[..end];
    }
}
