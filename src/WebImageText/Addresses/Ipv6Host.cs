using System.Globalization;

namespace WebImageText.Addresses;

/// <summary>The IPv6 parser and serialiser of hosts: WHATWG URL Standard, section 3.5.</summary>
internal static class Ipv6Host
{
    /// <summary>Appends the address in its shortest form, with brackets.</summary>
    /// <param name="text">What stands between the brackets.</param>
    /// <param name="to">Unchanged when the text is no address.</param>
    public static bool TryAppend(scoped ReadOnlySpan<char> text, ref HrefBuffer to)
    {
        Span<ushort> pieces = stackalloc ushort[8];
        if (!TryRead(text, pieces))
            return false;
        var (gap, length) = LongestZeros(pieces);
        to.Append('[');
        for (var at = 0; at < pieces.Length; at++)
        {
            if (at == gap)
            {
                to.Append(at == 0 ? "::" : ":");
                at += length - 1;
                continue;
            }
            AppendHex(pieces[at], ref to);
            if (at < 7)
                to.Append(':');
        }
        to.Append(']');
        return true;
    }

    private static bool TryRead(scoped ReadOnlySpan<char> text, Span<ushort> pieces)
    {
        pieces.Clear();
        int piece = 0, gap = -1;
        if (text.StartsWith(':'))
        {
            if (!text.StartsWith("::"))
                return false;
            text = text[2..];
            gap = 0;
        }
        while (!text.IsEmpty)
        {
            if (piece == 8)
                return false;
            if (text[0] == ':')
            {
                if (gap >= 0)
                    return false;
                gap = piece;
                text = text[1..];
                continue;
            }
            var digits = 0;
            var value = 0u;
            while (digits < Math.Min(4, text.Length) && char.IsAsciiHexDigit(text[digits]))
                value = value << 4 | PercentEncoding.HexValue(text[digits++]);
            if (digits < text.Length && text[digits] == '.')
            {
                if (digits == 0 || piece > 6 || !TryReadIpv4(text, pieces[piece..]))
                    return false;
                piece += 2;
                break;
            }
            text = text[digits..];
            if (text is [':', .. var next])
            {
                if (next.IsEmpty)
                    return false;
                text = next;
            }
            else if (!text.IsEmpty)
                return false;
            pieces[piece++] = (ushort)value;
        }
        if (gap < 0 || piece == 8)
            return gap < 0 && piece == 8; // a gap stands for one piece at least
        // What was read after the gap belongs at the end; between them are zeros.
        var after = pieces[gap..piece];
        after.CopyTo(pieces[(8 - after.Length)..]);
        pieces[gap..(8 - after.Length)].Clear();
        return true;
    }

    /// <summary>The last two pieces may be written as an IPv4 address: four decimal numbers without leading zeros.</summary>
    private static bool TryReadIpv4(ReadOnlySpan<char> text, Span<ushort> pieces)
    {
        for (var part = 0; part < 4; part++)
        {
            var dot = text.IndexOf('.');
            var number = dot < 0 ? text : text[..dot];
            if (part < 3 == dot < 0 || number.Length is 0 or > 3 || number.IndexOfAnyExceptInRange('0', '9') >= 0 ||
                (number.Length > 1 && number[0] == '0') || !byte.TryParse(number, out var value))
                return false;
            pieces[part / 2] = (ushort)(pieces[part / 2] << 8 | value);
            text = text[(dot + 1)..];
        }
        return true;
    }

    /// <summary>The first of the longest runs of two or more zero pieces; -1 when there is none.</summary>
    private static (int At, int Length) LongestZeros(ReadOnlySpan<ushort> pieces)
    {
        var longest = (At: -1, Length: 1);
        for (var at = 0; at < pieces.Length;)
        {
            var run = pieces[at..].IndexOfAnyExcept((ushort)0) is >= 0 and var end ? end : pieces.Length - at;
            if (run > longest.Length)
                longest = (at, run);
            at += run + 1;
        }
        return longest;
    }

    private static void AppendHex(ushort piece, ref HrefBuffer to)
    {
        Span<char> digits = stackalloc char[4];
        piece.TryFormat(digits, out var count, "x", CultureInfo.InvariantCulture);
        to.Append(digits[..count]);
    }
}
