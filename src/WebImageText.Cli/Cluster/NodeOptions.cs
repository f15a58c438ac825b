using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using WebImageText.Cli.Terminal;
using WebImageText.Pipeline;

namespace WebImageText.Cli.Cluster;

/// <summary>The options by which a process takes part in a cluster.</summary>
internal sealed class NodeOptions
{
    private readonly Option<string[]> _roles = new Option<string[]>("--role")
    {
        Description = "What this node does (repeatable): crawl fetches, judges and stages; curate owns queries, claims and copies; write owns ledger and run",
        DefaultValueFactory = _ => ["all"],
    }.AcceptOnlyFromAmong([.. Roles.All, "all"]);

    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Address and port on which other nodes reach this one",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => "127.0.0.1:4053",
    };

    private readonly Option<string[]> _seeds = new("--seed")
    {
        Description = "Nodes of the cluster to join by (repeatable): HOST:PORT, or a DNS name with port that has an address for each of them; the first one may begin the cluster",
        HelpName = "HOST:PORT",
        Required = true,
    };

    private readonly Option<string?> _certificates = new("--certs")
    {
        Description = "Folder with ca.pem, node.pem and node.key ('wit certs'): mutual TLS between nodes",
        HelpName = "DIR",
    };

    private readonly Option<bool> _insecure = new("--insecure")
    {
        Description = "Listen beyond loopback without certificates: everybody who reaches the port can do everything",
    };

    /// <summary>To join by; a node that only speaks to a cluster listens on a free port.</summary>
    public IEnumerable<Option> ToJoin => [_seeds, _certificates, _insecure];

    /// <summary>To be a node.</summary>
    public IEnumerable<Option> ToServe => [_roles, _listen, .. ToJoin];

    /// <summary>Checks what belongs together.</summary>
    /// <exception cref="UserErrorException">Something does not fit.</exception>
    public NodeSettings Read(ParseResult parsed, string journal)
    {
        var (host, port) = Endpoint(parsed.GetRequiredValue(_listen), _listen.Name);
        var roles = parsed.GetRequiredValue(_roles);
        var certificates = Certificates(parsed);
        if (certificates is null && !parsed.GetValue(_insecure) && !IPAddress.IsLoopback(Address(host)))
            throw UserErrorException.Usage($"'{host}' can be reached from outside. Give --certs DIR (made by 'wit certs'), or --insecure if the network is closed.");
        return new()
        {
            Host = host,
            Port = port,
            Seeds = Seeds(parsed),
            Roles = roles.Contains("all") ? Roles.All : roles,
            Journal = journal,
            Certificates = certificates,
        };
    }

    /// <summary>The seeds, a name that stands for several resolved.</summary>
    public IReadOnlyList<string> Seeds(ParseResult parsed) =>
    [
        .. parsed.GetRequiredValue(_seeds).SelectMany(seed => Expand(seed, _seeds.Name)),
    ];

    private static IEnumerable<string> Expand(string seed, string option)
    {
        var (host, port) = Endpoint(seed, option);
        return IPAddress.TryParse(host, out _) || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            ? [seed]
            : Resolved(host).Select(address => $"{address}:{port}").Order(StringComparer.Ordinal);
    }

    /// <summary>The certificates, where a folder is given.</summary>
    public NodeCertificates? Certificates(ParseResult parsed)
    {
        if (parsed.GetValue(_certificates) is not { } folder)
            return null;
        try
        {
            return NodeCertificates.Load(folder);
        }
        catch (Exception fault) when (fault is IOException or CryptographicException)
        {
            throw UserErrorException.Usage($"The certificates in '{folder}' cannot be used: {fault.Message} 'wit certs --out {folder}' makes them.");
        }
    }

    private static (string Host, int Port) Endpoint(string text, string option)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? (text[..colon], port)
            : throw UserErrorException.Usage($"'{text}' is not HOST:PORT (option {option}).");
    }

    private static IPAddress Address(string host) =>
        IPAddress.TryParse(host, out var address) ? address : Resolved(host)[0];

    private static IPAddress[] Resolved(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host) is { Length: > 0 } found ? found : throw new System.Net.Sockets.SocketException();
        }
        catch (System.Net.Sockets.SocketException)
        {
            throw UserErrorException.Usage($"The name '{host}' does not resolve.");
        }
    }
}
