namespace WebImageText.Crawl.Fetch;

/// <summary>
/// Downloads so far by registrable domain: one that has had its share of them waits as long as others are asked that have not,
/// and goes on as soon as nobody else is. So no site fills a run, and a run of one site, or of few large ones, is no slower.
/// </summary>
/// <param name="share">Part of all downloads that one may have, 0 to 1.</param>
internal sealed class SiteCounts(double share)
{
    /// <summary>Downloads of a site that are free.</summary>
    public const int Free = 10_000;

    /// <summary>After so long without a download of others that have not had their share there are no others.</summary>
    public static readonly TimeSpan OthersFor = TimeSpan.FromSeconds(2);

    /// <summary>Most sites that are remembered.</summary>
    public const int MostSites = 100_000;

    private readonly Dictionary<string, int> _sites = [];
    // The last download of a site that has not had its share, and the last one of another such site.
    private (string? Site, DateTimeOffset At) _within, _withinBefore;
    private long _all;

    /// <summary>Sites that are remembered.</summary>
    public int Count => _sites.Count;

    /// <summary>The site has had its share, and others are being asked.</summary>
    public bool MustWait(string site, DateTimeOffset now) => HasHadIt(site) && now - (_within.Site == site ? _withinBefore : _within).At < OthersFor;

    /// <summary>A download of the site begins.</summary>
    public void Add(string site, DateTimeOffset now)
    {
        if (!HasHadIt(site))
        {
            if (_within.Site != site)
                _withinBefore = _within;
            _within = (site, now);
        }
        _sites[site] = _sites.GetValueOrDefault(site) + 1;
        _all++;
        if (_sites.Count > MostSites)
            Fade();
    }

    private bool HasHadIt(string site) => _sites.GetValueOrDefault(site) is var count && count >= Free && count >= share * _all;

    // What was long ago counts less; who was asked once and never again is forgotten.
    private void Fade()
    {
        _all = 0;
        foreach (var (site, count) in _sites.ToList())
        {
            if (count > 1)
                _all += _sites[site] = count / 2;
            else
                _sites.Remove(site);
        }
    }
}
