using WebImageText.Crawl.Addresses;
using WebImageText.Crawl.Extract;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;

namespace WebImageText.Pipeline.Hosts;

/// <summary>A page as it was read, before what its site says of it in other files is known.</summary>
/// <param name="Visit">Whose page it is.</param>
/// <param name="Content">What it shows, and where it leads.</param>
/// <param name="Headers">Of its answer.</param>
/// <param name="At">When it came.</param>
internal sealed record ReadPage(Visit Visit, PageContent Content, ResponseHeaders Headers, DateTimeOffset At)
{
    /// <summary>It shows images that may be downloaded, as far as the page itself says.</summary>
    public bool HasUse { get; } = Content.Images.Count > 0 && PageOptOut.Judge(Content, Headers, At).Images.Any(image => image.OptOut is null);

    /// <summary>RSL licences that the page or its answer names.</summary>
    public IReadOnlyList<WebAddress> Licenses { get; } = LicensesOf([.. Content.Signals, .. HeaderSignals.Of(Headers.Fields)], Content.Base);

    /// <summary>What came of the visit.</summary>
    /// <param name="site">What the site's files say about the page.</param>
    /// <param name="refusal">Why its images cannot be used though nothing says so: such a file cannot be read.</param>
    public FrontierEntity.PageRead Judge(IReadOnlyList<OptOutSignal> site, Drop? refusal)
    {
        var use = PageOptOut.Judge(Content, Headers, At, site);
        return new(
            Visit.Host, Visit.Page.Canonical,
            refusal is null ? use.Images : [.. use.Images.Select(image => image with { OptOut = image.OptOut ?? refusal.ToString() })],
            use.FollowLinks ? [.. Content.Links.Where(IsPage).Select(link => link.Address)] : []);
    }

    /// <summary>Addresses of RSL licences among statements.</summary>
    public static IReadOnlyList<WebAddress> LicensesOf(IEnumerable<OptOutSignal> signals, WebAddress at) =>
        [.. SiteFiles.Resolved(signals.Where(signal => signal.Source == OptOutSource.RslLink).Select(signal => signal.Value), at)];

    private static bool IsPage(PageLink link) => !link.NoFollow && link.Address.IsWeb && !MediaNames.IsMedia(link.Address.Path) && PageTrap.Find(link.Address) is null;
}
