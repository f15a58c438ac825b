using System.Collections.Frozen;
using System.IO.Enumeration;
using System.Net;

namespace WebImageText.Crawl.Addresses;

/// <summary>
/// Which addresses may be fetched at all: http and https, on the ports of the web, at hosts of the public web. Asked before a
/// name is resolved, for every hop of a redirect, and again with the resolver's answer: only that second check is proof.
/// </summary>
public sealed class AddressPolicy
{
    private readonly FrozenSet<int> _ports;
    private readonly IPNetwork[] _networks;
    private readonly FrozenSet<(string Host, int Port)> _authorities;
    private readonly string[] _names;
    private readonly int _maxLength;

    /// <summary>A policy by these options.</summary>
    /// <exception cref="FormatException">An option cannot be read; the message says which, and how to write it.</exception>
    public AddressPolicy(AddressOptions options)
    {
        _ports = options.Ports.Select(ValidPort).Append(80).Append(443).ToFrozenSet();
        _networks = [.. options.AllowedNetworks.Select(ParseNetwork)];
        _authorities = options.AllowedAuthorities.Select(ParseAuthority).ToFrozenSet();
        _names = [.. options.AllowedNames];
        _maxLength = options.MaxLength is >= 100 and <= 65536
            ? options.MaxLength
            : throw new FormatException($"MaxLength is {options.MaxLength}: give 100-65536 characters.");
    }

    /// <summary>Why an address is not fetched; null when it may be, provided that its host's addresses are public.</summary>
    public Drop? Judge(WebAddress address)
    {
        if (!address.IsWeb)
            return new(DropReason.Blocked, $"scheme {address.Scheme[..Math.Min(address.Scheme.Length, 20)]}");
        if (address.Href.Length > _maxLength)
            return new(DropReason.Blocked, $"address of {address.Href.Length} characters");
        if (address.HasCredentials)
            return new(DropReason.Blocked, "user name or password in the address");
        if (_authorities.Contains((address.Host, address.Port)))
            return null;
        var ip = address.IsIpAddress ? IPAddress.Parse(address.Host) : null;
        if (ip is not null && ResolvedAddresses.IsIn(ip, _networks))
            return null;
        if (!_ports.Contains(address.Port))
            return new(DropReason.Blocked, $"port {address.Port}");
        if (ip is not null)
            return ResolvedAddresses.Judge(ip, _networks);
        var isAllowed = _names.Any(name => FileSystemName.MatchesSimpleExpression(name, address.Host));
        return isAllowed ? null : HostNames.Judge(address.Host);
    }

    /// <summary>Why nothing that a host resolved to is connected to; null when every answer may be.</summary>
    /// <param name="host">The name that was resolved.</param>
    /// <param name="answers">Everything the resolver said. Connect to one of these, and do not ask again.</param>
    public Drop? Judge(string host, IReadOnlyList<IPAddress> answers) => ResolvedAddresses.Judge(host, answers, _networks);

    /// <summary>The same for a host and port, which an allowed authority opens wherever it is.</summary>
    public Drop? Judge(string host, int port, IReadOnlyList<IPAddress> answers) =>
        answers.Count > 0 && _authorities.Contains((Bracketed(host), port)) ? null : Judge(host, answers);

    // An end point names an IPv6 address without the brackets that it has in addresses.
    private static string Bracketed(string host) => host.Contains(':') && !host.StartsWith('[') ? $"[{host}]" : host;

    private static int ValidPort(int port) => port is > 0 and < 65536
        ? port
        : throw new FormatException($"Ports has {port}: give 1-65535.");

    private static IPNetwork ParseNetwork(string text) => IPNetwork.TryParse(text, out var network)
        ? network
        : throw new FormatException($"AllowedNetworks has '{text}': give a network as 10.1.0.0/16 or fd00::/8.");

    private static (string Host, int Port) ParseAuthority(string text) =>
        text.LastIndexOf(':') > text.LastIndexOf(']') && char.IsAsciiDigit(text[^1]) &&
        WebAddress.TryParse($"http://{text}/", null, out var address) && address.Path == "/" && !address.HasCredentials
            ? (address.Host, address.Port)
            : throw new FormatException($"AllowedAuthorities has '{text}': give a host and a port, as localhost:8080.");
}
