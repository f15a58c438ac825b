namespace WebImageText.Crawl.Robots;

/// <summary>How one request for a robots.txt ended.</summary>
public sealed record RobotsOutcome
{
    private RobotsOutcome() { }

    /// <summary>HTTP status code; 0 when there was no answer.</summary>
    public int Status { get; private init; }

    /// <summary>A redirect said where to.</summary>
    public bool HasLocation { get; private init; }

    /// <summary>Redirects that were followed to this answer.</summary>
    public int Redirects { get; private init; }

    /// <summary>What Retry-After asked for, if it did.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Why there was no answer: a network error, a time-out, a redirect to where nothing is fetched.</summary>
    public Drop? Failure { get; private init; }

    /// <summary>A server answered.</summary>
    /// <param name="status">HTTP status code.</param>
    /// <param name="hasLocation">It names a target, as redirects do.</param>
    /// <param name="redirects">Redirects that were followed to it.</param>
    /// <param name="retryAfter">What Retry-After asked for.</param>
    public static RobotsOutcome Answered(int status, bool hasLocation = false, int redirects = 0, TimeSpan? retryAfter = null) =>
        new() { Status = status, HasLocation = hasLocation, Redirects = redirects, RetryAfter = retryAfter };

    /// <summary>No server answered, or none that may be asked.</summary>
    public static RobotsOutcome Failed(Drop failure) => new() { Failure = failure };
}
