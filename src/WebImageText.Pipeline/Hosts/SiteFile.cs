namespace WebImageText.Pipeline.Hosts;

/// <summary>How a <see cref="SiteFile"/> is read.</summary>
internal enum SiteFileKind
{
    /// <summary><c>/robots.txt</c>.</summary>
    Robots,
    /// <summary><c>/.well-known/tdmrep.json</c>.</summary>
    TdmRep,
    /// <summary><c>/ai.txt</c>.</summary>
    AiTxt,
    /// <summary>An RSL licence, which robots.txt, a page or an answer names.</summary>
    License,
}

/// <summary>A file in which a site says what may be done with it.</summary>
/// <param name="Kind">How it is read.</param>
/// <param name="At">Where it is.</param>
internal sealed record SiteFile(SiteFileKind Kind, WebAddress At)
{
    /// <summary>Short, for reasons: <c>robots.txt</c>.</summary>
    public string Name => Kind switch
    {
        SiteFileKind.Robots => "robots.txt",
        SiteFileKind.TdmRep => "tdmrep.json",
        SiteFileKind.AiTxt => "ai.txt",
        _ => $"licence {At}",
    };

    /// <summary>One file has one key.</summary>
    public string Key => $"{Kind} {At.Canonical}";

    /// <summary>The robots.txt that an address is under.</summary>
    public static SiteFile RobotsOf(WebAddress address) => new(SiteFileKind.Robots, Beside(address, "/robots.txt"));

    /// <summary>The files of fixed names that say how the images of an address's origin may be used.</summary>
    public static IEnumerable<SiteFile> UseOf(WebAddress address) =>
    [
        new(SiteFileKind.TdmRep, Beside(address, "/.well-known/tdmrep.json")),
        new(SiteFileKind.AiTxt, Beside(address, "/ai.txt")),
    ];

    private static WebAddress Beside(WebAddress address, string path) => WebAddress.Parse($"{address.Scheme}://{address.Authority}{path}");
}
