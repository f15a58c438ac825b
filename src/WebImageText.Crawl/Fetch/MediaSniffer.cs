using System.Buffers.Binary;
using System.Text;

namespace WebImageText.Crawl.Fetch;

/// <summary>What the bytes of an answer are.</summary>
/// <param name="Format">By their first bytes; never by the header or the address.</param>
/// <param name="IsCut">The file says of itself that it is longer: the rest did not come.</param>
public readonly record struct SniffedMedia(MediaFormat Format, bool IsCut = false);

/// <summary>Tells what an answer is from its bytes.</summary>
/// <remarks>
/// Signatures of the WHATWG MIME Sniffing Standard and of the formats it does not know. What follows the end of an image is not
/// looked at. It reads lengths, no pixels: time is that of one pass at most.
/// </remarks>
public static class MediaSniffer
{
    private const int HtmlWindow = 1_024;

    /// <summary>The format of a whole answer.</summary>
    public static SniffedMedia Sniff(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xD8, 0xFF, ..] => new(MediaFormat.Jpeg, !IsWholeJpeg(bytes)),
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => Png(bytes),
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] =>
            new(MediaFormat.Gif, !IsWholeGif(bytes)),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => Riff(bytes),
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] => new(MediaFormat.Tiff, !IsWholeTiff(bytes, littleEndian: true)),
        [(byte)'M', (byte)'M', 0, 42 or 43, ..] => new(MediaFormat.Tiff, !IsWholeTiff(bytes, littleEndian: false)),
        [(byte)'B', (byte)'M', ..] => Bmp(bytes),
        [0, 0, 1, 0, _, 0, ..] => new(MediaFormat.Ico),
        [0xFF, 0x0A, ..] => new(MediaFormat.Jxl),
        [0xFF, 0x4F, 0xFF, 0x51, ..] => new(MediaFormat.Jp2),
        [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', 13, 10, 0x87, 10, ..] => new(MediaFormat.Jxl),
        [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', 13, 10, 0x87, 10, ..] => new(MediaFormat.Jp2),
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', _, _, _, _, ..] => Brands(bytes),
        _ => Markup(bytes),
    };

    // Segments up to the first scan, and an end of image after it: in scans 0xFF is never followed by 0xD9.
    private static bool IsWholeJpeg(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes[2..];
        while (rest is [0xFF, var marker, ..])
        {
            if (marker is 0xFF or 0x01 or >= 0xD0 and <= 0xD7)
            {
                rest = rest[(marker == 0xFF ? 1 : 2)..];
                continue;
            }
            if (rest.Length < 4)
                return false;
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length < 2 || rest.Length < length + 2)
                return false;
            rest = rest[(length + 2)..];
            if (marker == 0xDA)
                return rest.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) >= 0;
        }
        return false;
    }

    // Chunks up to IEND; a signature that a text conversion broke is no PNG.
    private static SniffedMedia Png(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
            return new(MediaFormat.Png, IsCut: true);
        if (bytes is not [_, _, _, _, 13, 10, 26, 10, .. var rest])
            return default;
        while (rest.Length >= 12)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (rest[4..].StartsWith("IEND"u8))
                return new(MediaFormat.Png);
            if (length > rest.Length - 12)
                break;
            rest = rest[((int)length + 12)..];
        }
        return new(MediaFormat.Png, IsCut: true);
    }

    // Blocks up to the trailer. Many files lack it: ending after a whole block is good enough.
    private static bool IsWholeGif(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 13)
            return false;
        var rest = bytes[13..];
        if (!TrySkip(ref rest, ColorTable(bytes[10])))
            return false;
        var images = 0;
        while (!rest.IsEmpty)
        {
            var block = rest[0];
            if (block is not (0x21 or 0x2C))
                break;
            if (block == 0x2C)
            {
                if (rest.Length < 10 || !TrySkip(ref rest, 10 + ColorTable(rest[9]) + 1))
                    return false;
                images++;
            }
            else if (!TrySkip(ref rest, 2))
            {
                return false;
            }
            do
            {
                if (rest.IsEmpty)
                    return false;
                block = rest[0];
                if (!TrySkip(ref rest, 1 + block))
                    return false;
            }
            while (block != 0);
        }
        return images > 0;

        static int ColorTable(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> rest, int count)
    {
        if (rest.Length < count)
            return false;
        rest = rest[count..];
        return true;
    }

    private static SniffedMedia Riff(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 12 || !bytes[8..].StartsWith("WEBP"u8))
            return default;
        return new(MediaFormat.Webp, BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) > bytes.Length - 8);
    }

    private static bool IsWholeTiff(ReadOnlySpan<byte> bytes, bool littleEndian)
    {
        if (bytes.Length < 8)
            return false;
        if ((littleEndian ? bytes[2] : bytes[3]) == 43)
            return bytes.Length >= 16 && First(bytes[8..], littleEndian) < (ulong)bytes.Length;
        var first = bytes[4..];
        return bytes.Length >
            (littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(first) : BinaryPrimitives.ReadUInt32BigEndian(first));

        static ulong First(ReadOnlySpan<byte> at, bool littleEndian) =>
            littleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(at) : BinaryPrimitives.ReadUInt64BigEndian(at);
    }

    // "BM" begins many texts: a header of a known size, one plane and a possible depth make a bitmap.
    private static SniffedMedia Bmp(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 26)
            return default;
        var pixels = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);
        var header = BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]);
        if (header is not (12 or 16 or 40 or 52 or 56 or 64 or 108 or 124))
            return default;
        if (header > 12 && bytes.Length < 30)
            return default;
        var planes = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(header == 12 ? 22 : 26)..]);
        var depth = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(header == 12 ? 24 : 28)..]);
        if (planes != 1 || depth is not (0 or 1 or 2 or 4 or 8 or 16 or 24 or 32))
            return default;
        return new(MediaFormat.Bmp, pixels >= bytes.Length);
    }

    // ISO 14496-12: the brands of the first box say what an image in boxes is.
    private static SniffedMedia Brands(ReadOnlySpan<byte> bytes)
    {
        var length = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(bytes), (uint)bytes.Length);
        var heif = false;
        for (var at = 8; at + 4 <= length; at += at == 8 ? 8 : 4)
        {
            var brand = bytes[at..(at + 4)];
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
                return new(MediaFormat.Avif);
            heif |= brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.SequenceEqual("mif1"u8)
                || brand.SequenceEqual("msf1"u8);
        }
        return heif ? new(MediaFormat.Heif) : default;
    }

    private static SniffedMedia Markup(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, HtmlWindow)]).AsSpan();
        if (text.StartsWith("\u00EF\u00BB\u00BF"))
            text = text[3..];
        text = text.TrimStart(" \t\n\f\r");
        return IsSvg(text) ? new(MediaFormat.Svg) : IsHtml(text) ? new(MediaFormat.Html) : default;
    }

    private static bool IsSvg(ReadOnlySpan<char> text)
    {
        while (true)
        {
            if (StartsTag(text, "<svg"))
                return true;
            var end = text.StartsWith("<!--") ? "-->"
                : text.StartsWith("<?") ? "?>"
                : text.StartsWith("<!DOCTYPE svg", StringComparison.OrdinalIgnoreCase) ? (text.IndexOf('[') is >= 0 and var subset
                    && text.IndexOf('>') > subset ? "]>" : ">")
                : null;
            if (end is null || text.IndexOf(end) is not (>= 0 and var at))
                return false;
            text = text[(at + end.Length)..].TrimStart(" \t\n\f\r");
        }
    }

    // The tags of the standard's table "identifying a resource with an unknown MIME type".
    private static bool IsHtml(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("<!--"))
            return true;
        foreach (var tag in HtmlTags)
        {
            if (StartsTag(text, tag))
                return true;
        }
        return false;
    }

    private static readonly string[] HtmlTags =
    [
        "<!doctype html", "<html", "<head", "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a", "<style", "<title", "<b",
        "<body", "<br", "<p", "<meta",
    ];

    private static bool StartsTag(ReadOnlySpan<char> text, string tag) =>
        text.StartsWith(tag, StringComparison.OrdinalIgnoreCase)
        && (text.Length == tag.Length || text[tag.Length] is ' ' or '>' or '\t' or '\n' or '\r' or '\f' or '/');
}
