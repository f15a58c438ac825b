namespace WebImageText.Pipeline;

/// <summary>What a node does in a cluster.</summary>
public static class Roles
{
    /// <summary>Fetches pages and images, judges and stages them.</summary>
    public const string Crawl = "crawl";

    /// <summary>Owns queries, claims and the index of pictures.</summary>
    public const string Curate = "curate";

    /// <summary>Owns the ledger and the run.</summary>
    public const string Write = "write";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All => [Crawl, Curate, Write];
}

/// <summary>How a node takes part in a cluster. The defaults are a cluster of one, on loopback, with SQLite.</summary>
public sealed class NodeSettings
{
    /// <summary>Address on which other nodes reach this one.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Port for other nodes; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Other nodes as <c>host:port</c>; none for a cluster of one. The first one of the list may begin the cluster.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>What this node does.</summary>
    public IReadOnlyList<string> Roles { get; init; } = Pipeline.Roles.All;

    /// <summary>Where events are kept: a SQLite file, or a PostgreSQL connection string (<c>Host=...;Database=...</c>) that all nodes share.</summary>
    public required string Journal { get; init; }

    /// <summary>Certificates for mutual TLS between nodes; null for none.</summary>
    public NodeCertificates? Certificates { get; init; }

    internal bool IsPostgres => Journal.Contains("Host=", StringComparison.OrdinalIgnoreCase);

    internal string Protocol => Certificates is null ? "akka.tcp" : "akka.ssl.tcp";
}
