namespace WebImageText.Crawl.Fetch;

/// <summary>How a request failed that says something about the host, not about the one address.</summary>
public enum HostTrouble
{
    /// <summary>It asked for fewer requests: status 429 or 503.</summary>
    Throttled,
    /// <summary>Any other status of 500 and more.</summary>
    ServerError,
    /// <summary>No whole answer in time.</summary>
    Timeout,
    /// <summary>No connection, or it broke.</summary>
    Connect,
    /// <summary>Its name does not resolve.</summary>
    Dns,
    /// <summary>Its certificate or handshake is refused.</summary>
    Tls,
}

/// <summary>What the classes of trouble mean for the next request.</summary>
public static class HostTroubles
{
    /// <summary>The trouble that a failed request tells of; null when the host is not to blame.</summary>
    /// <param name="reason">Why the request failed.</param>
    /// <param name="status">HTTP status code, 0 without an answer.</param>
    public static HostTrouble? Of(DropReason reason, int status) => (reason, status) switch
    {
        (DropReason.HttpError, 429 or 503) => HostTrouble.Throttled,
        (DropReason.HttpError, >= 500) => HostTrouble.ServerError,
        (DropReason.Timeout, _) => HostTrouble.Timeout,
        (DropReason.ConnectError, _) => HostTrouble.Connect,
        (DropReason.DnsError, _) => HostTrouble.Dns,
        (DropReason.TlsError, _) => HostTrouble.Tls,
        _ => null,
    };

    /// <summary>
    /// The wait after the first failure of a class; each further one doubles it. What is likely to pass soon waits shortly, a
    /// name or a certificate is not mended within minutes.
    /// </summary>
    public static TimeSpan FirstBackoff(this HostTrouble trouble) => trouble switch
    {
        HostTrouble.ServerError => TimeSpan.FromSeconds(30),
        HostTrouble.Throttled or HostTrouble.Timeout => TimeSpan.FromMinutes(1),
        HostTrouble.Connect => TimeSpan.FromMinutes(2),
        HostTrouble.Dns => TimeSpan.FromMinutes(10),
        HostTrouble.Tls => TimeSpan.FromHours(1),
        _ => throw new ArgumentOutOfRangeException(nameof(trouble), trouble, null),
    };
}
