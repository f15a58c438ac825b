using System.Buffers.Binary;
using System.IO.Compression;

namespace WebImageText.Crawl.OptOut;

/// <summary>Finds XMP packets and C2PA manifest stores in the bytes of an image, without decoding it.</summary>
/// <remarks>
/// JPEG: APP1 with extended XMP, APP11 (XMP specification part 3; ISO 19566-5 annex D). PNG: iTXt, caBX. WebP: chunks. AVIF,
/// HEIF, JPEG XL: boxes. In whatever is left, TIFF and GIF among it, the markers that XMP packets carry for that purpose are
/// searched for. One pass, never more memory than the image and 4 MB.
/// </remarks>
internal sealed class MetadataBlocks
{
    private const int MostInflated = 4_000_000;
    private const int MostBlocks = 64;

    private static ReadOnlySpan<byte> StandardXmp => "http://ns.adobe.com/xap/1.0/\0"u8;

    private static ReadOnlySpan<byte> ExtendedXmp => "http://ns.adobe.com/xmp/extension/\0"u8;

    private static ReadOnlySpan<byte> XmpKeyword => "XML:com.adobe.xmp\0"u8;

    private static ReadOnlySpan<byte> XmpBox =>
        [0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC];

    private static ReadOnlySpan<byte> C2paBox =>
        [0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81];

    private readonly Dictionary<string, byte[]> _extended = [];
    private readonly SortedDictionary<(ushort Instance, uint Sequence), byte[]> _jumbf = [];

    private MetadataBlocks() { }

    /// <summary>XMP packets, the parts of one put together.</summary>
    public List<byte[]> Xmp { get; } = [];

    /// <summary>C2PA manifest stores: JUMBF boxes.</summary>
    public List<byte[]> C2pa { get; } = [];

    /// <summary>Reads an image; damage ends the reading, and what was found before counts.</summary>
    public static MetadataBlocks Of(ReadOnlySpan<byte> image)
    {
        var blocks = new MetadataBlocks();
        if (image is [0xFF, 0xD8, ..])
        {
            blocks.ReadJpeg(image[2..]);
        }
        else if (image is [0x89, (byte)'P', (byte)'N', (byte)'G', _, _, _, _, .. var chunks])
        {
            blocks.ReadPng(chunks);
        }
        else if (image.Length > 12 && image.StartsWith("RIFF"u8) && image[8..].StartsWith("WEBP"u8))
        {
            blocks.ReadRiff(image[12..]);
        }
        else
        {
            if (image.Length > 12 && (image[4..].StartsWith("ftyp"u8) || image[4..].StartsWith("JXL "u8)))
                blocks.ReadBoxes(image);
            blocks.Search(image);
        }
        return blocks;
    }

