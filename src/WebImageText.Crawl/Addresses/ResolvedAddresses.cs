using System.Net;

namespace WebImageText.Crawl.Addresses;

/// <summary>Judges a resolver's whole answer: one address that is not public refuses it all.</summary>
internal static class ResolvedAddresses
{
    /// <summary>Why nothing of the answer is connected to; null when every address may be.</summary>
    /// <param name="host">The name that was resolved, for the detail.</param>
    /// <param name="answers">Every address of the answer.</param>
    /// <param name="allowed">Networks that count as public.</param>
    public static Drop? Judge(string host, IReadOnlyList<IPAddress> answers, IReadOnlyList<IPNetwork> allowed)
    {
        if (answers.Count == 0)
            return new(DropReason.DnsError, $"{host} has no address");
        foreach (var answer in answers)
            if (Judge(answer, allowed) is { } drop)
                return drop with { Detail = $"{host} is {drop.Detail}" };
        return null;
    }

    /// <summary>Why this one address is not connected to; null when it may be.</summary>
    public static Drop? Judge(IPAddress address, IReadOnlyList<IPNetwork> allowed) =>
        PublicNetworks.WhyNotPublic(address) is { } why && !IsIn(address, allowed)
            ? new(DropReason.PrivateAddress, $"{address} ({why})")
            : null;

    /// <summary>The address, or the IPv4 address that it carries, is in one of the networks.</summary>
    public static bool IsIn(IPAddress address, IReadOnlyList<IPNetwork> networks)
    {
        var carried = PublicNetworks.Unwrapped(address);
        foreach (var network in networks)
            if (network.Contains(carried) || (!address.IsIPv4MappedToIPv6 && network.Contains(address)))
                return true;
        return false;
    }
}
