using WebImageText.Crawl.OptOut;

namespace WebImageText.Crawl.Extract;

/// <summary>A link of a page.</summary>
/// <param name="Address">Where it leads: absolute, http or https.</param>
/// <param name="NoFollow">Every link of the page to that address says <c>rel=nofollow</c>.</param>
public sealed record PageLink(WebAddress Address, bool NoFollow);

/// <summary>What a page gives: its images with their texts, its links, and what it says about their use.</summary>
public sealed record PageContent
{
    /// <summary>Each image once, in the order of the page; those that only metadata name come last.</summary>
    public IReadOnlyList<Candidate> Images { get; init; } = [];

    /// <summary>Each linked address once, in the order of the page; never the page itself.</summary>
    public IReadOnlyList<PageLink> Links { get; init; } = [];

    /// <summary>What the page says about the use of itself and its images, as it stands there.</summary>
    public IReadOnlyList<OptOutSignal> Signals { get; init; } = [];

    /// <summary>What relative addresses were resolved against: the page's address, or its <c>base</c>.</summary>
    public required WebAddress Base { get; init; }

    /// <summary><c>lang</c> of the <c>html</c> element, or null.</summary>
    public string? Language { get; init; }

    /// <summary>Text of the <c>title</c> element, or null.</summary>
    public string? Title { get; init; }

    /// <summary>Address of <c>link rel=canonical</c>, or null.</summary>
    public WebAddress? Canonical { get; init; }

    /// <summary>The licence of the page as a whole (<c>rel=license</c>), or null.</summary>
    public string? License { get; init; }

    /// <summary>The encoding by its WHATWG name, for example <c>UTF-8</c>.</summary>
    public required string Charset { get; init; }

    /// <summary>What was too much.</summary>
    public PageLimit LimitsHit { get; init; }
}
