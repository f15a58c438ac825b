using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Reflection;
using WebImageText.Crawl.OptOut;
using WebImageText.Crawl.Robots;

namespace WebImageText.Crawl.Fetch;

/// <summary>How the web is asked, and the bounds of every answer.</summary>
public sealed class FetchOptions
{
    /// <summary>Our token in robots.txt, X-Robots-Tag and meta elements.</summary>
    public const string Token = "webimagetext";

    /// <summary>Where a site owner reaches us: an e-mail address or a page. Sent in every User-Agent. No default.</summary>
    public string? Contact { get; init; }

    /// <summary>How fast one host is asked.</summary>
    public PaceOptions Pace { get; init; } = new();

    /// <summary>Whose rules of a robots.txt are ours.</summary>
    public RobotsOptions Robots { get; init; } = new();

    /// <summary>A list of opt-outs that is asked before an image is fetched. Default none.</summary>
    public SpawningOptions? Spawning { get; init; }

    /// <summary>
    /// Longest wait for a host that asks for time or keeps failing; what was to be fetched there is dropped when it wants more.
    /// Default 10 min.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Downloads at once, over all hosts; it begins with 64, and goes down while names, routes or file handles fail. Default 1,024.
    /// </summary>
    [Range(1, 16384)] public int Parallel { get; init; } = 1_024;

    /// <summary>
    /// Part of the fetches, of pages, images and all else, that one registrable domain may have: of those under way at once, and
    /// of all so far as long as others are asked too that have had less; its first 10,000 are free. Default 0.25.
    /// </summary>
    [Range(0.0, 1.0)] public double SiteShare { get; init; } = 0.25;

    /// <summary>Bytes of bodies in memory at once, from the wire to the verdict. Default 128 MB.</summary>
    [Range(1_000_000, long.MaxValue)] public long BodyBytes { get; init; } = 128_000_000;

    /// <summary>
    /// Least time between two requests to one IP address, whatever their hosts. Null: 100 ms at public addresses, none at those
    /// that an option opens.
    /// </summary>
    public TimeSpan? AddressDelay { get; init; }

    /// <summary>Longest queue at one host, as time until its end; what comes later is dropped, so that no host holds up the end. Default 2 h.</summary>
    public TimeSpan LongestQueue { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Resolvers that are asked for names; none for the system's. Default none.</summary>
    public IReadOnlyList<IPEndPoint> NameServers { get; init; } = [];

    /// <summary>Longest time for one answer, from the connection to the last byte. Default 30 s.</summary>
    public TimeSpan TotalTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time for a connection, TLS included. Default 10 s.</summary>
    public TimeSpan ConnectTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Least rate of a body after its first 5 s, bytes per second. Default 1,000.</summary>
    [Range(0, int.MaxValue)] public int LeastRate { get; init; } = 1_000;

    /// <summary>Largest page or search result, bytes, on the wire and after decoding. Default 5 MB.</summary>
    [Range(1, int.MaxValue)] public int LargestPage { get; init; } = 5_000_000;

    /// <summary>Largest image, bytes. Default 32 MB.</summary>
    [Range(1, int.MaxValue)] public int LargestImage { get; init; } = 32_000_000;

    /// <summary>Largest sitemap or part of an archive, bytes. Default 50 MiB, as the sitemap protocol has it.</summary>
    [Range(1, int.MaxValue)] public int LargestData { get; init; } = 52_428_800;

    /// <summary>Bytes of a robots.txt that are read; more are left on the wire. RFC 9309 asks for 500 KiB. Default 600,000.</summary>
    [Range(512_000, int.MaxValue)] public int RobotsLength { get; init; } = 600_000;

    /// <summary>Greatest ratio of decoded to sent bytes. Default 100; the first 64 KiB are free.</summary>
    [Range(1, 10_000)] public int GreatestRatio { get; init; } = 100;

    /// <summary>Redirects that one fetch follows. Default 10.</summary>
    [Range(0, 50)] public int Redirects { get; init; } = 10;

    /// <summary>Host names that are sent to an address instead of being resolved. For tests and mirrors. Default none.</summary>
    public IReadOnlyList<ResolveRule> Resolve { get; init; } = [];

    /// <summary><c>WebImageText/VERSION (+contact)</c>; on networks of one's own, where no contact need be given, user and machine.</summary>
    public string UserAgent => $"WebImageText/{Version} (+{(string.IsNullOrWhiteSpace(Contact) ? Here : Contact)})";

    private static string Here => string.Concat($"{Environment.UserName}@{Environment.MachineName}".Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '@' or '.' or '-' or '_'));

    private static string Version => typeof(FetchOptions).Assembly.GetName().Version?.ToString(3)
        ?? throw new InvalidOperationException("The program was built without a version.");
}
