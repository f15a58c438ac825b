using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;

namespace WebImageText.Pipeline.Staging;

/// <summary>
/// One file of staged verdicts: a heading, then records of length, CRC-32C, JSON and image. Appended only; a record that a
/// crash cut off is found by its length or checksum, and cut away at the next start.
/// </summary>
/// <remarks>Record: u32 bytes of JSON, u32 bytes of image, u32 CRC-32C of both lengths, JSON and image; all little-endian.</remarks>
internal static class Segment
{
    private const int HeadBytes = 12;
    private const int MostJson = 16 * 1024 * 1024;

    private static ReadOnlySpan<byte> Heading => "wit-staging 1\n"u8;

    /// <summary>Begins an empty segment.</summary>
    public static void Begin(Stream file) => file.Write(Heading);

    /// <summary>Appends a verdict; it is durable once the file is flushed to disk.</summary>
    public static void Append(Stream file, Verdict verdict)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(StoredVerdict.Of(verdict), VerdictJson.Default.StoredVerdict);
        var image = verdict is Verdict.Kept kept ? kept.Pair.Image : default;
        Span<byte> head = stackalloc byte[HeadBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)json.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], (uint)image.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], Checksum(head[..8], json, image.Span));
        file.Write(head);
        file.Write(json);
        file.Write(image.Span);
    }

    /// <summary>
    /// Reads verdicts from the start up to the first record that is not whole; <paramref name="whole"/> is then told where
    /// the whole records end.
    /// </summary>
    public static IEnumerable<Verdict> Read(Stream file, Action<long>? whole = null)
    {
        var heading = new byte[Heading.Length];
        var good = 0L;
        if (file.ReadAtLeast(heading, heading.Length, throwOnEndOfStream: false) == heading.Length && heading.AsSpan().SequenceEqual(Heading))
        {
            good = file.Position;
            while (ReadOne(file) is { } verdict)
            {
                good = file.Position;
                yield return verdict;
            }
        }
        whole?.Invoke(good);
    }

    private static Verdict? ReadOne(Stream file)
    {
        var head = new byte[HeadBytes];
        if (file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) < HeadBytes)
            return null;
        var json = BinaryPrimitives.ReadUInt32LittleEndian(head);
        var image = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
        if (json > MostJson || json + (long)image > file.Length - file.Position)
            return null;
        var text = ArrayPool<byte>.Shared.Rent((int)json);
        try
        {
            var jsonBytes = text.AsMemory(0, (int)json);
            var imageBytes = new byte[image];
            file.ReadExactly(jsonBytes.Span);
            file.ReadExactly(imageBytes);
            if (Checksum(head.AsSpan(0, 8), jsonBytes.Span, imageBytes) != BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8)))
                return null;
            return JsonSerializer.Deserialize(jsonBytes.Span, VerdictJson.Default.StoredVerdict)?.With(imageBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> head, ReadOnlySpan<byte> json, ReadOnlySpan<byte> image) =>
        Add(Add(Add(~0u, head), json), image);

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}
