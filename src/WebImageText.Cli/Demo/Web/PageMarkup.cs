using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace WebImageText.Cli.Demo.Web;

/// <summary>A picture as a page names it.</summary>
/// <param name="Source">Address as written, relative or absolute.</param>
/// <param name="Small">Address of a copy of half the size.</param>
/// <param name="Text">As written.</param>
/// <param name="Idiom">The form.</param>
internal readonly record struct Shown(string Source, string Small, string Text, Idiom Idiom);

/// <summary>Writes pages the way the web does, in many ways.</summary>
internal static class PageMarkup
{
    /// <summary>The text of the logo that every page carries.</summary>
    public const string IconText = "The little logo of this web site, which is shown on every page";

    private const string Placeholder = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";

    // Letters stay letters: a page in windows-1252 must hold them as bytes, not as references.
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The elements that show a picture; empty for one that only the page's head names.</summary>
    public static string Of(Shown picture)
    {
        var (source, text) = (Html.Encode(picture.Source), Html.Encode(picture.Text));
        var small = Html.Encode(picture.Small);
        return picture.Idiom switch
        {
            Idiom.Alt => $"<p><img src=\"{source}\" alt=\"{text}\"></p>",
            Idiom.AltAndTitle => $"<p><img alt='{text}' title='Open this in a new window' src='{source}'></p>",
            Idiom.Lazy => $"<div class=card><img src=\"{Placeholder}\" data-src=\"{source}\" alt=\"{text}\" loading=lazy></div>",
            Idiom.Srcset => $"<img src=\"{small}\" srcset=\"{small} 180w, {source} 360w\" sizes=\"50vw\" alt=\"{text}\">",
            Idiom.Picture => $"<picture><source srcset=\"{small} 1x, {source} 2x\"><img src=\"{small}\" alt=\"{text}\"></picture>",
            Idiom.Figure => $"<figure><img src=\"{source}\"><figcaption>{text}</figcaption></figure>",
            Idiom.DecorativeFigure => $"<figure><a href='#'><img src=\"{source}\" alt=\"\"></a><figcaption><em>{text}</em></figcaption></figure>",
            Idiom.Title => $"<span><img src=\"{source}\" title=\"{text}\"></span>",
            Idiom.AriaLabel => $"<img src=\"{source}\" aria-label=\"{text}\" role=img>",
            Idiom.JsonLd => $"<img src=\"{source}\"><script type=\"application/ld+json\">{JsonLd(picture)}</script>",
            Idiom.Noscript => $"<div data-gallery><noscript><img src=\"{source}\" alt=\"{text}\"></noscript></div>",
            Idiom.Linked => $"<a href=\"{source}\"><img src=\"{source}\" alt=\"{text}\"></a>",
            Idiom.Decorative => $"<p><img src=\"{source}\" alt=\"\"></p>",
            Idiom.DecorativeTitle => $"<p><img src=\"{source}\" alt=\"\" title=\"{text}\"></p>",
            Idiom.Bare => $"<p><img src=\"{source}\"></p>",
            _ => "",
        };
    }

    /// <summary>What the head says of a picture.</summary>
    public static string OpenGraph(Shown picture) =>
        $"<meta property=\"og:image\" content=\"{Html.Encode(picture.Source)}\"><meta property=\"og:image:alt\" content=\"{Html.Encode(picture.Text)}\">";

    /// <summary>A whole page.</summary>
    /// <param name="title">Also its heading.</param>
    /// <param name="head">Further elements of the head.</param>
    /// <param name="links">Address and text.</param>
    /// <param name="body">Elements of the main part.</param>
    public static string Page(string title, string head, IEnumerable<(string Address, string Text)> links, IEnumerable<string> body)
    {
        var menu = string.Concat(links.Select(link => $"<li><a href=\"{Html.Encode(link.Address)}\">{Html.Encode(link.Text)}</a></li>"));
        return $"""
            <!doctype html>
            <html lang="en"><head>{head}<title>{Html.Encode(title)}</title></head>
            <body><h1>{Html.Encode(title)}</h1>
            <nav><ul>{menu}</ul></nav>
            <main>
            {string.Join('\n', body)}
            </main>
            <!-- <img src="/never/commented.jpg" alt="A purple cat that stands in a comment, where no reader sees it"> -->
            <p><img src="/icon.png" alt="{IconText}"></p>
            <footer><p>Words about the page itself, which no picture should take for its caption.</p></footer>
            </body></html>
            """;
    }

    private static string JsonLd(Shown picture)
    {
        // Three habits: one object, a graph, an image inside an article; caption or description.
        var form = picture.Text.Length % 3;
        var image = new Dictionary<string, string>
        {
            ["@type"] = "ImageObject",
            ["contentUrl"] = picture.Source,
            [form == 1 ? "description" : "caption"] = picture.Text,
        };
        object document = form switch
        {
            0 => new Dictionary<string, object> { ["@context"] = "https://schema.org", ["@graph"] = new[] { image } },
            1 => new Dictionary<string, string>(image) { ["@context"] = "https://schema.org" },
            _ => new Dictionary<string, object>
            {
                ["@context"] = "https://schema.org",
                ["@type"] = "Article",
                ["wordCount"] = picture.Text.Length.ToString(CultureInfo.InvariantCulture),
                ["image"] = image,
            },
        };
        return JsonSerializer.Serialize(document);
    }
}
