using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Text;

namespace WebImageText.Tests.OptOut;

/// <summary>Image files that are all metadata: right in their structure, without a picture in them.</summary>
internal static class ImageFiles
{
    public static byte[] Jpeg(params (byte Marker, byte[] Content)[] segments) =>
    [
        0xFF, 0xD8, .. segments.SelectMany(segment => (byte[])
            [0xFF, segment.Marker, .. U16(segment.Content.Length + 2), .. segment.Content]), 0xFF, 0xDA, 0, 2, 0, 0xFF, 0xD9,
    ];

    public static byte[] Png(params (string Type, byte[] Content)[] chunks) =>
    [
        0x89, .. "PNG\r\n\x1A\n"u8, .. chunks.Append(("IEND", [])).SelectMany(chunk => (byte[])
            [.. U32(chunk.Item2.Length), .. Encoding.ASCII.GetBytes(chunk.Item1), .. chunk.Item2, 0, 0, 0, 0]),
    ];

    public static byte[] Webp(params (string Type, byte[] Content)[] chunks)
    {
        byte[] inner = [.. chunks.SelectMany(chunk => (byte[])
            [.. Encoding.ASCII.GetBytes(chunk.Type), .. U32(chunk.Content.Length).Reverse(), .. chunk.Content, .. new byte[chunk.Content.Length & 1]])];
        return [.. "RIFF"u8, .. U32(inner.Length + 4).Reverse(), .. "WEBP"u8, .. inner];
    }

    public static byte[] Box(string type, params IEnumerable<byte> content)
    {
        byte[] bytes = [.. content];
        return [.. U32(bytes.Length + 8), .. Encoding.ASCII.GetBytes(type), .. bytes];
    }

    /// <summary>A C2PA manifest store with one assertion.</summary>
    public static byte[] Manifest(string label, Action<CborWriter> entries)
    {
        var writer = new CborWriter();
        writer.WriteStartMap(2);
        writer.WriteTextString("alg");
        writer.WriteByteString([1, 2, 3]);
        writer.WriteTextString("entries");
        entries(writer);
        writer.WriteEndMap();
        return Superbox("c2pa", Superbox("urn:uuid:1", Superbox("c2pa.assertions",
            [.. Superbox("c2pa.actions", Box("cbor", [0xA0])), .. Superbox(label, Box("cbor", writer.Encode()))])));
    }

    public static byte[] Superbox(string label, byte[] content) =>
        Box("jumb", [.. Box("jumd", [.. new byte[16], 3, .. Encoding.UTF8.GetBytes(label), 0]), .. content]);

    public static byte[] U16(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] U32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
