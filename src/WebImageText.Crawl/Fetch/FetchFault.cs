using System.Net.Sockets;
using System.Security.Authentication;

namespace WebImageText.Crawl.Fetch;

/// <summary>The connection was refused by the policy before it was opened.</summary>
internal sealed class RefusedConnectionException(Drop drop) : IOException(drop.ToString())
{
    public Drop Drop { get; } = drop;
}

/// <summary>What the HTTP client's exceptions mean.</summary>
internal static class FetchFault
{
    /// <summary>The reason to drop, or null for an exception that is a fault of ours.</summary>
    public static Drop? Of(Exception fault)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (cause is RefusedConnectionException refused)
                return refused.Drop;
        }
        return fault switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(DropReason.DnsError, Innermost(fault)),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(DropReason.TlsError, Innermost(fault)),
            HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } name }
                => new(DropReason.DnsError, name.Message),
            HttpRequestException { InnerException: AuthenticationException } => new(DropReason.TlsError, Innermost(fault)),
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new(DropReason.TooLarge, Innermost(fault)),
            HttpRequestException { InnerException: TimeoutException } => new(DropReason.Timeout, "no connection in time"),
            HttpRequestException or HttpIOException or IOException or SocketException => new(DropReason.ConnectError, Innermost(fault)),
            // The client refuses some addresses and header values with these, after the address passed our own policy.
            UriFormatException or ArgumentException or NotSupportedException or InvalidOperationException => new(DropReason.ConnectError, fault.Message),
            _ => null,
        };
    }

    /// <summary>What is wrong with this machine or its network, where that is what an exception tells of; null otherwise.</summary>
    public static string? Local(Exception fault)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException { SocketErrorCode: var code } && code is SocketError.NetworkUnreachable or SocketError.NetworkDown
                or SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.AddressNotAvailable or SocketError.ProcessLimit)
                return cause.Message;
        }
        return null;
    }

    private static string Innermost(Exception fault)
    {
        while (fault.InnerException is { } inner)
            fault = inner;
        return fault.Message;
    }
}
