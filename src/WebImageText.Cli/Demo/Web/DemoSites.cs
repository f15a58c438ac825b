namespace WebImageText.Cli.Demo.Web;

/// <summary>The hosts of the demo's web, each with a habit of its own.</summary>
internal static class DemoSites
{
    private static readonly Idiom[] Everything =
    [
        Idiom.Alt, Idiom.Figure, Idiom.Lazy, Idiom.JsonLd, Idiom.Srcset, Idiom.Title, Idiom.Picture, Idiom.AriaLabel, Idiom.Noscript,
        Idiom.DecorativeFigure, Idiom.AltAndTitle, Idiom.Linked,
    ];

    /// <summary>Those that are found from the seeds.</summary>
    public static DemoSite[] Crawled() =>
    [
        new("paintbox", Idiom.Alt),
        new("easel", Idiom.Lazy),
        new("canvas", Idiom.Srcset),
        new("palette", Idiom.Picture) { Addressing = Addressing.Absolute },
        new("frames", Idiom.Figure, Idiom.DecorativeFigure),
        new("inkwell", Idiom.Title) { Charset = PageCharset.Utf8InMeta },
        new("chalk", Idiom.AriaLabel),
        new("folio", Idiom.JsonLd) { Addressing = Addressing.Absolute },
        new("postcards", Idiom.OpenGraph) { Addressing = Addressing.Absolute, Share = 0.3 },
        new("curtain", Idiom.Noscript),
        new("attic", Idiom.Alt, Idiom.Figure) { Addressing = Addressing.Base },
        new("cellar", Idiom.Alt) { Addressing = Addressing.Relative, Charset = PageCharset.WesternInMeta },
        new("pantry", Idiom.Title, Idiom.Alt) { Charset = PageCharset.WesternByHeader, Share = 0.5 },
        new("lantern", Idiom.Alt, Idiom.Figure) { Charset = PageCharset.Utf16, Share = 0.5 },
        new("parasol", Idiom.Alt) { Charset = PageCharset.Utf8ByBom, Addressing = Addressing.Relative, Share = 0.5 },
        new("weathercock", Idiom.AltAndTitle) { Charset = PageCharset.Contradicted, Share = 0.5 },
        new("harbour", Idiom.Alt, Idiom.Lazy) { Pictures = "pictures", Addressing = Addressing.WithoutScheme },
        new("patience", Idiom.Alt) { Robots = "User-agent: *\nCrawl-delay: 0.1\n", Share = 0.4 },
        new("fence", Idiom.Alt, Idiom.Linked)
        {
            Robots = "# keep out of the garden\nUser-agent: *\nDisallow: /private/\nAllow: /pictures/\n",
            Links = [("/private/index.html", "The garden")],
        },
        new("gate", Idiom.Alt, Idiom.Title) { Robots = "User-agent: *\nAllow: /\n\nUser-agent: webimagetext\nDisallow: /members/\n" },
        new("market", Idiom.Alt, Idiom.Lazy, Idiom.Figure) { Addressing = Addressing.Odd, Robots = null },
        new("mosaic", Everything),
    ];

    /// <summary>Those that only the search engine knows.</summary>
    public static DemoSite[] Searched() => [new("cabinet", Idiom.Alt), new("drawer", Idiom.Title)];
}
