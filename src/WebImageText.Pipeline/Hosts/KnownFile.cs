using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;
using WebImageText.Crawl.Robots;

namespace WebImageText.Pipeline.Hosts;

/// <summary>What is known of one file in which a site says what may be done with it.</summary>
/// <param name="File">Which.</param>
/// <param name="Decision">What follows from the last request for it.</param>
/// <param name="Content">As it was parsed: <see cref="RobotsTxt"/>, <see cref="TdmRepFile"/>, <see cref="AiTxtFile"/>, <see cref="RslLicense"/>; null where there is nothing of the kind.</param>
/// <param name="Failure">Why it could not be read, if no server answered.</param>
/// <param name="At">When it was asked for.</param>
/// <param name="UnreachableSince">Since when every attempt failed; null when the last one did not.</param>
/// <param name="Trouble">The host's fault when a file other than robots.txt could not be read; null when it was, or is not there.</param>
/// <param name="Tries">Requests in a row that ended so.</param>
/// <param name="Wait">What the host asked for with such a fault, if it did.</param>
internal sealed record KnownFile(
    SiteFile File, RobotsDecision Decision, object? Content, Drop? Failure, DateTimeOffset At, DateTimeOffset? UnreachableSince, HostTrouble? Trouble, int Tries, TimeSpan? Wait)
{
    /// <summary>The file need not be asked for.</summary>
    /// <param name="now">The time.</param>
    /// <param name="tries">Requests for one file before a passing fault counts; a robots.txt that fails counts at once.</param>
    public bool IsFresh(DateTimeOffset now, int tries) =>
        now < At + Decision.ValidFor && Decision.Access != RobotsAccess.Defer && (Trouble is null || Tries >= tries);

    /// <summary>Why the address is not fetched; null when it may be.</summary>
    public Drop? Refusal(WebAddress address) => Decision.Access switch
    {
        // What a licence says that cannot be read is not known; that there is one is recorded.
        _ when File.Kind == SiteFileKind.License => null,
        RobotsAccess.AllowAll => null,
        RobotsAccess.Rules => (Content as RobotsTxt)?.Judge(address.PathAndQuery),
        _ when Failure is { } failure => failure with { Detail = $"{File.Name}: {failure.Detail}" },
        _ => new(File.Kind == SiteFileKind.Robots ? DropReason.RobotsDisallowed : DropReason.HttpError, $"{File.Name}: {Decision.Why}"),
    };

    /// <summary>What the file says about the use of an address that may be fetched.</summary>
    public IEnumerable<OptOutSignal> SignalsFor(WebAddress address) => Content switch
    {
        RobotsTxt robots when robots.SignalsFor(address.PathAndQuery) is var said =>
        [
            .. said.ContentSignals.Select(value => new OptOutSignal(OptOutSource.ContentSignal, value)),
            .. said.ContentUsage.Select(value => new OptOutSignal(OptOutSource.ContentUsage, value)),
            .. said.Licenses.Select(value => new OptOutSignal(OptOutSource.RslLink, value)),
        ],
        TdmRepFile reservations => reservations.For(address),
        AiTxtFile rules when rules.For(address) is { } rule => [rule],
        RslLicense license when license.For(address) is { } terms => [terms],
        _ => [],
    };
}
