using System.Buffers;
using System.Text;

namespace WebImageText.Addresses;

/// <summary>Percent-encoding of the parts of an address: WHATWG URL Standard, section 1.3.</summary>
/// <remarks>Each set holds the characters that stay as they are, the complement of the standard's percent-encode set.</remarks>
internal static class PercentEncoding
{
    private const string Printable =
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    public static readonly SearchValues<char> KeptInOpaquePath = SearchValues.Create(Printable);
    public static readonly SearchValues<char> KeptInFragment = PrintableWithout(" \"<>`");
    public static readonly SearchValues<char> KeptInQuery = PrintableWithout(" \"#<>");
    public static readonly SearchValues<char> KeptInSpecialQuery = PrintableWithout(" \"#<>'");
    public static readonly SearchValues<char> KeptInPath = PrintableWithout(" \"#<>?^`{}");
    public static readonly SearchValues<char> KeptInUserInfo = PrintableWithout(" \"#<>?^`{}/:;=@[\\]|");

    private static SearchValues<char> PrintableWithout(string encoded) => SearchValues.Create(
        Printable.Where(letter => !encoded.Contains(letter, StringComparison.Ordinal)).ToArray());

    /// <summary>Appends text; what is not kept becomes its UTF-8 bytes, escaped. A lone surrogate counts as U+FFFD.</summary>
    public static void Append(scoped ReadOnlySpan<char> text, SearchValues<char> kept, ref HrefBuffer to)
    {
        Span<byte> utf8 = stackalloc byte[4];
        while (text.IndexOfAnyExcept(kept) is >= 0 and var run)
        {
            to.Append(text[..run]);
            Rune.DecodeFromUtf16(text[run..], out var rune, out var used);
            foreach (var octet in utf8[..rune.EncodeToUtf8(utf8)])
                Append(octet, ref to);
            text = text[(run + used)..];
        }
        to.Append(text);
    }

    /// <summary>Appends one byte as <c>%XX</c>.</summary>
    public static void Append(byte octet, ref HrefBuffer to)
    {
        to.Append('%');
        to.Append(HexDigit(octet >> 4));
        to.Append(HexDigit(octet & 15));
    }

    /// <summary>The byte that an escape at the start of <paramref name="text"/> stands for.</summary>
    public static bool TryReadEscape(ReadOnlySpan<char> text, out byte octet)
    {
        octet = 0;
        if (text.Length < 3 || text[0] != '%' || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
            return false;
        octet = (byte)(HexValue(text[1]) << 4 | HexValue(text[2]));
        return true;
    }

    /// <summary>Undoes every escape, and reads the bytes as UTF-8.</summary>
    public static string Decode(ReadOnlySpan<char> text)
    {
        var bytes = new ArrayBufferWriter<byte>(text.Length * 2);
        while (text.IndexOf('%') is >= 0 and var percent)
        {
            Encoding.UTF8.GetBytes(text[..percent], bytes);
            var escaped = TryReadEscape(text[percent..], out var octet);
            bytes.Write([escaped ? octet : (byte)'%']);
            text = text[(percent + (escaped ? 3 : 1))..];
        }
        Encoding.UTF8.GetBytes(text, bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static char HexDigit(int value) => "0123456789ABCDEF"[value];

    /// <summary>A letter, a digit or one of <c>-._~</c>: escaped or not, it is the same (RFC 3986, section 2.3).</summary>
    public static bool IsUnreserved(byte octet) => char.IsAsciiLetterOrDigit((char)octet) || "-._~".Contains((char)octet);

    /// <summary>The value, 0-15, of a hexadecimal digit.</summary>
    public static uint HexValue(char digit) => (uint)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
}
