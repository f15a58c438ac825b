namespace WebImageText.Crawl.Extract;

/// <summary>How much of a page is read.</summary>
/// <remarks>What lies beyond a limit is not looked at, and <see cref="PageContent.LimitsHit"/> says so.</remarks>
public sealed record PageLimits
{
    /// <summary>Bytes of the page after decompression. Default 5 MB.</summary>
    public int Bytes { get; init; } = 5_000_000;

    /// <summary>Tags and runs of text. Default 1,000,000.</summary>
    public int Tokens { get; init; } = 1_000_000;

    /// <summary>Elements that matter here (figures, pictures, drawings, templates) open inside each other. Default 512.</summary>
    public int OpenElements { get; init; } = 512;

    /// <summary>Images of one page. Default 200.</summary>
    public int Images { get; init; } = 200;

    /// <summary>Links of one page. Default 2,000.</summary>
    public int Links { get; init; } = 2_000;

    /// <summary>Images of one <c>srcset</c>. Default 100.</summary>
    public int SrcSetImages { get; init; } = 100;

    /// <summary>Depth of a JSON-LD block. Default 64.</summary>
    public int JsonDepth { get; init; } = 64;

    /// <summary>UTF-16 code units of all JSON-LD blocks together. Default 1,000,000.</summary>
    public int JsonLength { get; init; } = 1_000_000;

    /// <summary>Code points of one text; the rest is cut off. Default 2,048.</summary>
    public int TextLength { get; init; } = 2_048;

    /// <summary>UTF-16 code units of one address; a longer one is none. Default 8,192.</summary>
    public int AddressLength { get; init; } = 8_192;

    /// <summary>Statements about use, such as robots metas. Default 100.</summary>
    public int Signals { get; init; } = 100;
}

/// <summary>The limits that a page went over.</summary>
[Flags]
public enum PageLimit
{
    /// <summary>None: the page was read to its end.</summary>
    None = 0,
    /// <summary><see cref="PageLimits.Bytes"/>.</summary>
    Bytes = 1,
    /// <summary><see cref="PageLimits.Tokens"/>.</summary>
    Tokens = 2,
    /// <summary><see cref="PageLimits.OpenElements"/>.</summary>
    OpenElements = 4,
    /// <summary><see cref="PageLimits.Images"/>.</summary>
    Images = 8,
    /// <summary><see cref="PageLimits.Links"/>.</summary>
    Links = 16,
    /// <summary><see cref="PageLimits.SrcSetImages"/>.</summary>
    SrcSet = 32,
    /// <summary><see cref="PageLimits.JsonDepth"/> or <see cref="PageLimits.JsonLength"/>, or a block that is no JSON.</summary>
    JsonLd = 64,
    /// <summary><see cref="PageLimits.Signals"/>.</summary>
    Signals = 128,
    /// <summary>The page is in an encoding whose text is refused; nothing was read.</summary>
    Encoding = 256,
}
