using WebImageText.Crawl.OptOut;
using WebImageText.Crawl.Robots;

namespace WebImageText.Pipeline.Hosts;

/// <summary>
/// What the origins of one host say in files of their own: robots.txt of each, and, once one of its images is wanted, its
/// reservations, its ai.txt and its RSL licences. Each is asked for once, is believed as long as a robots.txt is, and is
/// itself asked for only where robots.txt lets it. Pure state.
/// </summary>
/// <param name="tries">Requests for one file before a passing fault of the host counts.</param>
internal sealed class SiteFiles(int tries)
{
    private const int LicensesOfOne = 4, MostLicenses = 32;

    private readonly Dictionary<string, KnownFile> _known = [];
    private int _licenses;

    /// <summary>The least time between two requests that the sites ask for.</summary>
    public TimeSpan Delay => _known.Values.Select(known => known.Content).OfType<RobotsTxt>().Select(robots => robots.Delay).DefaultIfEmpty().Max();

    /// <summary>The file that has to be asked for next; null when all that matters is known.</summary>
    /// <param name="at">What is wanted.</param>
    /// <param name="use">It is wanted for its images, or is one.</param>
    /// <param name="licenses">RSL licences that it names itself.</param>
    /// <param name="now">The time.</param>
    public SiteFile? Missing(WebAddress at, bool use, IEnumerable<WebAddress> licenses, DateTimeOffset now)
    {
        var robots = SiteFile.RobotsOf(at);
        return !IsFresh(robots, now) ? robots
            : use ? Use(at, licenses).FirstOrDefault(file => MayAsk(file, at) && !IsFresh(file, now))
            : null;
    }

    public KnownFile? Find(SiteFile file) => _known.GetValueOrDefault(file.Key);

    public void Learn(KnownFile file)
    {
        if (_known.TryAdd(file.File.Key, file))
            _licenses += file.File.Kind == SiteFileKind.License ? 1 : 0;
        else
            _known[file.File.Key] = file;
    }

    /// <summary>Why the address may not be fetched; null when it may be.</summary>
    /// <param name="at">The address.</param>
    /// <param name="use">It is wanted for its images, or is one.</param>
    public Drop? Refusal(WebAddress at, bool use) =>
        Find(SiteFile.RobotsOf(at))?.Refusal(at)
        ?? (use ? SiteFile.UseOf(at).Select(file => Find(file)?.Refusal(at)).FirstOrDefault(refusal => refusal is not null) : null);

    /// <summary>What the files say about the use of an address.</summary>
    public IReadOnlyList<OptOutSignal> SignalsFor(WebAddress at, IEnumerable<WebAddress> licenses) =>
        [.. Use(at, licenses).Prepend(SiteFile.RobotsOf(at)).Select(Find).OfType<KnownFile>().SelectMany(file => file.SignalsFor(at)).Distinct()];

    /// <summary>The robots.txt that an address is under; null where there is none.</summary>
    public RobotsTxt? RobotsOf(WebAddress at) => Find(SiteFile.RobotsOf(at))?.Content as RobotsTxt;

    private bool IsFresh(SiteFile file, DateTimeOffset now) => Find(file)?.IsFresh(now, tries) == true;

    private IEnumerable<SiteFile> Use(WebAddress at, IEnumerable<WebAddress> licenses)
    {
        var named = Resolved(RobotsOf(at)?.Licenses ?? [], at).Take(LicensesOfOne).Concat(licenses.Take(LicensesOfOne));
        return SiteFile.UseOf(at).Concat(named.Select(license => new SiteFile(SiteFileKind.License, license)));
    }

    // A site that does not want its files read has said nothing in them. And there is an end of licences.
    private bool MayAsk(SiteFile file, WebAddress at) =>
        (file.At.Authority != at.Authority || file.At.Scheme != at.Scheme || Find(SiteFile.RobotsOf(at))?.Refusal(file.At) is null)
        && (file.Kind != SiteFileKind.License || _licenses < MostLicenses || _known.ContainsKey(file.Key));

    /// <summary>Addresses as a site wrote them.</summary>
    /// <param name="links">Relative or whole.</param>
    /// <param name="at">What they are relative to.</param>
    public static IEnumerable<WebAddress> Resolved(IEnumerable<string> links, WebAddress at)
    {
        foreach (var link in links)
        {
            if (WebAddress.TryParse(link, at, out var address) && address.IsWeb)
                yield return address;
        }
    }
}
