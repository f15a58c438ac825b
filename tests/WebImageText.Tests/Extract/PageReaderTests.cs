using System.Text;
using WebImageText.Crawl.Extract;
using WebImageText.Crawl.OptOut;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Extract;

public class PageReaderTests
{
    // PAGE, what images must come out as "path: source text | source text"
    [Theory]
    [InlineData("<img src=a.jpg alt='A cat'>", "/d/a.jpg: alt A cat")]
    [InlineData("<img src=a.jpg>", "/d/a.jpg: ")]
    [InlineData("<img src=a.jpg title=T>", "/d/a.jpg: title T")]
    [InlineData("<img src=a.jpg aria-label=L title=T>", "/d/a.jpg: aria_label L | title T")]
    [InlineData("<IMG SRC=a.jpg ALT='A cat' TITLE='T' aria-label=L>", "/d/a.jpg: alt A cat | aria_label L | title T")]
    [InlineData("<image src=a.jpg alt=x>", "/d/a.jpg: alt x")]
    [InlineData("<img src=a.jpg alt='' title=T aria-label=L>", "/d/a.jpg: ")]
    [InlineData("<img src=a.jpg alt title=T>", "/d/a.jpg: ")]
    [InlineData("<img src=a.jpg alt=' ' title=T>", "/d/a.jpg: title T")]
    [InlineData("<figure><img src=a.jpg alt=''><figcaption>C</figcaption></figure>", "/d/a.jpg: figcaption C")]
    [InlineData("<figure><figcaption>C</figcaption><img src=a.jpg alt=A title=T></figure>", "/d/a.jpg: alt A | figcaption C | title T")]
    [InlineData("<figure><img src=a.jpg><figcaption>one<br>two <b>th</b>ree<p>four</p>five</figcaption></figure>",
        "/d/a.jpg: figcaption one two three four five")]
    [InlineData("<figure><img src=a.jpg><figcaption> <img src=b.jpg alt=icon> <script>x</script><style>y</style>C<svg><title>z</title></svg></figcaption></figure>",
        "/d/a.jpg: figcaption C; /d/b.jpg: alt icon | figcaption C")]
    [InlineData("<figure><img src=a.jpg><figcaption> </figcaption><figcaption>C</figcaption><figcaption>D</figcaption></figure>",
        "/d/a.jpg: figcaption C")]
    [InlineData("<figure><figure><img src=a.jpg></figure><figcaption>gallery</figcaption></figure><img src=b.jpg>", "/d/a.jpg: ; /d/b.jpg: ")]
    [InlineData("<figure><img src=a.jpg></figure><figcaption>stray</figcaption>", "/d/a.jpg: ")]
    [InlineData("<figure><img src=a.jpg><figcaption>C</figure><img src=b.jpg alt=B> text", "/d/a.jpg: figcaption C; /d/b.jpg: alt B")]
    [InlineData("<img src=a.jpg alt='&lt;b&gt; &amp;amp; &#x41;&nbsp;x'>", "/d/a.jpg: alt <b> &amp; A x")]
    [InlineData("<img src=a.jpg alt=x alt=y>", "/d/a.jpg: alt x")]
    [InlineData("<!-- <img src=a.jpg alt=x> --><script>'<img src=b.jpg>'</script><textarea><img src=c.jpg></textarea>", "")]
    [InlineData("<template><img src=a.jpg alt=x></template><img src=b.jpg>", "/d/b.jpg: ")]
    [InlineData("<template shadowrootmode=open><img src=a.jpg alt=x></template>", "/d/a.jpg: alt x")]
    [InlineData("<svg><image href=a.jpg /><title><img src=b.jpg alt=B></title></svg><img src=c.jpg>", "/d/b.jpg: alt B; /d/c.jpg: ")]
    [InlineData("<svg><style><img src=b.jpg alt=B>", "/d/b.jpg: alt B")]
    [InlineData("<svg><![CDATA[<img src=b.jpg>]]></svg><img src=c.jpg>", "/d/c.jpg: ")]
    [InlineData("<noscript><img src=a.jpg alt=A></noscript>", "/d/a.jpg: alt A")]
    [InlineData("<img src=a.jpg alt=A><img src='../d/./a.jpg#x' alt=B title=A>", "/d/a.jpg: alt A | alt B")]
    [InlineData("<img src=a.jpg alt=''><img src=a.jpg alt=B>", "/d/a.jpg: alt B")]
    [InlineData("<base href=//cdn.example/x/><base href=/y/><img src=a.jpg>", "//cdn.example/x/a.jpg: ")]
    [InlineData("<img src=a.jpg><base href=/z/>", "/z/a.jpg: ")]
    [InlineData("<base href='javascript:x'><img src=a.jpg>", "/d/a.jpg: ")]
    [InlineData("<img src='javascript:x'><img src='ftp://h.example/a.jpg'><img src='file:///etc/passwd'><img src=''><img src='#'><img>", "")]
    [InlineData("<img src='data:image/gif;base64,R0' data-src=b.jpg alt=B>", "/d/b.jpg: alt B")]
    [InlineData("<img src=spacer.gif data-original=b.jpg>", "/d/b.jpg: ")]
    [InlineData("<img src=a.jpg data-original=true>", "/d/a.jpg: ")]
    [InlineData("<img src='{{ product.image }}' alt=x>", "")]
    [InlineData("<img src=a.jpg srcset='b.jpg 100w, c.jpg 300w, d.jpg 200w'>", "/d/c.jpg: ")]
    [InlineData("<img src=a.jpg srcset='b.jpg 2x'>", "/d/b.jpg: ")]
    [InlineData("<img src=a.jpg data-srcset='b.jpg 100w, c.jpg 200w' srcset='data:,x 1w'>", "/d/c.jpg: ")]
    [InlineData("<picture><source srcset=b.jxl type=image/jxl><source srcset='c.webp 900w' type='image/webp'><img src=a.jpg alt=A></picture><img src=d.jpg>",
        "/d/c.webp: alt A; /d/d.jpg: ")]
    [InlineData("<video><source srcset=b.jpg></video><img src=a.jpg>", "/d/a.jpg: ")]
    [InlineData("<meta property=og:image content=/o.jpg><meta property=og:image:alt content='An O'><img src=/o.jpg alt=I>", "/o.jpg: alt I | og_image_alt An O")]
    [InlineData("<meta name=og:image content=/o.jpg><img src=a.jpg>", "/d/a.jpg: ; /o.jpg: ")]
    [InlineData("<meta property=og:image content=/o.jpg><meta property=og:image:alt content=O><img src=/o.jpg alt=''>", "/o.jpg: ")]
    public void Images_come_with_their_texts(string html, string images) => Assert.Equal(images, Images(html));

