namespace WebImageText.Crawl.Addresses;

/// <summary>Tells addresses that a server makes up without end from those of pages: calendars, relative links that nest, session paths.</summary>
/// <remarks>The bounds are those of other crawlers: Heritrix 3 takes 20 path segments and two repetitions, StormCrawler three.</remarks>
public static class PageTrap
{
    private const int MostSegments = 20, MostRepetitions = 3, LongestAddress = 2_083;

    /// <summary>Why an address is taken for one of a trap; null when it may be that of a page.</summary>
    public static string? Find(WebAddress address)
    {
        if (address.Href.Length > LongestAddress)
            return $"an address of more than {LongestAddress:N0} characters";
        var segments = address.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments.Length > MostSegments ? $"more than {MostSegments} path segments"
            : segments.CountBy(segment => segment).Any(segment => segment.Value > MostRepetitions) ? $"a path segment more than {MostRepetitions} times"
            : null;
    }
}
