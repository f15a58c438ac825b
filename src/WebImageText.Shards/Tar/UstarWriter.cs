using System.Text;

namespace WebImageText.Shards.Tar;

/// <summary>
/// Writes plain ustar members (POSIX.1-1988), byte for byte what Python's <c>tarfile</c> writes with USTAR_FORMAT for
/// webdataset's owner and mode and mtime 0. An extended header would cost 1,024 bytes a member and stop readers that look for
/// <c>ustar</c> in the first block.
/// </summary>
internal sealed class UstarWriter(Stream destination)
{
    public const int BlockBytes = 512;

    /// <summary>tarfile and GNU tar fill the last record up with zeros.</summary>
    public const int RecordBytes = 20 * BlockBytes;

    private const int LongestName = 100;
    private static readonly byte[] Zeros = new byte[RecordBytes];

    private readonly byte[] _header = new byte[BlockBytes];

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    public async ValueTask AddAsync(string name, ReadOnlyMemory<byte> content, CancellationToken stop)
    {
        WriteHeader(_header, name, content.Length);
        await destination.WriteAsync(_header, stop);
        await destination.WriteAsync(content, stop);
        Length += BlockBytes + content.Length;
        await FillAsync(BlockBytes, stop);
    }

    /// <summary>Two blocks of zeros end the archive; without them it is cut.</summary>
    public async ValueTask FinishAsync(CancellationToken stop)
    {
        await destination.WriteAsync(Zeros.AsMemory(0, 2 * BlockBytes), stop);
        Length += 2 * BlockBytes;
        await FillAsync(RecordBytes, stop);
    }

    private async ValueTask FillAsync(int unit, CancellationToken stop)
    {
        var rest = (int)(Length % unit);
        if (rest == 0)
            return;
        await destination.WriteAsync(Zeros.AsMemory(0, unit - rest), stop);
        Length += unit - rest;
    }

    internal static void WriteHeader(Span<byte> header, string name, long size)
    {
        if (name.Length > LongestName || !Ascii.IsValid(name))
            throw new ArgumentException($"'{name}' does not fit a ustar header: at most {LongestName} ASCII characters.", nameof(name));
        header.Clear();
        Encoding.ASCII.GetBytes(name, header);
        "0000444\0"u8.CopyTo(header[100..]);      // mode
        "0000000\0"u8.CopyTo(header[108..]);      // uid
        "0000000\0"u8.CopyTo(header[116..]);      // gid
        WriteOctal(header.Slice(124, 11), size);
        "00000000000\0"u8.CopyTo(header[136..]);  // mtime
        "        "u8.CopyTo(header[148..]);       // the checksum counts its own field as blanks
        header[156] = (byte)'0';                  // a regular file
        "ustar\000"u8.CopyTo(header[257..]);
        "bigdata"u8.CopyTo(header[265..]);        // uname and gname, as webdataset writes them
        "bigdata"u8.CopyTo(header[297..]);
        var sum = 0;
        foreach (var value in header)
            sum += value;
        WriteOctal(header.Slice(148, 6), sum);
        header[154] = 0;
    }

    private static void WriteOctal(Span<byte> digits, long value)
    {
        for (var at = digits.Length - 1; at >= 0; at--, value >>= 3)
            digits[at] = (byte)('0' + (value & 7));
        if (value != 0)
            throw new ArgumentOutOfRangeException(nameof(value), "A member of a ustar archive is smaller than 8 GiB.");
    }
}
