using System.Net;
using System.Net.Sockets;

namespace WebImageText.Crawl.Fetch.Names;

/// <summary>The operating system's resolver. It does not say how long an answer holds.</summary>
internal sealed class SystemNames : INameSource
{
    private static readonly TimeSpan ValidFor = TimeSpan.FromMinutes(5);

    public async Task<NameAnswer> AskAsync(string host, CancellationToken stop)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, stop).ConfigureAwait(false);
            return addresses.Length > 0
                ? new(addresses, ValidFor)
                : new([], ValidFor, new($"{host} has no address", IsLocal: false));
        }
        catch (SocketException fault)
        {
            var isLocal = fault.SocketErrorCode is not (SocketError.HostNotFound or SocketError.NoData);
            return new([], ValidFor, new($"{host}: {fault.Message}", isLocal));
        }
    }
}
