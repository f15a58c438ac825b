using System.Text;
using WebImageText.Crawl.OptOut;

namespace WebImageText.Crawl.Extract;

/// <summary>An <c>img</c> as it stands on the page; its texts and addresses are not read yet.</summary>
/// <param name="Alt">Null when the attribute is missing; empty when it says that the image is decoration.</param>
/// <param name="AriaLabel">The attribute, or empty.</param>
/// <param name="Title">The attribute, or empty.</param>
/// <param name="Plain">Addresses of lazy-load attributes and <c>src</c>, the best first.</param>
/// <param name="SrcSets">Of the <c>source</c> elements of its <c>picture</c>, then its own.</param>
/// <param name="Figure">Number of the figure around it, or -1.</param>
internal sealed record ImageFind(
    ReadOnlyMemory<char>? Alt, ReadOnlyMemory<char> AriaLabel, ReadOnlyMemory<char> Title,
    IReadOnlyList<ReadOnlyMemory<char>> Plain, IReadOnlyList<ReadOnlyMemory<char>> SrcSets, int Figure);

/// <summary>A <c>figure</c>: what belongs to every image in it.</summary>
internal sealed class FigureFind
{
    /// <summary>Text of its first caption that has any.</summary>
    public StringBuilder Caption { get; } = new();

    /// <summary>There is more than white space in <see cref="Caption"/>.</summary>
    public bool HasCaption { get; set; }

    /// <summary>Address of a <c>rel=license</c> link in it.</summary>
    public ReadOnlyMemory<char> License { get; set; }
}

/// <summary>An <c>og:image</c> and the <c>og:image:alt</c> after it.</summary>
internal sealed class OpenGraphImage(ReadOnlyMemory<char> address)
{
    public ReadOnlyMemory<char> Address { get; } = address;

    public ReadOnlyMemory<char> Alt { get; set; }
}

/// <summary>
/// Everything a page says that matters here, in the order of the page. The texts lie in the tokenizer's buffer: they are gone
/// when it is disposed.
/// </summary>
internal sealed class PageFinds
{
    public List<ImageFind> Images { get; } = [];

    public List<FigureFind> Figures { get; } = [];

    public List<(ReadOnlyMemory<char> Address, bool NoFollow)> Links { get; } = [];

    public List<OpenGraphImage> OpenGraph { get; } = [];

    public List<string> JsonLd { get; } = [];

    public List<OptOutSignal> Signals { get; } = [];

    public ReadOnlyMemory<char>? Base { get; set; }

    public ReadOnlyMemory<char> Language { get; set; }

    public ReadOnlyMemory<char> Canonical { get; set; }

    public ReadOnlyMemory<char> License { get; set; }

    public StringBuilder? Title { get; set; }

    public PageLimit LimitsHit { get; set; }
}
