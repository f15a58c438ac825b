using System.Buffers.Binary;
using System.Text;
using WebImageText.Cli.Demo.Scenes;
using WebImageText.Curate.Pixels;

namespace WebImageText.Cli.Demo.Web;

/// <summary>What was done to a picture besides drawing and encoding it.</summary>
internal enum PictureChange
{
    None,
    /// <summary>Left and right exchanged.</summary>
    Mirrored,
    /// <summary>A sixth of the way to white.</summary>
    Brightened,
    /// <summary>The last part of the file is missing.</summary>
    Truncated,
    /// <summary>A comment in a JPEG: other bytes, the same pixels.</summary>
    Commented,
    /// <summary>A PNG whose header declares 1,600 million pixels.</summary>
    Gigantic,
}

/// <summary>A picture file of the demo's web. It is drawn anew each time it is asked for, always to the same bytes.</summary>
/// <param name="Scene">What it shows.</param>
/// <param name="Format">Its encoding.</param>
/// <param name="Quality">1-100, of a lossy encoding.</param>
/// <param name="Scale">Pixels for one pixel of the scene.</param>
/// <param name="Change">What else was done to it.</param>
internal sealed record DemoPicture(
    Scene Scene, DrawnFormat Format = DrawnFormat.Jpeg, int Quality = 85, double Scale = 1, PictureChange Change = PictureChange.None)
{
    public string Extension => Format switch { DrawnFormat.Jpeg => "jpg", DrawnFormat.Png => "png", _ => "webp" };

    public string ContentType => Format switch { DrawnFormat.Jpeg => "image/jpeg", DrawnFormat.Png => "image/png", _ => "image/webp" };

    /// <summary>The bytes of the file.</summary>
    public byte[] Encode() => Change switch
    {
        PictureChange.Mirrored => Render(Wrapped($"<g transform='translate({Scene.Width} 0) scale(-1 1)'>", "</g>")),
        PictureChange.Brightened => Render(Wrapped("", "<rect width='100%' height='100%' fill='#fff' fill-opacity='.16'/>")),
        PictureChange.Truncated => Render(Scene.Svg) is var whole ? whole[..(whole.Length * 3 / 5)] : [],
        PictureChange.Commented => WithComment(Render(Scene.Svg)),
        PictureChange.Gigantic => GiganticPng(),
        _ => Render(Scene.Svg),
    };

    private byte[] Render(string svg) => VectorPicture.Render(svg, Format, Quality, Scale);

    private string Wrapped(string before, string after)
    {
        var svg = Scene.Svg;
        var head = svg.IndexOf('>', StringComparison.Ordinal) + 1;
        return $"{svg[..head]}{before}{svg[head..^"</svg>".Length]}{after}</svg>";
    }

    /// <summary>A COM segment right after the start of the image (ITU-T T.81, B.2.4.5).</summary>
    private static byte[] WithComment(byte[] jpeg)
    {
        var comment = "the same picture, kept elsewhere"u8;
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(comment.Length + 2));
        return [.. jpeg[..2], 0xff, 0xfe, .. length, .. comment, .. jpeg[2..]];
    }

    /// <summary>Signature and IHDR (W3C PNG, 11.2.2) of 40,000 x 40,000 pixels, then the end: a reader must not get to the data.</summary>
    private static byte[] GiganticPng()
    {
        var header = new byte[17];
        Encoding.ASCII.GetBytes("IHDR", header);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 40_000);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), 40_000);
        (header[12], header[13]) = (8, 2); // 8 bits, RGB
        return
        [
            0x89, .. "PNG\r\n\x1a\n"u8, 0, 0, 0, 13, .. header, .. Checksum(header),
            0, 0, 0, 0, .. "IDAT"u8, .. Checksum("IDAT"u8), 0, 0, 0, 0, .. "IEND"u8, .. Checksum("IEND"u8),
        ];
    }

    private static byte[] Checksum(ReadOnlySpan<byte> chunk)
    {
        var crc = uint.MaxValue;
        foreach (var value in chunk)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
        }
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ~crc);
        return bytes;
    }
}
