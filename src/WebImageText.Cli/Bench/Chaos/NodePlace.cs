using System.Net;

namespace WebImageText.Cli.Bench.Chaos;

/// <summary>Where a node of the cluster under fire lives.</summary>
/// <param name="Address">Where other nodes reach it.</param>
/// <param name="Port">A port of its own, also where the addresses differ.</param>
/// <param name="Within">Words before the program that put it into its place; they become the program.</param>
/// <param name="Security">Its words for <c>--certs</c>; none on loopback.</param>
internal sealed record NodePlace(IPAddress Address, int Port, string[] Within, string[] Security)
{
    public string Endpoint => $"{Address}:{Port}";

    /// <summary>A node beside this process.</summary>
    public static NodePlace Here(int port) => new(IPAddress.Loopback, port, [], []);
}
