namespace WebImageText.Crawl.Fetch;

/// <summary>What of a host's pace outlives a restart.</summary>
/// <param name="EarliestStart">No request starts before.</param>
/// <param name="SiteDelay">The delay that robots.txt asks for.</param>
/// <param name="Failures">Failures in a row.</param>
public sealed record HostPaceState(DateTimeOffset EarliestStart, TimeSpan SiteDelay, int Failures);

/// <summary>
/// When the next request to one host may start. Pure state: the caller brings the instants, of one clock, and owns the host
/// alone. Nothing but the passing of time ever makes the next start earlier.
/// </summary>
public sealed class HostPace
{
    private readonly PaceOptions _options;
    private DateTimeOffset? _lastStart;
    private TimeSpan _siteDelay;
    private int _failures;

    /// <summary>A host that was never asked: the first request may start at once.</summary>
    public HostPace(PaceOptions options) => _options = options;

    /// <summary>
    /// A host that may have been asked a moment ago, before a restart: the full delay comes first, after all that was promised.
    /// </summary>
    /// <param name="options">The settings now.</param>
    /// <param name="saved">What was saved of it; null when nothing was.</param>
    /// <param name="now">The instant of the restart.</param>
    public static HostPace AfterRestart(PaceOptions options, HostPaceState? saved, DateTimeOffset now)
    {
        var pace = new HostPace(options)
        {
            _siteDelay = saved?.SiteDelay ?? default,
            _failures = saved?.Failures ?? 0,
            _lastStart = now,
        };
        pace.NotBefore(now + pace.Delay);
        pace.NotBefore(saved?.EarliestStart ?? default);
        return pace;
    }

    /// <summary>No request starts before this instant.</summary>
    public DateTimeOffset EarliestStart { get; private set; }

    /// <summary>The time between two starts: the setting, or what the site asks for if that is longer.</summary>
    public TimeSpan Delay => _siteDelay > _options.HostDelay ? _siteDelay : _options.HostDelay;

    /// <summary>It failed so often in a row that it is left alone.</summary>
    public bool IsParked(DateTimeOffset now) => _failures >= _options.FailuresToPark && now < EarliestStart;

    /// <summary>What to save, so that a restart keeps the host's pace.</summary>
    public HostPaceState State => new(EarliestStart, _siteDelay, _failures);

    /// <summary>Starts a request, if one may start now.</summary>
    public bool TryStart(DateTimeOffset now)
    {
        if (now < EarliestStart)
            return false;
        _lastStart = now;
        EarliestStart = now + Delay;
        return true;
    }

    /// <summary>A request ended, well or not: the delay counts from here too, so that the host sees it however long its answer took.</summary>
    public void Ended(DateTimeOffset now) => NotBefore(now + Delay);

    /// <summary>The host answered as a host should: earlier failures are forgiven. What it asked for is still kept.</summary>
    public void Succeeded() => _failures = 0;

    /// <summary>A request failed by the host's fault: the next one waits, twice as long as after the failure before.</summary>
    public void Failed(HostTrouble trouble, DateTimeOffset now)
    {
        _failures++;
        if (_failures >= _options.FailuresToPark)
        {
            NotBefore(now + _options.ParkTime);
            return;
        }
        var backoff = trouble.FirstBackoff() * _options.BackoffScale * Math.Pow(2, Math.Min(_failures - 1, 30));
        NotBefore(now + (backoff < _options.MaxBackoff ? backoff : _options.MaxBackoff));
    }

    /// <summary>The host asked for time: Retry-After, a Visit-time, a robots.txt that is to be asked for later.</summary>
    public void NotBefore(DateTimeOffset instant)
    {
        if (instant > EarliestStart)
            EarliestStart = instant;
    }

    /// <summary>robots.txt was read.</summary>
    /// <param name="delay">What Crawl-delay and Request-rate ask for; zero when they ask for nothing.</param>
    public void SetSiteDelay(TimeSpan delay)
    {
        _siteDelay = delay;
        if (_lastStart is { } last)
            NotBefore(last + Delay);
    }
}
