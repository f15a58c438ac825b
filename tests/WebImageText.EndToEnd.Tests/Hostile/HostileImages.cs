using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using NetVips;
using WebImageText.Curate.Pixels;

namespace WebImageText.Tests.Hostile;

/// <summary>Files that want more of a decoder than they are worth.</summary>
internal static class HostileImages
{
    private static int _seed = 7_000;

    /// <summary>A photograph that no other is like.</summary>
    public static byte[] Good() => MadePhoto.Jpeg(Interlocked.Increment(ref _seed), 320, 240);

    /// <summary>A PNG whose header says what it likes, with rows of nothing.</summary>
    /// <param name="width">Declared.</param>
    /// <param name="height">Declared.</param>
    /// <param name="rows">Rows that are really there.</param>
    /// <param name="extra">Chunks between header and pixels.</param>
    public static byte[] Png(int width, int height, int rows, params byte[][] extra)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 0); // 8-bit grey
        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. PngChunk("IHDR", header), .. extra.SelectMany(chunk => chunk), .. PngChunk("IDAT", Zeros((width + 1L) * rows)), .. PngChunk("IEND", [])];
    }

    /// <summary>A text or colour profile of zeros, compressed.</summary>
    public static byte[] PngBomb(string type, long length) => PngChunk(type, [.. "Comment\0\0"u8, .. Zeros(length)]);

    public static byte[] PngChunk(string type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    /// <summary>A good GIF of many frames.</summary>
    public static byte[] GifFlood(int frames)
    {
        using var still = Image.NewFromBuffer(Good());
        var gif = still.GifsaveBuffer(dither: 0, effort: 1);
        // Up to the trailer it is one frame; what follows are frames of one pixel.
        byte[] frame = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
        return [.. gif[..^1], .. Enumerable.Repeat(frame, frames).SelectMany(bytes => bytes), 0x3B];
    }

    /// <summary>A JPEG whose frame says other sides than its scan has.</summary>
    public static byte[] JpegOf(int width, int height)
    {
        var jpeg = Good();
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), (ushort)width);
        return jpeg;
    }

    /// <summary>As large as is allowed, of one colour, in some format.</summary>
    public static byte[] Large(int width, int height, Func<Image, byte[]> save)
    {
        using var black = Image.Black(width, height, 3);
        using var grey = (black + 90).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        return save(grey);
    }

    /// <summary>An extended WebP that declares a canvas of 16,384 by 16,384.</summary>
    public static byte[] WebpCanvas()
    {
        byte[] body = [.. "WEBPVP8X"u8, 10, 0, 0, 0, 0x02, 0, 0, 0, 0xFF, 0x3F, 0, 0xFF, 0x3F, 0, .. "ANIM"u8, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        return [.. "RIFF"u8, (byte)body.Length, 0, 0, 0, .. body];
    }

    /// <summary>A little-endian TIFF that declares sides and a strip of more bytes than there are.</summary>
    public static byte[] TiffHuge()
    {
        (ushort Tag, ushort Type, uint Value)[] entries =
        [
            (256, 4, 2_000_000_000), (257, 4, 2_000_000_000), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1), (278, 4, 2_000_000_000), (279, 4, 0xFFFFFFFF),
        ];
        var tiff = new byte[8 + 2 + 12 * entries.Length + 4];
        "II*\0"u8.CopyTo(tiff);
        tiff[4] = 8;
        BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(8), (ushort)entries.Length);
        for (var at = 0; at < entries.Length; at++)
        {
            var entry = tiff.AsSpan(10 + 12 * at);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, entries[at].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], entries[at].Type);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], 1);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], entries[at].Value);
        }
        return tiff;
    }

    /// <summary>A good file with some bytes changed behind its header: what comes of it is anybody's guess, but not a crash.</summary>
    public static byte[] Fuzzed(int seed)
    {
        var random = new Random(seed);
        var file = Good();
        if (seed % 3 > 0)
        {
            using var image = Image.NewFromBuffer(file);
            file = seed % 3 == 1 ? image.PngsaveBuffer() : image.WebpsaveBuffer(q: 70);
        }
        for (var n = 0; n < 40; n++)
            file[random.Next(16, file.Length)] = (byte)random.Next(256);
        return file;
    }

    private static byte[] Zeros(long length)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var block = new byte[1 << 16];
            for (; length > 0; length -= block.Length)
                deflate.Write(block.AsSpan(0, (int)Math.Min(length, block.Length)));
        }
        return packed.ToArray();
    }
}
