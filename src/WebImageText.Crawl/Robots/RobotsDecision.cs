namespace WebImageText.Crawl.Robots;

/// <summary>What a host's robots.txt lets us do.</summary>
public enum RobotsAccess
{
    /// <summary>Parse the body; its rules decide.</summary>
    Rules,
    /// <summary>There is no robots.txt: everything may be fetched.</summary>
    AllowAll,
    /// <summary>It could not be read: nothing may be fetched.</summary>
    DenyAll,
    /// <summary>The host asked for time: nothing is fetched from it, robots.txt included, until the time is over.</summary>
    Defer,
    /// <summary>Ask where the redirect points, also at another host; the rules found there count for the first host.</summary>
    Follow,
}

/// <summary>What follows from one request for a robots.txt.</summary>
/// <param name="Access">What may be done.</param>
/// <param name="ValidFor">For how long; then robots.txt is asked for again before anything else. Zero for a redirect.</param>
/// <param name="Why">For a reader.</param>
public sealed record RobotsDecision(RobotsAccess Access, TimeSpan ValidFor, string Why);
