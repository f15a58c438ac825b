using System.Buffers.Binary;

namespace WebImageText.Curate.Pixels;

/// <summary>What the segments before the first scan of a JPEG say (ITU-T T.81, annex B).</summary>
internal sealed class JpegHeader
{
    private readonly SortedDictionary<int, ReadOnlyMemory<byte>> _profileParts = [];

    private JpegHeader() { }

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>1 grey, 3 colours, 4 inks.</summary>
    public int Components { get; private set; }

    /// <summary>The picture comes in several passes over the whole of it.</summary>
    public bool IsProgressive { get; private set; }

    /// <summary>Samples of all components together, as finely as each is stored.</summary>
    public long Samples { get; private set; }

    /// <summary>An Adobe segment is there: inks are stored inverted.</summary>
    public bool IsAdobe { get; private set; }

    /// <summary>The EXIF block from its TIFF header on, or empty.</summary>
    public ReadOnlyMemory<byte> Exif { get; private set; }

    /// <summary>The embedded ICC profile, or empty.</summary>
    public ReadOnlyMemory<byte> Profile => _profileParts.Count switch
    {
        0 => default,
        1 => _profileParts.First().Value,
        _ => _profileParts.SelectMany(part => part.Value.ToArray()).ToArray(),
    };

    /// <summary>Reads the header; null when there is no frame before the first scan, or no whole segment.</summary>
    public static JpegHeader? Read(ReadOnlyMemory<byte> jpeg)
    {
        var bytes = jpeg.Span;
        var header = new JpegHeader();
        for (var at = 2; at + 4 <= bytes.Length;)
        {
            if (bytes[at] != 0xFF)
            {
                at++; // bytes between segments: decoders skip them too
                continue;
            }
            var marker = bytes[at + 1];
            if (marker is 0xFF or 0x00 or 0x01 or >= 0xD0 and <= 0xD8)
            {
                at += marker == 0xFF ? 1 : 2;
                continue;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (marker is 0xD9 or 0xDA || length < 2 || at + 2 + length > bytes.Length)
                break;
            header.Take(marker, jpeg.Slice(at + 4, length - 2));
            at += 2 + length;
        }
        return header is { Width: > 0, Height: > 0 } ? header : null;
    }

    private void Take(byte marker, ReadOnlyMemory<byte> segment)
    {
        var body = segment.Span;
        switch (marker)
        {
            case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) when body.Length >= 6 && Width == 0:
                Height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]);
                Width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
                Components = body[5];
                IsProgressive = marker is 0xC2 or 0xC6 or 0xCA or 0xCE;
                Samples = SamplesOf(body[6..], (long)Width * Height);
                break;
            case 0xE1 when body.StartsWith("Exif\0"u8) && body.Length > 6 && Exif.IsEmpty:
                Exif = segment[6..];
                break;
            case 0xE2 when body.StartsWith("ICC_PROFILE\0"u8) && body.Length > 14: // ICC.1:2022, annex B.4: number, count, part
                _profileParts.TryAdd(body[12], segment[14..]);
                break;
            case 0xEE when body.StartsWith("Adobe"u8):
                IsAdobe = true;
                break;
        }
    }

    // Of each component three bytes, the second with its sampling across and down: annex B.2.2.
    private static long SamplesOf(ReadOnlySpan<byte> components, long pixels)
    {
        var (sum, finest) = (0, 1);
        for (var at = 1; at < components.Length; at += 3)
        {
            var blocks = Math.Max(1, components[at] >> 4) * Math.Max(1, components[at] & 15);
            (sum, finest) = (sum + blocks, Math.Max(finest, blocks));
        }
        return pixels * sum / finest;
    }
}
