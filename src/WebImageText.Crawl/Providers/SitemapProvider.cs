using System.Globalization;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Providers.Sitemaps;
using WebImageText.Crawl.Robots;

namespace WebImageText.Crawl.Providers;

/// <summary>Sitemaps: the pages that a site lists are visited, and the images that it lists for them are candidates.</summary>
/// <remarks>
/// For the address of a site, the <c>Sitemap</c> lines of its robots.txt count, and without any <c>/sitemap.xml</c>. An index is
/// followed one step, as the protocol has it. Everything is fetched under robots.txt.
/// </remarks>
/// <param name="places">Addresses of sitemaps, or of sites.</param>
public sealed class SitemapProvider(IReadOnlyList<WebAddress> places) : IProvider
{
    private const int MostMaps = 50_000;
    private const int PagesOfAPage = 500;
    private const int ImagesOfAPage = 1_000;

    private readonly Dictionary<int, IReadOnlyList<WebAddress>> _maps = [];
    private (WebAddress Map, Sitemap Content)? _held;

    /// <inheritdoc/>
    public ProviderTraits Traits { get; } = new("sitemap") { PageSize = 2 * ImagesOfAPage, Places = [.. places.Select(place => place.Href)] };

    /// <inheritdoc/>
    public async Task<ProviderPage> FindAsync(Query? query, string? cursor, ProviderFetch fetch, CancellationToken stop)
    {
        // the place, the sitemap among those of the place, the entry in the sitemap
        var (place, number, entry) = cursor?.Split(' ') is [var first, var second, var third] ? (Int(first), Int(second), Int(third)) : (0, 0, 0);
        if (place >= places.Count)
            return new([], null);
        if (!_maps.TryGetValue(place, out var maps))
        {
            maps = await MapsAsync(places[place], fetch, stop).ConfigureAwait(false);
            _maps[place] = maps;
        }
        var content = number < maps.Count ? await ReadAsync(maps[number], fetch, stop).ConfigureAwait(false) : Sitemap.Empty;
        var found = Part(content.Pages, entry);
        var next = entry + found.Count < content.Pages.Count ? (place, number, entry + found.Count)
            : number + 1 < maps.Count ? (place, number + 1, 0) : (place + 1, 0, 0);
        return new(
            [.. found.SelectMany(page => page.Images)],
            next.Item1 < places.Count ? string.Create(CultureInfo.InvariantCulture, $"{next.Item1} {next.Item2} {next.Item3}") : null)
        {
            Pages = [.. found.Select(page => page.Address)],
            Skipped = entry == 0 ? content.Skipped : Sitemap.Empty.Skipped,
            Notes = entry == 0 && content.Fault is { } fault ? [$"sitemap '{maps[number]}': {fault}"] : [],
        };
    }

    private static List<SitemapPage> Part(IReadOnlyList<SitemapPage> pages, int from)
    {
        List<SitemapPage> part = [];
        for (var images = 0; from < pages.Count && part.Count < PagesOfAPage && images < ImagesOfAPage; from++)
        {
            part.Add(pages[from]);
            images += pages[from].Images.Count;
        }
        return part;
    }

    // The sitemaps of a place, indexes resolved. Indexes do not name indexes.
    private async Task<IReadOnlyList<WebAddress>> MapsAsync(WebAddress place, ProviderFetch fetch, CancellationToken stop)
    {
        List<WebAddress> maps = [];
        foreach (var map in IsSite(place) ? await OfSiteAsync(place, fetch, stop).ConfigureAwait(false) : [place])
        {
            var content = await ReadAsync(map, fetch, stop).ConfigureAwait(false);
            maps.AddRange(content.Maps.Count == 0 ? [map] : content.Maps);
            if (maps.Count > MostMaps)
                break;
        }
        return [.. maps.DistinctBy(map => map.Canonical).Take(MostMaps)];
    }

    private static bool IsSite(WebAddress place) => place.Path == "/" && place.Query is null;

    private static async Task<IReadOnlyList<WebAddress>> OfSiteAsync(WebAddress site, ProviderFetch fetch, CancellationToken stop)
    {
        var usual = WebAddress.Parse($"{site.Scheme}://{site.Authority}/sitemap.xml");
        var robots = WebAddress.Parse($"{site.Scheme}://{site.Authority}/robots.txt");
        if (await fetch(ProviderRequest.Site(robots), stop).ConfigureAwait(false) is not FetchResult.Answer { Status: 200 } answer)
            return [usual];
        List<WebAddress> named = [];
        foreach (var text in RobotsTxt.Parse(answer.Body.Span).Sitemaps)
        {
            if (WebAddress.TryParse(text, robots, out var map) && map.IsWeb)
                named.Add(map);
        }
        return named.Count > 0 ? named : [usual];
    }

    private async Task<Sitemap> ReadAsync(WebAddress map, ProviderFetch fetch, CancellationToken stop)
    {
        if (_held is { } held && held.Map.Equals(map))
            return held.Content;
        var result = await fetch(new(new FetchRequest(map, FetchKind.Data), IsService: false), stop).ConfigureAwait(false);
        var content = result is FetchResult.Answer { Status: 200 } answer
            ? SitemapReader.Read(answer.Body, map, Traits.Name)
            : Sitemap.Empty with { Fault = Archives.Words.Of(result) };
        _held = (map, content);
        return content;
    }

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
