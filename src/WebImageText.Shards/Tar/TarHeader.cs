using System.Text;

namespace WebImageText.Shards.Tar;

/// <summary>One header block, read with distrust.</summary>
/// <param name="Name">Path as stored; prefix and name joined.</param>
/// <param name="Size">Bytes of content that follow.</param>
/// <param name="Type">Type flag.</param>
internal readonly record struct TarHeader(string Name, long Size, char Type)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A regular file: POSIX, old, contiguous.</summary>
    public bool IsFile => Type is '0' or '\0' or '7';

    /// <summary>Links, devices and folders have no content, whatever their size field says.</summary>
    public bool HasContent => Type is not ('1' or '2' or '3' or '4' or '5' or '6');

    /// <exception cref="FormatException">The block is no header.</exception>
    public static TarHeader Parse(ReadOnlySpan<byte> block)
    {
        if (!block.Slice(257, 5).SequenceEqual("ustar"u8))
            throw new FormatException(block.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])
                ? "this is a gzip file; unpack it first"
                : "there is no ustar header");
        if (!HasRightChecksum(block))
            throw new FormatException("the checksum of the header is wrong");
        var name = Text(block[..100]);
        var isPosix = block[262] == 0; // GNU's header ("ustar  ") uses the place of the prefix for other things
        var prefix = isPosix ? Text(block.Slice(345, 155)) : "";
        return new(prefix.Length == 0 ? name : $"{prefix}/{name}", Octal(block.Slice(124, 12)), (char)block[156]);
    }

    /// <summary>Text up to the first NUL, UTF-8.</summary>
    public static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        try
        {
            return Utf8.GetString(end < 0 ? field : field[..end]);
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("a name is not UTF-8");
        }
    }

    private static bool HasRightChecksum(ReadOnlySpan<byte> block)
    {
        var (unsigned, signed) = (8 * ' ', 8 * ' '); // some old writers sum signed bytes
        for (var at = 0; at < block.Length; at++)
        {
            if (at is >= 148 and < 156)
                continue;
            unsigned += block[at];
            signed += (sbyte)block[at];
        }
        var stated = Octal(block.Slice(148, 8));
        return stated == unsigned || stated == signed;
    }

    private static long Octal(ReadOnlySpan<byte> field)
    {
        var digits = field.Trim((ReadOnlySpan<byte>)[(byte)' ', 0]);
        var value = 0L;
        foreach (var digit in digits)
            value = digit is >= (byte)'0' and <= (byte)'7'
                ? (value << 3) + digit - '0'
                : throw new FormatException("a number in the header is not octal");
        return value;
    }
}