    private void ReadJpeg(ReadOnlySpan<byte> rest)
    {
        while (rest.Length > 4 && rest[0] == 0xFF)
        {
            var marker = rest[1];
            if (marker is 0xFF or 0x01 or >= 0xD0 and <= 0xD8)
            {
                rest = rest[(marker == 0xFF ? 1 : 2)..];
                continue;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            // metadata stands before the first scan
            if (marker is 0xDA or 0xD9 || length < 2 || length + 2 > rest.Length)
                break;
            var segment = rest[4..(length + 2)];
            if (marker == 0xE1 && segment.StartsWith(StandardXmp))
                Add(Xmp, segment[StandardXmp.Length..]);
            else if (marker == 0xE1 && segment.StartsWith(ExtendedXmp))
                AddExtended(segment[ExtendedXmp.Length..], rest.Length);
            else if (marker == 0xEB && segment.StartsWith("JP"u8) && segment.Length > 16)
                AddJumbf(segment[2..]);
            rest = rest[(length + 2)..];
        }
        foreach (var packet in _extended.Values)
            Add(Xmp, packet);
        foreach (var store in _jumbf.GroupBy(part => part.Key.Instance, part => part.Value))
            Add(C2pa, Joined(store));
    }

    // Which box it is a part of, the number of the part, and the part.
    private void AddJumbf(ReadOnlySpan<byte> segment) => _jumbf.TryAdd(
        (BinaryPrimitives.ReadUInt16BigEndian(segment), BinaryPrimitives.ReadUInt32BigEndian(segment[2..])), segment[6..].ToArray());

    // The digest that names the packet, its whole length, where this part belongs, and the part.
    private void AddExtended(ReadOnlySpan<byte> segment, int most)
    {
        if (segment.Length < 40)
            return;
        var name = Convert.ToHexString(segment[..32]);
        var length = BinaryPrimitives.ReadUInt32BigEndian(segment[32..]);
        var offset = BinaryPrimitives.ReadUInt32BigEndian(segment[36..]);
        var part = segment[40..];
        if (!_extended.TryGetValue(name, out var packet))
        {
            // all parts lie in this image, in what was not read yet: a longer packet is a lie
            if (_extended.Count == MostBlocks || _extended.Sum(one => (long)one.Value.Length) + length > most)
                return;
            _extended.Add(name, packet = new byte[length]);
        }
        if (offset <= packet.Length && part.Length <= packet.Length - offset)
            part.CopyTo(packet.AsSpan((int)offset));
    }

    // Every part repeats the header of the box that is cut up: 8 bytes, or 16 with a long length.
    private static byte[] Joined(IEnumerable<byte[]> parts)
    {
        var joined = new MemoryStream();
        foreach (var part in parts)
        {
            var header = BinaryPrimitives.ReadUInt32BigEndian(part) == 1 ? Math.Min(16, part.Length) : 8;
            joined.Write(joined.Length == 0 ? part : part.AsSpan(header));
        }
        return joined.ToArray();
    }

    private void ReadPng(ReadOnlySpan<byte> rest)
    {
        while (rest.Length >= 12)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12)
                break;
            var content = rest.Slice(8, (int)length);
            if (rest[4..].StartsWith("iTXt"u8) && content.StartsWith(XmpKeyword))
                AddText(content[XmpKeyword.Length..]);
            else if (rest[4..].StartsWith("caBX"u8))
                Add(C2pa, content);
            rest = rest[((int)length + 12)..];
        }
    }

    // Whether and how it is compressed, a language and a translated keyword up to their NULs, the text.
    private void AddText(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
            return;
        var compressed = text[0] == 1;
        text = text[2..];
        for (var i = 0; i < 2; i++)
        {
            if (text.IndexOf((byte)0) is not (>= 0 and var end))
                return;
            text = text[(end + 1)..];
        }
        if (!compressed)
            Add(Xmp, text);
        else
            Add(Xmp, Inflate(text.ToArray()));
    }

    private static byte[] Inflate(byte[] compressed)
    {
        var inflated = new MemoryStream();
        try
        {
            using var stream = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
            var buffer = new byte[16_384];
            while (inflated.Length < MostInflated && stream.Read(buffer) is > 0 and var count)
                inflated.Write(buffer.AsSpan(0, count));
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            // what came out before the damage counts
        }
        return inflated.ToArray();
    }

    private void ReadRiff(ReadOnlySpan<byte> rest)
    {
        while (rest.Length >= 8)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (length > rest.Length - 8)
                break;
            var content = rest.Slice(8, (int)length);
            if (rest.StartsWith("XMP "u8))
                Add(Xmp, content);
            else if (rest.StartsWith("C2PA"u8))
                Add(C2pa, content);
            rest = rest[Math.Min(rest.Length, 8 + (int)length + ((int)length & 1))..];
        }
    }

    private void ReadBoxes(ReadOnlySpan<byte> rest)
    {
        while (rest.Length >= 8)
        {
            ulong length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            var header = 8;
            if (length == 1 && rest.Length >= 16)
                (length, header) = (BinaryPrimitives.ReadUInt64BigEndian(rest[8..]), 16);
            else if (length == 0)
                length = (ulong)rest.Length;
            if (length < (ulong)header || length > (ulong)rest.Length)
                break;
            var content = rest[header..(int)length];
            var type = rest[4..8];
            if (type.SequenceEqual("xml "u8))
                Add(Xmp, content);
            else if (type.SequenceEqual("jumb"u8))
                Add(C2pa, rest[..(int)length]);
            else if (type.SequenceEqual("uuid"u8) && content.StartsWith(XmpBox))
                Add(Xmp, content[16..]);
            else if (type.SequenceEqual("uuid"u8) && content.StartsWith(C2paBox))
                AddC2paBox(content[16..]);
            rest = rest[(int)length..];
        }
    }

    // Version and flags, a purpose up to its NUL, for a manifest an offset of 8 bytes, the boxes.
    private void AddC2paBox(ReadOnlySpan<byte> content)
    {
        if (content.Length > 4 && content[4..].IndexOf((byte)0) is >= 0 and var end && content.Length > end + 13)
            Add(C2pa, content[(end + 13)..]);
    }

    // "Packet scanning" of the XMP specification, and the first box of a manifest store.
    private void Search(ReadOnlySpan<byte> image)
    {
        var rest = image;
        while (Xmp.Count < MostBlocks && rest.IndexOf("<x:xmpmeta"u8) is >= 0 and var start)
        {
            rest = rest[start..];
            var end = rest.IndexOf("</x:xmpmeta>"u8);
            var packet = end < 0 ? rest[..Math.Min(rest.Length, MostInflated)] : rest[..(end + "</x:xmpmeta>".Length)];
            Add(Xmp, packet);
            rest = rest[packet.Length..];
        }
        // a superbox begins with its length, "jumb", a length, "jumd"
        for (rest = image; C2pa.Count == 0 && rest.IndexOf("jumb"u8) is >= 0 and var box; rest = rest[(box + 4)..])
        {
            if (box < 4 || rest.Length < box + 12 || !rest[(box + 8)..].StartsWith("jumd"u8))
                continue;
            var store = rest[(box - 4)..];
            Add(C2pa, store[..(int)Math.Min((uint)store.Length, BinaryPrimitives.ReadUInt32BigEndian(store))]);
        }
    }

    private static void Add(List<byte[]> blocks, ReadOnlySpan<byte> block)
    {
        if (blocks.Count < MostBlocks && !block.IsEmpty)
            blocks.Add(block.ToArray());
    }
}
