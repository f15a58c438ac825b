using WebImageText.Cli.Demo.Scenes;

namespace WebImageText.Cli.Demo.Web;

/// <summary>How a page shows a picture and its text.</summary>
internal enum Idiom
{
    Alt,
    AltAndTitle,
    Lazy,
    Srcset,
    Picture,
    Figure,
    DecorativeFigure,
    Title,
    AriaLabel,
    JsonLd,
    OpenGraph,
    Noscript,
    Linked,
    /// <summary><c>alt=""</c>, and nothing else says what it is.</summary>
    Decorative,
    /// <summary><c>alt=""</c> beside a title, which does not count.</summary>
    DecorativeTitle,
    /// <summary>No text at all.</summary>
    Bare,
}

/// <summary>A picture of the demo's web, before it has found a host.</summary>
/// <param name="Answer">What its address answers.</param>
/// <param name="Text">Its text, as it is after cleaning.</param>
/// <param name="Drop">The right outcome; nothing for a pair that is kept.</param>
internal sealed record DemoItem(DemoAnswer Answer, string Text, DropReason? Drop = null)
{
    public DemoItem(Scene scene, DropReason? drop = null) : this(new DemoAnswer.Picture(new(scene)), scene.Caption, drop)
    {
    }

    /// <summary>Of the items of a group a known number is kept, whichever come first; see <see cref="DemoGroup"/>.</summary>
    public string? Group { get; init; }

    /// <summary>The site that shows it; nothing: any.</summary>
    public string? Site { get; init; }

    /// <summary>The page of that site; nothing: one of its galleries.</summary>
    public SpecialPage? Page { get; init; }

    /// <summary>How it must be shown; nothing: as the site likes.</summary>
    public Idiom? Shown { get; init; }

    /// <summary>Text as the page writes it, where cleaning changes it.</summary>
    public string? Written { get; init; }

    /// <summary>Its path, or an absolute address on another host; nothing: a number in the site's picture folder.</summary>
    public string? Address { get; init; }

    /// <summary>What else its host answers for it: the stations of a redirect.</summary>
    public IReadOnlyList<(string Path, DemoAnswer Answer)> Stations { get; init; } = [];
}

/// <summary>A page that says something about all of its pictures.</summary>
/// <param name="Name">File name without <c>.html</c>.</param>
/// <param name="Head">Elements for its head.</param>
/// <param name="Headers">Response headers.</param>
internal sealed record SpecialPage(string Name, string Head, params IReadOnlyList<(string Name, string Value)> Headers);
