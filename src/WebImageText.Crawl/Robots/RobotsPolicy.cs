namespace WebImageText.Crawl.Robots;

/// <summary>What may be fetched after a request for robots.txt: RFC 9309, sections 2.3 and 2.4. Fails closed.</summary>
public static class RobotsPolicy
{
    /// <summary>Redirects of one robots.txt that are followed.</summary>
    public const int MostRedirects = 5;

    /// <summary>How long an answer is believed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>How long a failure is believed, and how long a host waits that asks for time and does not say how much.</summary>
    public static readonly TimeSpan ErrorLifetime = TimeSpan.FromHours(1);

    /// <summary>A host that asks for less time than this gets this.</summary>
    public static readonly TimeSpan LeastDefer = TimeSpan.FromMinutes(1);

    /// <summary>After so long a robots.txt that cannot be reached counts as one that does not exist.</summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(30);

    /// <summary>What may be fetched now.</summary>
    /// <param name="outcome">How the request ended.</param>
    /// <param name="unreachableFor">How long every request before this one failed, too; zero when the last one did not.</param>
    public static RobotsDecision Decide(RobotsOutcome outcome, TimeSpan unreachableFor = default) => outcome switch
    {
        { Failure: { } failure } => Unreachable(failure.ToString(), null, unreachableFor),
        { Status: >= 200 and < 300 } => new(RobotsAccess.Rules, Lifetime, $"status {outcome.Status}"),
        { Status: 301 or 302 or 303 or 307 or 308, HasLocation: true, Redirects: < MostRedirects } =>
            new(RobotsAccess.Follow, TimeSpan.Zero, $"status {outcome.Status}"),
        // The RFC lets one take these as no robots.txt; but somebody meant to say something.
        { Status: >= 300 and < 400 } => new(RobotsAccess.DenyAll, ErrorLifetime, outcome.Redirects >= MostRedirects
            ? $"more than {MostRedirects} redirects"
            : $"status {outcome.Status} that leads nowhere"),
        { Status: 429 } => new(RobotsAccess.Defer, AtLeast(LeastDefer, outcome.RetryAfter ?? ErrorLifetime), "status 429"),
        { Status: >= 400 and < 500 } => new(RobotsAccess.AllowAll, Lifetime, $"status {outcome.Status}"),
        _ => Unreachable($"status {outcome.Status}", outcome.RetryAfter, unreachableFor),
    };

    /// <summary>
    /// What follows for the images of a site from a request for a file beside robots.txt that says how they may be used. A
    /// fault of the host tells nothing of what the file says, so nothing is fetched; whatever else is no such file.
    /// </summary>
    /// <param name="outcome">How the request ended.</param>
    /// <param name="isTrouble">By the host's fault, which may pass.</param>
    public static RobotsDecision DecideUse(RobotsOutcome outcome, bool isTrouble) => outcome switch
    {
        _ when isTrouble => new(RobotsAccess.DenyAll, AtLeast(ErrorLifetime, outcome.RetryAfter ?? default), outcome.Failure?.ToString() ?? $"status {outcome.Status}"),
        { Failure: { } failure } => new(RobotsAccess.AllowAll, ErrorLifetime, failure.ToString()),
        { Status: 200 } => new(RobotsAccess.Rules, Lifetime, "status 200"),
        { Status: 301 or 302 or 303 or 307 or 308, HasLocation: true, Redirects: < MostRedirects } =>
            new(RobotsAccess.Follow, TimeSpan.Zero, $"status {outcome.Status}"),
        _ => new(RobotsAccess.AllowAll, Lifetime, $"status {outcome.Status}"),
    };

    private static RobotsDecision Unreachable(string why, TimeSpan? retryAfter, TimeSpan unreachableFor) =>
        unreachableFor >= GivenUpAfter
            ? new(RobotsAccess.AllowAll, Lifetime, $"{why}, for {unreachableFor.Days} days")
            : new(RobotsAccess.DenyAll, AtLeast(ErrorLifetime, retryAfter ?? default), why);

    private static TimeSpan AtLeast(TimeSpan least, TimeSpan wait) => wait > least ? wait : least;
}
