using System.Buffers.Binary;

namespace WebImageText.Curate.Pixels;

/// <summary>
/// What a decoder holds at once, told from the header. Most formats come row by row; these do not, and a few kilobytes of them
/// ask for gigabytes.
/// </summary>
internal static class DecoderMemory
{
    /// <summary>
    /// More is refused, bytes: what a machine has for its one big picture at a time (docs/ARCHITECTURE.md, bounds). A progressive
    /// JPEG comes to it at 66 M pixels, or at 33 M when its colours are not subsampled; one that is not, at no size.
    /// </summary>
    public const long Most = 200_000_000;

    private const long Much = 100_000_000;

    /// <summary>Bytes that the decoder of a JPEG holds for the whole picture; 0 when it goes row by row.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="header">Of it.</param>
    public static long Of(ReadOnlySpan<byte> bytes, JpegHeader header) =>
        // ITU-T T.81, annex G: every scan refines coefficients, 16 bits each, of the whole picture. Several scans need the same.
        header.IsProgressive || HasSecondScan(bytes, header) ? header.Samples * sizeof(short) : 0;

    /// <summary>The same for a format that is no JPEG.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="bytes">The whole file.</param>
    /// <param name="width">Declared, pixels.</param>
    /// <param name="height">Declared, pixels.</param>
    /// <param name="samples">Bytes of one decoded pixel.</param>
    public static long Of(ImageKind kind, ReadOnlySpan<byte> bytes, int width, int height, int samples)
    {
        var area = (long)width * height;
        return kind switch
        {
            // PNG, section 11.2.2: the last byte of the header chunk is the interlace method.
            ImageKind.Png when bytes.Length > 28 && bytes[28] == 1 => area * samples,
            ImageKind.Webp when IsLossless(bytes) => area * 4,
            // Measured: 4.5 bytes a pixel.
            ImageKind.Gif => area * 5,
            ImageKind.Avif => area * 2 * samples,
            ImageKind.Tiff => area * samples,
            _ => 0,
        };
    }

    /// <summary>Why an image is not decoded whose decoder needs so much; null when it is modest.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="width">Declared, pixels.</param>
    /// <param name="height">Declared, pixels.</param>
    /// <param name="needed">Bytes. They are the same however small the picture is to become.</param>
    public static Drop? Judge(ImageKind kind, int width, int height, long needed) => needed > Most
        ? new(DropReason.TooManyPixels, $"{width}x{height}, which a decoder of {Wording(kind)} holds as a whole: {needed / 1_000_000} MB, most {Most / 1_000_000}")
        : null;

    private static string Wording(ImageKind kind) => kind switch
    {
        ImageKind.Jpeg => "progressive jpeg",
        ImageKind.Png => "interlaced png",
        ImageKind.Webp => "lossless webp",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Before a decoder takes much, which the collector knows nothing of, what the heap holds for nothing is given back.</summary>
    public static void MakeRoom(long needed)
    {
        if (needed > Much)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    // One component a scan, not interleaved: the decoder must keep them all.
    private static bool HasSecondScan(ReadOnlySpan<byte> bytes, JpegHeader header)
    {
        var scan = bytes.IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        return header.Components > 1 && scan >= 0 && scan + 4 < bytes.Length
            && BinaryPrimitives.ReadUInt16BigEndian(bytes[(scan + 2)..]) >= 3 && bytes[scan + 4] < header.Components;
    }

    // RFC 9649, section 2.7: the first chunk of pixels is VP8L, in a file that has no extended header or behind it.
    private static bool IsLossless(ReadOnlySpan<byte> bytes) => bytes[..Math.Min(bytes.Length, 4_096)].IndexOf("VP8L"u8) >= 0;
}
