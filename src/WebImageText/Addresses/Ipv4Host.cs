using System.Buffers;

namespace WebImageText.Addresses;

/// <summary>The IPv4 parser of hosts, with all its old spellings: WHATWG URL Standard, section 3.5.</summary>
internal static class Ipv4Host
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>The last label is a number, so the host is an IPv4 address or none at all.</summary>
    public static bool EndsInNumber(ReadOnlySpan<char> host)
    {
        if (host.EndsWith('.'))
            host = host[..^1];
        var label = host[(host.LastIndexOf('.') + 1)..];
        return !label.IsEmpty && (label.IndexOfAnyExceptInRange('0', '9') < 0 || IsHex(label));
    }

    /// <summary>Appends the address in four decimal parts.</summary>
    public static bool TryAppend(scoped ReadOnlySpan<char> host, ref HrefBuffer to)
    {
        if (host.EndsWith('.'))
            host = host[..^1];
        ulong address = 0;
        for (var part = 0; ; part++)
        {
            var dot = host.IndexOf('.');
            if (part > 3 || !TryRead(dot < 0 ? host : host[..dot], out var number))
                return false;
            if (dot < 0)
            {
                // The last number fills all the bytes that are left.
                if (number >= 1UL << 8 * (4 - part))
                    return false;
                Append((uint)(address | number), ref to);
                return true;
            }
            if (number > 255)
                return false;
            address |= number << 8 * (3 - part);
            host = host[(dot + 1)..];
        }
    }

    private static void Append(uint address, ref HrefBuffer to)
    {
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            to.Append(address >> shift & 255);
            if (shift > 0)
                to.Append('.');
        }
    }

    /// <summary>Reads a decimal, octal (0...) or hexadecimal (0x...) number; too large for 32 bits reads as 2^32.</summary>
    private static bool TryRead(ReadOnlySpan<char> text, out ulong number)
    {
        number = 0;
        if (text.IsEmpty)
            return false;
        var radix = IsHex(text) ? 16u : text.Length > 1 && text[0] == '0' ? 8u : 10u;
        text = text[(radix == 16 ? 2 : radix == 8 ? 1 : 0)..];
        foreach (var letter in text)
        {
            if (!char.IsAsciiHexDigit(letter) || PercentEncoding.HexValue(letter) >= radix)
                return false;
            number = Math.Min(number * radix + PercentEncoding.HexValue(letter), 1UL << 32);
        }
        return true;
    }

    private static bool IsHex(ReadOnlySpan<char> label) =>
        label is ['0', 'x' or 'X', .. var digits] && digits.IndexOfAnyExcept(HexDigits) < 0;
}
