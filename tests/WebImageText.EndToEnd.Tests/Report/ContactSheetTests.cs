using System.Globalization;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CsCheck;
using WebImageText.Cli.Report;
using WebImageText.Curate.Pixels;

namespace WebImageText.Tests.Report;

[Collection(OneAtATime.Name)]
public sealed class ContactSheetTests : IDisposable
{
    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "</p></li></ul><script src=//evil.example/x.js></script>",
        "<svg/onload=alert(1)>", "javascript:alert(1)", "<!-- ", "]]>", "</style><style>*{display:none}</style>", "<base href=//evil.example/>",
        "&lt;script&gt;", "\u202Egnp.exe", "a\u0000b\u001b[31mc", "\ud800 lone", "<iframe srcdoc='<script>alert(1)</script>'>", "<meta http-equiv=refresh content=0>",
    ];

    private static readonly string[] Attributes =
    [
        "alt", "aria-hidden", "aria-labelledby", "charset", "class", "content", "decoding", "dir", "height", "href", "http-equiv", "id", "lang", "loading",
        "name", "preserveAspectRatio", "scope", "src", "viewBox", "width", "x",
    ];

    private static readonly string[] Elements =
    [
        "a", "b", "body", "caption", "dd", "div", "dl", "dt", "footer", "h1", "h2", "head", "header", "html", "img", "li", "main", "meta", "p", "rect",
        "section", "span", "style", "svg", "table", "tbody", "td", "th", "thead", "title", "tr", "ul",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("wit-sheet-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Hostile_texts_stay_texts()
    {
        foreach (var text in Hostile)
        {
            var page = Page(Sheet(text));

            AssertHarmless(page);
            Assert.Equal(Visible(text), page.QuerySelector("section .caption")!.TextContent);
            Assert.Equal(Visible(text), page.QuerySelector("section .address")!.TextContent);
            Assert.Equal(Visible(text), page.QuerySelector("title")!.TextContent);
        }
    }

    [Fact]
    public void No_text_at_all_changes_the_page()
    {
        var harmless = Shape(Page(Sheet("words")));
        Gen.Char["<>\"'&;=/! -\u0000\n\u2028\ud800\udc00ascript"].Array[1, 40].Select(letters => "x" + new string(letters) + "x").Sample(text =>
        {
            var page = Page(Sheet(text));
            AssertHarmless(page);
            return Shape(page) == harmless;
        }, iter: 2_000);
    }

    [Fact]
    public void The_page_forbids_scripts_and_everything_from_elsewhere()
    {
        var page = Page(Sheet("words"));

        var policy = page.QuerySelector("meta[http-equiv='Content-Security-Policy']")!.GetAttribute("content")!;
        var style = page.QuerySelector("style")!.TextContent;
        Assert.StartsWith("default-src 'none';", policy);
        Assert.Contains($"'sha256-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'", policy);
        Assert.DoesNotContain("url(", style);
        Assert.DoesNotContain("@import", style);
        Assert.All(page.QuerySelectorAll("img"), image => Assert.Matches("^thumbs/[0-9]{4}\\.webp$", image.GetAttribute("src")!));
        Assert.All(page.QuerySelectorAll("a"), link => Assert.StartsWith("#", link.GetAttribute("href")!));
    }

    [Fact]
    public void Every_outcome_stands_in_the_table_and_has_its_section()
    {
        var dropped = DropReasons.All.ToDictionary(reason => reason, reason => new SheetSection((int)reason, [new(default, "A text", Detail: "why")]));
        var page = Page(Sheet("words") with { Dropped = dropped });

        foreach (var reason in DropReasons.All)
        {
            var row = page.QuerySelectorAll("tbody tr").Single(row => row.QuerySelector("a")!.GetAttribute("href") == $"#{reason.Word()}");
            Assert.Equal(((int)reason).ToString(CultureInfo.InvariantCulture), row.QuerySelector(".number")!.TextContent);
            Assert.NotEmpty(row.QuerySelector(".meaning")!.TextContent);
            Assert.Equal("why", page.QuerySelector($"section[aria-labelledby='{reason.Word()}'] .detail")!.TextContent);
        }
    }

    [Fact]
    public void A_long_section_shows_sixty_and_says_how_many_more()
    {
        var examples = Enumerable.Range(0, 80).Select(n => new SheetPicture(default, $"Picture {n}")).ToArray();
        var page = Page(Sheet("words") with { Kept = new(1_741, examples) });

        var section = page.QuerySelector("section[aria-labelledby='kept']")!;
        Assert.Equal(60, section.QuerySelectorAll("li").Length);
        Assert.Contains("1,741 in all, 1,681 more than shown here.", section.QuerySelector("p")!.TextContent);
    }

    [Fact]
    public async Task Thumbnails_are_written_and_old_ones_go()
    {
        var photo = VectorPicture.Render("<svg xmlns='http://www.w3.org/2000/svg' width='800' height='600'><circle r='300'/></svg>", DrawnFormat.Jpeg);
        var sheet = Sheet("words") with { Kept = new(2, [new(photo, "One"), new("<html>"u8.ToArray(), "Two")]) };
        Directory.CreateDirectory(Path.Combine(_folder, "thumbs"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "thumbs", "9999.webp"), "old", TestContext.Current.CancellationToken);

        var index = await SheetWriter.WriteAsync(sheet, _folder, TestContext.Current.CancellationToken);

        Assert.Equal(Path.Combine(_folder, "index.html"), index);
        var only = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "thumbs")));
        using var thumbnail = NetVips.Image.NewFromFile(only);
        Assert.Equal((360, 270), (thumbnail.Width, thumbnail.Height));
        var page = Parse(await File.ReadAllTextAsync(index, TestContext.Current.CancellationToken));
        Assert.Equal($"thumbs/{Path.GetFileName(only)}", page.QuerySelector("section img")!.GetAttribute("src"));
        Assert.Equal("no picture", page.QuerySelectorAll("section .frame")[1].TextContent);
    }

    [Fact]
    public void An_empty_sheet_is_a_page_too()
    {
        var page = Page(new("Nothing", "", [], new(0, []), new Dictionary<DropReason, SheetSection>()));

        Assert.Equal("Nothing", page.QuerySelector("h1")!.TextContent);
        Assert.Single(page.QuerySelectorAll("tbody tr"));
    }

    private static SheetPicture Picture(string text) => new(default, text, text, text, text);

    private static IDocument Page(ContactSheet sheet) =>
        Parse(SheetPage.Write(sheet, sheet.Kept.Examples.Take(1).ToDictionary(picture => picture, _ => "thumbs/0000.webp")));

    private static ContactSheet Sheet(string text) => new(
        text, text, [(text, text)], new(1, [Picture(text)]),
        new Dictionary<DropReason, SheetSection> { [DropReason.Language] = new(1, [Picture(text)]) });

    private static IDocument Parse(string html) => new HtmlParser().ParseDocument(html);

    /// <summary>Element names from top to bottom.</summary>
    private static string Shape(IDocument page) => string.Join(' ', page.All.Select(element => element.LocalName));

    private static void AssertHarmless(IDocument page)
    {
        Assert.All(page.All, element => Assert.Contains(element.LocalName, Elements));
        Assert.All(page.All.SelectMany(element => element.Attributes), attribute => Assert.Contains(attribute.Name, Attributes));
    }

    /// <summary>Control characters become spaces, a lone surrogate the replacement character.</summary>
    private static string Visible(string text) => string.Concat(text.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? " " : rune.ToString()));
}
