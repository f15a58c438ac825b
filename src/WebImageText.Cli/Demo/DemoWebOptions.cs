using System.Net;

namespace WebImageText.Cli.Demo;

/// <summary>Settings of the demo's web.</summary>
internal sealed record DemoWebOptions
{
    /// <summary>Where the query list, the seeds and the evaluation set are written; made if it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>Everything is drawn from it. The expectations were checked for the default.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where it listens: this machine alone, unless one of its other addresses is named.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>How long a stalled answer hangs; a fetch must be given less for it to be a <c>timeout</c>. Default 20 s.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Bytes of the answers that are too large; a fetch must be allowed less. Default 64 MiB.</summary>
    public long HugeBytes { get; init; } = 64L << 20;

    /// <summary>For the log and the stalled answers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>A request that the demo's web received.</summary>
/// <param name="At">When.</param>
/// <param name="Method">GET or another.</param>
/// <param name="Host">The Host header, without a port.</param>
/// <param name="Target">Path and query as they stood in the request line.</param>
/// <param name="UserAgent">As sent; empty where it was not.</param>
internal readonly record struct DemoRequest(DateTimeOffset At, string Method, string Host, string Target, string UserAgent)
{
    /// <summary>The whole address.</summary>
    public string Address => $"http://{Host}{Target}";
}
