using System.Net;
using System.Net.Sockets;

namespace WebImageText.Crawl.Addresses;

/// <summary>
/// Which IP addresses are on the public internet: those that the special-purpose registries of IANA (RFC 6890 and its
/// successors) do not set aside. A form that carries an IPv4 address is judged by that address.
/// </summary>
public static class PublicNetworks
{
    private static readonly (IPNetwork Network, string Name)[] NotPublic4 =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "this network"),
        (IPNetwork.Parse("10.0.0.0/8"), "private use"),
        (IPNetwork.Parse("100.64.0.0/10"), "shared by carriers"),
        (IPNetwork.Parse("127.0.0.0/8"), "loopback"),
        (IPNetwork.Parse("168.63.129.16/32"), "host of a cloud's machines"),
        (IPNetwork.Parse("169.254.0.0/16"), "link-local, cloud metadata"),
        (IPNetwork.Parse("172.16.0.0/12"), "private use"),
        (IPNetwork.Parse("192.0.0.0/24"), "protocol assignments"),
        (IPNetwork.Parse("192.0.2.0/24"), "documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "6to4 relays, withdrawn"),
        (IPNetwork.Parse("192.168.0.0/16"), "private use"),
        (IPNetwork.Parse("198.18.0.0/15"), "benchmarks"),
        (IPNetwork.Parse("198.51.100.0/24"), "documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved"),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    // Of the global unicast space. Everything outside it is link-local, unique local, multicast, or not allocated.
    private static readonly (IPNetwork Network, string Name)[] NotPublic6 =
    [
        (IPNetwork.Parse("2001::/23"), "protocol assignments, Teredo"),
        (IPNetwork.Parse("2001:db8::/32"), "documentation"),
        (IPNetwork.Parse("3fff::/20"), "documentation"),
    ];

    // Where the IPv4 address stands, in bytes: compatible (RFC 4291, 2.5.5), NAT64 (RFC 6052), 6to4 (RFC 3056).
    private static readonly (IPNetwork Network, int At)[] Carriers =
    [
        (IPNetwork.Parse("::/96"), 12),
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
    ];

    /// <summary>The address is a global unicast address that a site of the public web may have.</summary>
    public static bool IsPublic(IPAddress address) => WhyNotPublic(address) is null;

    /// <summary>What an address is set aside for; null for one that is public.</summary>
    public static string? WhyNotPublic(IPAddress address)
    {
        address = Unwrapped(address);
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return NameOf(address, NotPublic4);
        return GlobalUnicast.Contains(address) ? NameOf(address, NotPublic6) : "no global unicast address";
    }

    /// <summary>The IPv4 address that an IPv6 form carries; every other address itself.</summary>
    public static IPAddress Unwrapped(IPAddress address)
    {
        // First of all: IPNetwork answers wrongly for mapped addresses (2000::/3 contains ::ffff:10.0.0.1, it says).
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return address;
        foreach (var (network, at) in Carriers)
            if (network.Contains(address))
                return new(address.GetAddressBytes().AsSpan(at, 4));
        return address;
    }

    private static string? NameOf(IPAddress address, (IPNetwork Network, string Name)[] networks)
    {
        foreach (var (network, name) in networks)
            if (network.Contains(address))
                return name;
        return null;
    }
}
