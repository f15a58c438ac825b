using System.Net;
using System.Net.Sockets;

namespace WebImageText.Cli.Cluster;

/// <summary>Ports of this machine that nobody listens on: a moment later somebody may.</summary>
internal static class LoopbackPorts
{
    /// <summary>One.</summary>
    public static int Free() => Free(1)[0];

    /// <summary>So many different ones.</summary>
    public static int[] Free(int count)
    {
        TcpListener[] probes = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (var probe in probes)
            probe.Start();
        int[] ports = [.. probes.Select(probe => ((IPEndPoint)probe.LocalEndpoint).Port)];
        foreach (var probe in probes)
            probe.Dispose();
        return ports;
    }
}
