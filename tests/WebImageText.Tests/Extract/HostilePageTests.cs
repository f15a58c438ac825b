using System.Diagnostics;
using System.Text;
using AngleSharp.Html.Parser;
using CsCheck;
using WebImageText.Crawl.Extract;

namespace WebImageText.Tests.Extract;

public class HostilePageTests
{
    private static readonly WebAddress Address = WebAddress.Parse("http://h.example/d/page.html");
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10); // what grows as the square takes minutes

    public static TheoryData<string, string> Bombs => new()
    {
        { "div", Many("<div>", 60_000) },
        { "b", Many("<b>", 100_000) },
        { "dl", Many("<dd><dl>", 40_000) },
        { "misnested", Many("<b><i><u></b></i></u>", 15_000) },
        { "font", Many("<font><p>", 35_000) },
        { "table", Many("<table><tr><td>", 20_000) },
        { "figure", Many("<figure><figcaption>x", 200_000) },
        { "unmatched ends", Many("<svg><picture></figure></template>", 150_000) },
        { "svg", Many("<svg>", 600) + Many("<title>x</svg>", 300_000) },
        { "svg and html", Many("<svg><foreignobject>", 300_000) },
        { "attributes", "<img " + Many("a=1 ", 100_000) + "src=a.jpg alt=last>" },
        { "read attributes", "<img " + Many("alt=1 src=x ", 100_000) + ">" },
        { "attribute names", "<img " + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"data-src{i} ")) + ">" },
        { "entities", "<img src=a.jpg alt='" + Many("&CounterClockwiseContourIntegral;&aaaaaaaaaaaaaaaaaaaaaaaaaaaaa&&#x;&#", 50_000) },
        { "long number", "<img src=a.jpg alt='&#" + Many("9", 1_000_000) + ";'>" },
        { "unclosed script", "<script>" + Many("<!--<script>", 100_000) },
        { "unclosed comment", "<!--" + Many("-- ! --!", 300_000) },
        { "unclosed attribute", "<img src=\"" + Many("<img src='", 300_000) },
        { "slashes", Many("</", 1_000_000) + Many("/", 1_000_000) },
        { "JSON-LD depth", "<script type=application/ld+json>" + Many("[", 100_000) },
        { "JSON-LD objects", "<script type=application/ld+json>[" + Many("{\"@type\":\"ImageObject\",\"url\":\"a\"},", 25_000) + "{}]</script>" },
        { "JSON-LD blocks", Many("<script type=application/ld+json>{}</script>", 100_000) },
        { "JSON-LD keys", "<script type=application/ld+json>[{" + Many("\"a\":{},", 100_000) + "\"@type\":\"ImageObject\"}]</script>" },
        { "JSON-LD html", "<script type=application/ld+json>{\"@type\":\"ImageObject\",\"url\":\"a.jpg\",\"caption\":\"" + Many("<b", 400_000) + "\"}</script>" },
        { "srcset", "<img srcset='" + Many("a.jpg 1w (,", 200_000) + Many(",b.jpg 2x", 200_000) + "'>" },
        { "sources", "<picture>" + Many("<source srcset='a 1w,b 2w'>", 100_000) + Many("<img>", 1_000) },
        { "images", Many("<img src=a.jpg alt=A>", 200_000) },
        { "distinct images", string.Concat(Enumerable.Range(0, 100_000).Select(i => $"<img src=/{i}.jpg>")) },
        { "links", string.Concat(Enumerable.Range(0, 100_000).Select(i => $"<a href=/{i}>")) },
        { "metas", Many("<meta name=robots content=noai>", 100_000) },
        { "NUL", Many("\0", 3_000_000) + "<img src=a.jpg alt=A>" },
        { "marks", "<img src=a.jpg alt='" + Many("\u0351\u0327", 1_000_000) + "'>" },
        { "caption", "<figure><img src=a.jpg>" + Many("<figcaption> </figcaption>", 150_000) + "<figcaption>" + Many("word<p>", 500_000) },
        { "title", "<title>" + Many("a<", 2_000_000) },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void No_page_costs_more_than_its_length(string name, string html)
    {
        var body = Encoding.UTF8.GetBytes(html);
        Read(body, null);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();

        var page = Read(body, "text/html; charset=utf-8");

        Assert.True(watch.Elapsed < Budget, $"{name} took {watch.Elapsed}");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
        Assert.InRange(page.Images.Count, 0, 200);
        Assert.InRange(page.Links.Count, 0, 2_000);
        Assert.InRange(page.Signals.Count, 0, 100);
    }

    [Fact]
    public void Limits_that_were_hit_are_told()
    {
        Assert.Equal(PageLimit.Images, Html(string.Concat(Enumerable.Range(0, 201).Select(i => $"<img src=/{i}.jpg>"))).LimitsHit);
        Assert.Equal(PageLimit.Links, Html(Many("<a href=/x>", 2_001)).LimitsHit);
        Assert.Equal(PageLimit.SrcSet, Html("<img srcset='" + Many("a.jpg 1w,", 101) + "'>").LimitsHit);
        Assert.Equal(PageLimit.OpenElements, Html(Many("<figure>", 513)).LimitsHit);
        Assert.Equal(PageLimit.Signals, Html(Many("<meta name=robots content=all>", 101)).LimitsHit);
        Assert.Equal(PageLimit.JsonLd, Html("<script type=application/ld+json>" + Many("[", 65) + Many("]", 65) + "</script>").LimitsHit);
        Assert.Equal(PageLimit.Tokens, Html(Many("<p>", 1_000_001)).LimitsHit);
        Assert.Equal(PageLimit.Bytes, Html(Many(" ", 5_000_001)).LimitsHit);
        Assert.Equal(PageLimit.None, Html(Many("[<b>", 1_000)).LimitsHit);
    }

    [Fact]
    public void A_page_cut_by_the_limit_gives_what_came_before() => Assert.Equal("A",
        Assert.Single(Html("<img src=a.jpg alt=A>" + Many(" ", 5_000_000) + "<img src=b.jpg>").Images).Caption?.Text);

    [Fact]
    public void Reading_stops_when_it_is_told_to() => Assert.Throws<OperationCanceledException>(() =>
        PageReader.Read("<p>"u8.ToArray(), null, Address, "pages", new(), new CancellationToken(canceled: true)));

    [Theory]
    [InlineData("text/html; charset=utf-16le")]
    [InlineData("text/html; charset=utf-16be")]
    [InlineData("text/html; charset=shift_jis")]
    [InlineData("text/html; charset=gb18030")]
    [InlineData("text/html; charset=iso-2022-jp")]
    [InlineData("text/html; charset=utf-8")]
    public void Garbage_is_read_in_any_encoding(string contentType) => Gen.Byte.Array[0, 400].Sample(bytes =>
    {
        Read([.. bytes, .. "<img src=a.jpg alt="u8, .. bytes, .. "><script type=application/ld+json>"u8, .. bytes], contentType);
    });

    // The reference is a tree built by the same standard. Not in the words: what a tree drops or moves (select, frameset,
    // table), and an end tag in a drawing for what was opened outside it.
    [Fact]
    public void The_images_of_any_page_are_those_of_its_tree()
    {
        string[] words =
        [
            "<img src=1.jpg alt=a>", "<img src=2.jpg alt='b c'>", "<image src=3.jpg>", "<noscript><img src=4.jpg></noscript>",
            "<svg><title>t</title><g></g><foreignobject><p>p</p></foreignobject><desc>d</desc><style></svg>", "<svg><path/><g><div>",
            "<svg><a href=x><image href=5.jpg></a></svg>", "</svg>", "<math><mi>x</mi></math>", "<math><svg><p>", "</math>", "<path/>",
            "<title>", "</title>", "<style>", "</style>", "<script>", "</script>", "<textarea>", "</textarea>", "<xmp>", "</xmp>",
            "<iframe>", "</iframe>", "<!--", "-->", "]]>", "<p>", "</p>", "<div>", "<figure>", "<b>", "<picture>", "<a href=x>t</a>",
            "\"", "'", ">", "<", "&lt;", "text",
        ];
        var parser = new HtmlParser(new HtmlParserOptions { IsScripting = false });
        Gen.Int[0, words.Length - 1].Select(i => words[i]).Array[0, 14].Sample(picked =>
        {
            var html = "<!doctype html><body>" + string.Concat(picked);
            using var document = parser.ParseDocument(html);
            var tree = document.QuerySelectorAll("img").Select(image => image.GetAttribute("src")).Where(src => src is not null).Distinct();
            var found = Html(html).Images.Select(image => image.Image.Href["http://h.example/d/".Length..]);
            return tree.SequenceEqual(found);
        });
    }

    private static string Many(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();

    private static PageContent Html(string html) => Read(Encoding.UTF8.GetBytes(html), "text/html; charset=utf-8");

    private static PageContent Read(byte[] body, string? contentType) =>
        PageReader.Read(body, contentType, Address, "pages", new(), CancellationToken.None);
}
