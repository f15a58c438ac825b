using System.Buffers.Binary;
using System.Text;
using NetVips;
using WebImageText.Curate.Pixels;

namespace WebImageText.Tests.Curate.Pixels;

/// <summary>Pictures as the web has them, made by libvips: a photograph-like scene whose four corners are known colours.</summary>
internal static class OddImages
{
    public const int Width = 320, Height = 240;

    public static readonly (int R, int G, int B)[] Corners = [(220, 30, 30), (30, 200, 40), (40, 50, 210), (230, 220, 40)];

    /// <summary>8-bit sRGB: red upper left, green upper right, blue lower left, yellow lower right, waves between.</summary>
    public static Image Scene(int width = Width, int height = Height)
    {
        var pixels = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var corner = (x < width / 8 ? 0 : x >= width - width / 8 ? 1 : -1, y < height / 8 ? 0 : y >= height - height / 8 ? 2 : -1);
                var colour = corner.Item1 >= 0 && corner.Item2 >= 0
                    ? Corners[corner.Item1 + corner.Item2]
                    : (Wave(x, y, 17, 5), Wave(x, y, 7, 23), Wave(y, x, 11, 13));
                var at = 3 * (y * width + x);
                (pixels[at], pixels[at + 1], pixels[at + 2]) = ((byte)colour.Item1, (byte)colour.Item2, (byte)colour.Item3);
            }
        using var raw = Image.NewFromMemory(pixels, width, height, 3, Enums.BandFormat.Uchar);
        return raw.Copy(interpretation: Enums.Interpretation.Srgb).CopyMemory();

        int Wave(int x, int y, int a, int b) => (int)(128 + 60 * Math.Sin(x / (double)a) + 60 * Math.Sin(y / (double)b));
    }

    /// <summary>A JPEG of the scene; EXIF and profile where they are given.</summary>
    public static byte[] Jpeg(Image? image = null, byte[]? exif = null, int quality = 90, bool progressive = false, int restart = 0)
    {
        var jpeg = (image ?? Scene()).JpegsaveBuffer(q: quality, interlace: progressive, keep: Enums.ForeignKeep.Icc, restartInterval: restart);
        return exif is null ? jpeg : WithSegment(jpeg, 0xE1, [.. "Exif\0\0"u8, .. exif]);
    }

    /// <summary>A JPEG with one more segment after its first marker.</summary>
    public static byte[] WithSegment(byte[] jpeg, byte marker, byte[] body)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(body.Length + 2));
        return [.. jpeg[..2], 0xFF, marker, .. length, .. body, .. jpeg[2..]];
    }

    /// <summary>An EXIF block of text fields in its first directory, the orientation, and optionally a GPS directory.</summary>
    public static byte[] Exif(int orientation = 1, string make = "Lens & Co", bool location = false)
    {
        var entries = new List<(ushort Tag, ushort Type, uint Count, uint Value)>();
        var data = new List<byte>();
        var start = 8 + 2 + 12 * (location ? 3 : 2) + 4;
        var text = Encoding.UTF8.GetBytes(make + "\0");
        entries.Add((0x010F, 2, (uint)text.Length, (uint)start));
        data.AddRange(text);
        entries.Add((0x0112, 3, 1, (uint)orientation));
        if (location)
        {
            entries.Add((0x8825, 4, 1, (uint)(start + data.Count)));
            data.AddRange(Directory([(0x0001, 2, 2, 'N')]));
        }
        return [.. "II*\0"u8, 8, 0, 0, 0, .. Directory(entries), .. data];
    }

    /// <summary>The colour in the middle of a corner of an encoded image, by libvips.</summary>
    public static (int R, int G, int B) Corner(ReadOnlyMemory<byte> encoded, int corner)
    {
        using var image = Image.NewFromBuffer(encoded.Span);
        var x = corner % 2 == 0 ? image.Width / 16 : image.Width - image.Width / 16;
        var y = corner < 2 ? image.Height / 16 : image.Height - image.Height / 16;
        var pixel = image.Getpoint(x, y);
        return ((int)pixel[0], (int)pixel[1], (int)pixel[2]);
    }

    public static bool Near((int R, int G, int B) a, (int R, int G, int B) b, int tolerance = 14) =>
        Math.Abs(a.R - b.R) <= tolerance && Math.Abs(a.G - b.G) <= tolerance && Math.Abs(a.B - b.B) <= tolerance;

    /// <summary>Both ways to decode a JPEG; only one where libturbojpeg is missing.</summary>
    public static TheoryData<bool> Codecs() => TurboJpeg.IsPresent ? [true, false] : [false];

    private static byte[] Directory(List<(ushort Tag, ushort Type, uint Count, uint Value)> entries)
    {
        var bytes = new byte[2 + 12 * entries.Count + 4];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)entries.Count);
        for (var at = 0; at < entries.Count; at++)
        {
            var entry = bytes.AsSpan(2 + 12 * at);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, entries[at].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], entries[at].Type);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], entries[at].Count);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], entries[at].Value);
        }
        return bytes;
    }
}
