using System.Buffers;
using System.Collections.Frozen;

namespace WebImageText.Crawl.Addresses;

/// <summary>Which host names may name a site of the public web, by their text alone.</summary>
internal static class HostNames
{
    private static readonly SearchValues<char> InLabel = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    // IANA's special-use names (RFC 6761 and its successors), and the top-level names that RFC 6762, appendix G, and ICANN
    // leave to private networks. None of them has, or will have, a site of the public web.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SpecialUse = new[]
    {
        "alt", "arpa", "example", "internal", "invalid", "local", "localhost", "onion", "test",
        "corp", "home", "intranet", "lan", "localdomain", "mail", "private",
    }.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Why nothing is fetched from a host of this name; null for a public name.</summary>
    /// <param name="host">In ASCII and lower case; one dot may end it.</param>
    public static Drop? Judge(string host)
    {
        var name = host.AsSpan();
        if (name.EndsWith('.'))
            name = name[..^1];
        if (!IsHostName(name))
            return new(DropReason.Blocked, $"no host name of the DNS: {Shortened(host)}");
        var top = name[(name.LastIndexOf('.') + 1)..];
        if (top.Length == name.Length)
            return new(DropReason.PrivateAddress, $"host name of one label: {host}");
        return SpecialUse.Contains(top) ? new(DropReason.PrivateAddress, $"special-use name: .{top}") : null;
    }

    /// <summary>RFC 1035, section 2.3.4: labels of 1-63 characters, 253 in all. Real names have underscores.</summary>
    private static bool IsHostName(ReadOnlySpan<char> name)
    {
        if (name.Length > 253)
            return false;
        foreach (var label in name.Split('.'))
            if (name[label].Length is 0 or > 63 || name[label].ContainsAnyExcept(InLabel))
                return false;
        return true;
    }

    private static string Shortened(string host) => host.Length <= 80 ? host : host[..80] + "...";
}
