namespace WebImageText.Crawl.Fetch;

/// <summary>How fast one host is asked, and when it is left alone.</summary>
public sealed class PaceOptions
{
    /// <summary>
    /// Least time between the starts of two requests to one host; 0 or more. Default 1 s; robots.txt can only lengthen it.
    /// </summary>
    public TimeSpan HostDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Longest Crawl-delay or Request-rate that is kept; of a site that asks for more nothing is fetched, rather than faster than
    /// it wants. Default 10 min.
    /// </summary>
    public TimeSpan LongestSiteDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest wait after a failure, however many went before. Default 6 h.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromHours(6);

    /// <summary>
    /// Multiplies the waits after failures (30 s after a server error, 10 min after an unknown name). Default 1; less only for
    /// servers of one's own.
    /// </summary>
    public double BackoffScale { get; set; } = 1;

    /// <summary>Failures in a row after which a host is parked; 1 or more. Default 8.</summary>
    public int FailuresToPark { get; set; } = 8;

    /// <summary>
    /// How long a parked host is left alone; then one request tries it, and one more failure parks it again. Default 24 h.
    /// </summary>
    public TimeSpan ParkTime { get; set; } = TimeSpan.FromHours(24);
}
