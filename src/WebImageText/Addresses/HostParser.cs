using System.Buffers;
using System.Text;

namespace WebImageText.Addresses;

/// <summary>The host parser: WHATWG URL Standard, section 3.5.</summary>
/// <remarks>
/// Broken <c>xn--</c> labels fail, as the standard had it until June 2026; since then it lets them pass where the whole name
/// is ASCII. They name nothing that a registry has sold.
/// </remarks>
internal static class HostParser
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\0\t\n\r #/:<>?@[\\]^|");

    private static readonly SearchValues<char> ForbiddenInDomain = SearchValues.Create(
        [.. "%\x7F #/:<>?@[\\]^|", .. Enumerable.Range(0, 32).Select(control => (char)control)]);

    /// <summary>Appends the host in its one form: a name in lower-case ASCII, an IPv4 or a bracketed IPv6 address.</summary>
    /// <param name="text">As it stands in the address, not empty unless the scheme is not special.</param>
    /// <param name="special">The scheme is one whose hosts are domains.</param>
    /// <param name="to">Takes the host.</param>
    public static bool TryAppend(scoped ReadOnlySpan<char> text, bool special, ref HrefBuffer to)
    {
        if (text.StartsWith('['))
            return text.EndsWith(']') && Ipv6Host.TryAppend(text[1..^1], ref to);
        if (special)
            return TryAppendDomain(text, ref to);
        if (text.ContainsAny(Forbidden))
            return false;
        PercentEncoding.Append(text, PercentEncoding.KeptInOpaquePath, ref to);
        return true;
    }

    private static bool TryAppendDomain(scoped ReadOnlySpan<char> text, ref HrefBuffer to)
    {
        if (text.Contains('%'))
            text = PercentEncoding.Decode(text);
        var from = to.Length;
        if (Ascii.IsValid(text) && !text.Contains(Punycode.Prefix, StringComparison.OrdinalIgnoreCase))
            to.AppendLower(text);
        else if (InternationalName.ToAscii(text) is { } ascii)
            to.Append(ascii);
        else
            return false;
        var host = to.Written[from..];
        if (host.IsEmpty || host.ContainsAny(ForbiddenInDomain))
            return false;
        if (!Ipv4Host.EndsInNumber(host))
            return true;
        var number = host.ToString();
        to.Truncate(from);
        return Ipv4Host.TryAppend(number, ref to);
    }
}