    [Theory]
    [InlineData("{'@type':'ImageObject','contentUrl':'/j.jpg','caption':'C','description':'D'}", "/j.jpg: json_ld C | json_ld D")]
    [InlineData("{'@type':'ImageObject','url':'j.jpg','description':'D'}", "/d/j.jpg: json_ld D")]
    [InlineData("[{'@graph':[{'@type':['Thing','ImageObject'],'contentUrl':['/j.jpg'],'caption':['C',{'@value':'E'}]}]}]", "/j.jpg: json_ld C | json_ld E")]
    [InlineData("{'@type':'NewsArticle','image':{'@type':'https://schema.org/ImageObject','url':{'@id':'/j.jpg'},'caption':{'@type':'MediaObject','url':'/x','text':'C'}}}",
        "/j.jpg: json_ld C")]
    [InlineData("{'@type':'Product','image':'/p.jpg','name':'N'}", "")]
    [InlineData("{'@type':'ImageObject','contentUrl':'/j.jpg','author':{'@type':'Person','name':'N','image':{'@type':'ImageObject','url':'/k.jpg'}}}", "/j.jpg: ; /k.jpg: ")]
    [InlineData("{'@type':'ImageObject','contentUrl':'/j.jpg','caption':'<p>a<br>b &amp;amp; c</p>'}", "/j.jpg: json_ld a b &amp; c")]
    [InlineData("//<![CDATA[\n{'@type':'ImageObject','contentUrl':'/j.jpg','caption':'C',}\n//]]>", "/j.jpg: json_ld C")]
    [InlineData("<!-- {'@type':'ImageObject','contentUrl':'/j.jpg','caption':'C'} -->", "/j.jpg: json_ld C")]
    [InlineData("{'@type':'ImageObject','contentUrl':'data:,x','caption':'C'}", "")]
    [InlineData("{'@type':5,'contentUrl':7,'caption':null}", "")]
    [InlineData("{'@type':'ImageObject','contentUrl':'/j.jpg','caption':'\\ud800'}", "/j.jpg: ")]
    [InlineData("{'@type':'ImageObject','contentUrl':'/j.jpg'", "")]
    public void Image_objects_count(string json, string images) => Assert.Equal(images,
        Images($"<script type='application/LD+json; charset=utf-8'>{json.Replace('\'', '"')}</script>"));

    [Fact]
    public void The_texts_of_an_image_object_go_to_the_image_of_its_address() => Assert.Equal(
        "/d/a.jpg: alt A | title T | json_ld C",
        Images("""<script type=application/ld+json>{"@type":"ImageObject","contentUrl":"a.jpg","caption":"C"}</script><img src=a.jpg title=T alt=A>"""));

    [Fact]
    public void Captions_of_the_text_vectors_are_stored_as_they_are_read()
    {
        foreach (var item in Vectors.Of("policy_vectors.json", "text"))
        {
            var alt = item.Text("alt")!;
            // that one is mark-up already
            var html = item.Text("id") == "tx27" ? alt : alt.Replace("&", "&amp;").Replace("\"", "&quot;");
            var image = Assert.Single(Read($"<meta charset=utf-8><img src=a.jpg alt=\"{html}\">").Images);
            var caption = image.Caption?.Text ?? "";

            Assert.DoesNotContain(caption, letter => char.IsControl(letter) || letter is '\u202E' or '\u200B' or '\uFFFD');
            Assert.True(caption.IsNormalized(NormalizationForm.FormC));
            Assert.Equal(caption.Trim(), caption);
            Assert.Equal(alt.Length == 0, caption.Length == 0);
            if (item.Text("id") == "tx27")
                Assert.Equal("<b> &amp; A", caption);
            if (item.Text("id") == "tx13")
                Assert.Equal("ab", caption);
        }
    }

    [Fact]
    public void Links_are_absolute_and_distinct_and_say_whether_to_follow()
    {
        var links = Read("""
            <a href=/x>1</a><a href="/x#there" rel=nofollow>2</a><a rel="noopener NOFOLLOW" href=y>3</a><area href=z rel=no-follow>
            <a href="mailto:a@b.example">4</a><a href="javascript:x">5</a><a href="#top">6</a><a href="page.html#s">7</a><a>8</a>
            <form action=/f><button formaction=/g></form><link rel="next nofollow" href=/n><link rel=stylesheet href=/s.css>
            <a href=" //other.example/&amp;q ">9</a><a rel=sponsored href=/w>
            """).Links;

        Assert.Equal(
            ["http://h.example/x", "http://h.example/d/y -", "http://h.example/d/z", "http://h.example/n -", "http://other.example/&q", "http://h.example/w"],
            links.Select(link => link.Address.Href + (link.NoFollow ? " -" : "")));
    }

    [Fact]
    public void Links_of_the_vectors_are_followed_or_not()
    {
        foreach (var item in Vectors.Of("optout_vectors.json", "links"))
        {
            var followed = Read(item.Text("html")!).Links.Any(link => !link.NoFollow);
            Assert.Equal((item.Text("id"), item.GetProperty("follow").GetBoolean()), (item.Text("id"), followed));
        }
    }

    [Fact]
    public void The_page_says_what_it_is()
    {
        var page = Read("""
            <!doctype html><html lang=en-GB><head><title> A &lt;b&gt;
            page </title><svg><title>no</title></svg><link rel=canonical href=/c><base href=/b/></head>
            """);

        Assert.Equal(("en-GB", "A <b> page", "http://h.example/c", "http://h.example/b/", "windows-1252"),
            (page.Language, page.Title, page.Canonical?.Href, page.Base.Href, page.Charset));
        Assert.Equal(PageLimit.None, page.LimitsHit);
    }

    [Fact]
    public void A_licence_belongs_to_the_image_it_stands_with_or_to_the_page()
    {
        var images = Read("""
            <link rel=license href=/page><figure><img src=a.jpg><figcaption><a rel="license noopener" href=/fig>CC</a></figcaption></figure>
            <img src=b.jpg><img src=c.jpg><script type=application/ld+json>
            {"@type":"ImageObject","contentUrl":"c.jpg","license":{"@type":"CreativeWork","url":"https://c.example/by"}}</script>
            <link rel=license type=application/rsl+xml href=/rsl.xml>
            """).Images;

        Assert.Equal(["http://h.example/fig", "http://h.example/page", "https://c.example/by"], images.Select(image => image.License));
    }

    [Fact]
    public void Statements_about_use_are_kept_as_they_stand()
    {
        var signals = Read("""
            <meta name=" ROBOTS" content="NOAI, nofollow"><noscript><meta name=WebImageText content=none></noscript><meta name=otherbot content=noai>
            <meta property=robots content=noml><meta http-equiv=X-Robots-Tag content=noindex><meta name=tdm-reservation content=1>
            <meta name=tdm-policy content="https://p.example"><link rel=license type="application/rsl+xml" href="/l.xml">
            <script type=application/rsl+xml><rsl><content url="/d/"><license><prohibits type="usage">ai-train</prohibits></license></content></rsl></script>
            <template><meta name=robots content=noindex></template><meta name=robots>
            """).Signals;

        Assert.Equal(
            [
                new(OptOutSource.MetaRobots, "NOAI, nofollow"), new(OptOutSource.MetaRobots, "none"),
                new(OptOutSource.MetaRobots, "noml"), new(OptOutSource.XRobotsTag, "noindex"), new(OptOutSource.TdmMeta, "1"),
                new(OptOutSource.TdmPolicy, "https://p.example"), new(OptOutSource.RslLink, "/l.xml"), new(OptOutSource.Rsl, "prohibits ai-train"),
            ],
            signals);
    }

    [Fact]
    public void The_text_of_an_encoding_that_hides_markup_is_refused()
    {
        var page = Read("<img src=a.jpg>", "text/html; charset=iso-2022-kr");

        Assert.Equal((0, PageLimit.Encoding, "replacement"), (page.Images.Count, page.LimitsHit, page.Charset));
    }

    [Fact]
    public void The_stated_encoding_counts()
    {
        byte[] body = [.. "<img src=a.jpg alt='"u8, 0xCF, 0xF0, 0xE8, .. "'>"u8];

        var page = PageReader.Read(body, "text/html; charset=windows-1251", Address, "pages", new(), CancellationToken.None);

        Assert.Equal("При", Assert.Single(page.Images).Caption?.Text);
    }

    private static readonly WebAddress Address = WebAddress.Parse("http://h.example/d/page.html");

    private static PageContent Read(string html, string contentType = "text/html") =>
        PageReader.Read(Encoding.UTF8.GetBytes(html), contentType, Address, "pages", new(), TestContext.Current.CancellationToken);

    private static string Images(string html) => string.Join("; ", Read(html).Images.Select(image =>
        image.Image.Href.Replace("http://h.example", "").Replace("http:", "") + ": "
        + string.Join(" | ", image.Texts.Select(text => $"{text.Source.Word()} {text.Text}"))));
}
