using System.Text;
using WebImageText.Crawl.Providers;
using static WebImageText.Tests.Providers.LoopbackService;

namespace WebImageText.Tests.Providers;

/// <summary>Against a server that gives feeds in the shapes in which they are published.</summary>
public sealed class FeedProviderTests
{
    private static async Task<List<ProviderPage>> ReadAsync(string xml, string type = "application/rss+xml; charset=utf-8", params IReadOnlyList<(string, string)> headers)
    {
        LoopbackService? self = null;
        using var service = self = new LoopbackService(_ => new(200, Encoding.UTF8.GetBytes(xml.Replace("SELF", $"127.0.0.1:{self!.Port}", StringComparison.Ordinal)), type, headers));
        return await Providing.AllAsync(() => new FeedProvider([service.At("/feeds/all.xml").Href]), service.FetchAsync);
    }

    private static string Rss(string items, string channel = "") => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"
          xmlns:atom="http://www.w3.org/2005/Atom" xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule" xmlns:rsl="https://rslstandard.org/rsl">
        <channel><title>A site</title><atom:link href="http://site.example/feed" rel="self" type="application/rss+xml"/><link>http://site.example/</link>
        <description>News</description>{channel}{items}</channel></rss>
        """;

    private static string[] Texts(Candidate candidate) => [.. candidate.Texts.Select(text => $"{text.Source.Word()}: {text.Text}")];

    [Fact]
    public async Task A_blog_shows_its_images_in_the_markup_of_its_items()
    {
        var pages = await ReadAsync(Rss("""
            <item><title>Kites &amp; wind</title><link>http://site.example/2024/kites/</link><dc:creator><![CDATA[Ann]]></dc:creator>
            <guid isPermaLink="false">http://site.example/?p=7</guid><description><![CDATA[<p>Short</p><img src="thumb.jpg" alt="A small kite">]]></description>
            <content:encoded><![CDATA[<figure><img width="800" src="/a-800.jpg" srcset="/a-400.jpg 400w, /a-1600.jpg 1600w" alt="A red kite"><figcaption>A kite over the bay</figcaption></figure>
            <p><img src="https://cdn.example/b.png"></p><img src="data:image/gif;base64,R0" alt="x">]]></content:encoded></item>
            <item><title>Words alone</title><guid>http://site.example/words</guid></item>
            """));

        Assert.Equal(["http://site.example/2024/kites/", "http://site.example/words"], pages.SelectMany(page => page.Pages).Select(page => page.Href));
        var (thumb, kite, bare) = (pages.Candidates().ElementAt(0), pages.Candidates().ElementAt(1), pages.Candidates().ElementAt(2));
        Assert.Equal(["http://site.example/2024/kites/thumb.jpg", "http://site.example/a-1600.jpg", "https://cdn.example/b.png"], pages.Candidates().Select(candidate => candidate.Image.Href));
        Assert.Equal(["alt: A small kite"], Texts(thumb));
        Assert.Equal(["alt: A red kite", "figcaption: A kite over the bay"], Texts(kite));
        Assert.Equal(("http://site.example/2024/kites/", "feed", "Ann"), (kite.Page?.Href, kite.Provider, kite.Attribution));
        Assert.Empty(bare.Texts);
    }

    [Fact]
    public async Task Media_rss_names_an_image_with_its_texts_licence_and_credit()
    {
        var pages = await ReadAsync(Rss("""
            <item><title>Harbour</title><link>http://photos.example/1</link><description>&lt;p&gt;Ann posted a photo&lt;/p&gt;</description>
            <media:content url="https://live.example/1_b.jpg" type="image/jpeg" medium="image" height="683" width="1024">
              <media:hash algo="md5">dfdec888b72151965a34b4b59031290a</media:hash></media:content>
            <media:title>The old harbour</media:title><media:description type="html">&lt;p&gt;Boats in the &lt;b&gt;old&lt;/b&gt; harbour&lt;/p&gt;</media:description>
            <media:thumbnail url="https://live.example/1_s.jpg" height="75" width="75"/><media:credit role="publisher">A paper</media:credit><media:credit role="photographer">Ann</media:credit>
            <media:license type="text/html" href="https://creativecommons.org/licenses/by/2.0/">CC BY</media:license></item>
            <item><title>Film</title><link>http://photos.example/2</link>
            <media:group><media:content url="https://live.example/2-small.jpg" type="image/jpeg" width="100" height="80"/><media:content url="https://live.example/2-large.jpg" type="image/jpeg" width="2000" height="1600"/></media:group>
            <media:content url="https://live.example/3.mp4" type="video/mp4" medium="video"><media:title>A film of a mill</media:title><media:thumbnail url="https://live.example/3.jpg"/></media:content>
            <media:content url="https://live.example/4.svg" type="image/svg+xml" medium="image"/></item>
            """, "<creativeCommons:license>http://creativecommons.org/licenses/by-sa/1.0</creativeCommons:license>"));

        var found = pages.Candidates().ToList();
        Assert.Equal(["https://live.example/1_b.jpg", "https://live.example/2-large.jpg", "https://live.example/3.jpg"], found.Select(candidate => candidate.Image.Href));
        Assert.Equal(["media_description: Boats in the old harbour", "media_title: The old harbour", "feed_title: Harbour", "feed_description: Ann posted a photo"], Texts(found[0]));
        Assert.Equal(("https://creativecommons.org/licenses/by/2.0/", "Ann"), (found[0].License, found[0].Attribution));
        Assert.Equal(new ImageDigest("md5", "dfdec888b72151965a34b4b59031290a"), found[0].Digest);
        Assert.Equal(["feed_title: Film"], Texts(found[1]));
        Assert.Equal(("http://creativecommons.org/licenses/by-sa/1.0", null), (found[1].License, found[1].Attribution));
        Assert.Equal(["media_title: A film of a mill", "feed_title: Film"], Texts(found[2]));
    }

    [Fact]
    public async Task An_enclosure_that_is_an_image_has_the_words_of_its_item_and_one_picture_is_one_candidate()
    {
        var pages = await ReadAsync(Rss("""
            <item><title>Crab Nebula</title><link>/image/crab</link><enclosure url="/files/crab.jpg" length="123" type="image/jpeg"/><description>A remnant of a star &lt;img src="/files/crab.jpg" alt="The nebula"&gt;</description></item>
            <item><title>Talk</title><link>/talk</link><enclosure url="/talk.mp3" length="1" type="audio/mpeg"/></item>
            """));

        var crab = Assert.Single(pages.Candidates());
        Assert.Equal(("http://site.example/files/crab.jpg", "http://site.example/image/crab"), (crab.Image.Href, crab.Page?.Href));
        Assert.Equal(["feed_title: Crab Nebula", "feed_description: A remnant of a star", "alt: The nebula"], Texts(crab));
    }

    [Fact]
    public async Task Atom_has_bases_enclosures_markup_of_its_own_and_a_licence()
    {
        var pages = await ReadAsync("""
            <feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://org.example/" xmlns:media="http://search.yahoo.com/mrss/">
            <title type="text">Pictures</title><link rel="self" href="/feed.atom"/><link rel="license" href="https://l.example/by"/><author><name>Bo</name></author>
            <entry xml:base="blog/"><title>A &lt; B</title><link rel="edit" href="edit"/><link href="first"/><id>urn:1</id><updated>2024-01-01T00:00:00Z</updated>
              <link rel="enclosure" type="image/png" href="shot.png" title="A shot"/>
              <content type="xhtml" xml:base="pics/"><div xmlns="http://www.w3.org/1999/xhtml"><p>One &amp; two</p><img src="one.jpg" alt="One &quot;boat&quot;"/></div></content></entry>
            <entry><title type="html">The &amp;lt;b&amp;gt; mill</title><link rel="alternate" type="text/html" href="second"/><summary type="html">&lt;img src="two.jpg" alt="A mill"&gt;</summary>
              <content type="image/jpeg" src="https://cdn.example/mill.jpg"/></entry>
            <entry xml:base="javascript:alert(1)"><link href="third"/>
              <media:group><media:title>A film</media:title><media:content url="https://v.example/3" type="application/x-shockwave-flash"/><media:thumbnail url="https://i.example/3.jpg" width="480" height="360"/></media:group></entry>
            </feed>
            """, "application/atom+xml");

        Assert.Equal(["http://org.example/blog/first", "http://org.example/second", "http://org.example/third"], pages.SelectMany(page => page.Pages).Select(page => page.Href));
        var found = pages.Candidates().ToDictionary(candidate => candidate.Image.Href);
        Assert.Equal(["media_title: A shot", "feed_title: A < B"], Texts(found["http://org.example/blog/shot.png"]));
        Assert.Equal(["alt: One \"boat\""], Texts(found["http://org.example/blog/pics/one.jpg"]));
        Assert.Equal(["alt: A mill"], Texts(found["http://org.example/two.jpg"]));
        Assert.Equal(["feed_title: The <b> mill"], Texts(found["https://cdn.example/mill.jpg"]));
        Assert.Equal(["media_title: A film"], Texts(found["https://i.example/3.jpg"]));
        Assert.Equal(5, found.Count);
        Assert.All(found.Values, candidate => Assert.Equal(("https://l.example/by", "Bo"), (candidate.License, candidate.Attribution)));
    }

    [Fact]
    public async Task Rss_of_rdf_has_its_items_beside_its_channel()
    {
        var pages = await ReadAsync("""
            <?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
              xmlns:enc="http://purl.oclc.org/net/rss_2.0/enc#" xmlns:cc="http://web.resource.org/cc/">
            <channel rdf:about="http://old.example/rss"><title>Old</title><link>http://old.example/</link><items><rdf:Seq><rdf:li rdf:resource="http://old.example/1"/></rdf:Seq></items></channel>
            <image rdf:about="http://old.example/logo.png"><url>http://old.example/logo.png</url><link>http://old.example/about</link></image>
            <item rdf:about="http://old.example/1"><title>One</title><link>http://old.example/1</link><cc:license rdf:resource="http://l.example/pd"/>
              <enc:enclosure rdf:resource="http://old.example/one.gif" enc:type="image/gif" enc:length="5"/><content:encoded>&lt;img src="in/two.jpg" alt="Two"&gt;</content:encoded></item>
            <item rdf:about="http://old.example/2"><title>Two</title></item></rdf:RDF>
            """, "text/xml");

        Assert.Equal(["http://old.example/1", "http://old.example/2"], pages.SelectMany(page => page.Pages).Select(page => page.Href));
        Assert.Equal(["http://old.example/one.gif", "http://old.example/in/two.jpg"], pages.Candidates().Select(candidate => candidate.Image.Href));
        Assert.All(pages.Candidates(), candidate => Assert.Equal("http://l.example/pd", candidate.License));
    }

    [Fact]
    public async Task A_large_feed_is_read_in_parts_that_a_restart_can_enter()
    {
        var pages = await ReadAsync(Rss(string.Concat(Enumerable.Range(0, 1_200).Select(n => $"<item><link>/{n}</link><enclosure url='/{n}.jpg' type='image/jpeg'/></item>"))));

        Assert.Equal(3, pages.Count);
        Assert.Equal(Enumerable.Range(0, 1_200).Select(n => $"/{n}"), pages.SelectMany(page => page.Pages).Select(page => page.Path));
        Assert.Equal(1_200, pages.Candidates().Count());
    }

    [Fact]
    public async Task Files_are_feeds_too_and_one_after_the_other_is_read()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Rss("<item><link>/a</link><media:content url='/a.jpg' medium='image'/></item>"), TestContext.Current.CancellationToken);
        using var service = new LoopbackService(_ => Reply.Text(Rss("<item><link>/b</link></item>"), 200, "application/rss+xml"));

        var pages = await Providing.AllAsync(() => new FeedProvider([file, service.At("/gone/").Href]), service.FetchAsync);

        Assert.Equal(["http://site.example/a", "http://site.example/b"], pages.SelectMany(page => page.Pages).Select(page => page.Href));
        Assert.Equal("http://site.example/a.jpg", Assert.Single(pages.Candidates()).Image.Href);
        Assert.Contains("application/rss+xml", Assert.Single(service.Log).Headers["Accept"], StringComparison.Ordinal);
        Assert.DoesNotContain("text/html", Assert.Single(service.Log).Headers["Accept"], StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<IOException>(() => new FeedProvider([file + ".no"])).Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Theory]
    [InlineData("<?xml version='1.0' encoding='windows-1251'?>", "windows-1251", "text/xml")]
    [InlineData("<?xml version='1.0' encoding='utf-8'?>", "windows-1251", "text/xml; charset=windows-1251")]
    [InlineData("\r\n  <?xml version='1.0' encoding='x-unheard-of'?>", "utf-8", "text/xml")]
    [InlineData("<?xml version='1.0' encoding='utf-16'?>", "utf-16", "text/xml")]
    public async Task Its_encoding_is_what_its_answer_or_its_declaration_says(string declaration, string encoding, string type)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var feed = Encoding.GetEncoding(encoding);
        using var service = new LoopbackService(_ => new(200, [.. feed.GetPreamble(), .. feed.GetBytes(declaration + "<rss><channel><item><title>Кот\u0001</title><enclosure url='http://a.example/a.jpg' type='image/jpeg'/></item></channel></rss>")], type));

        var pages = await Providing.AllAsync(() => new FeedProvider([service.At("/").Href]), service.FetchAsync);

        Assert.Equal("Кот", Assert.Single(pages.Candidates()).Caption?.Text);
    }

    [Fact]
    public async Task A_wrong_encoding_costs_letters_and_not_the_feed()
    {
        using var service = new LoopbackService(_ => new(200, [.. "<?xml version='1.0' encoding='utf-8'?><rss><channel><item><title>caf"u8, 0xE9, .. " noir</title><enclosure url='http://a.example/a.jpg' type='image/jpeg'/></item></channel></rss>"u8], "text/xml"));

        var pages = await Providing.AllAsync(() => new FeedProvider([service.At("/").Href]), service.FetchAsync);

        Assert.Empty(pages[0].Notes);
        Assert.Equal("caf noir", Assert.Single(pages.Candidates()).Caption?.Text);
    }

    [Theory]
    [InlineData("<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><rss><channel><item><title>&b;</title><link>http://a.example/</link></item></channel></rss>", "it has a DTD, which is not read")]
    [InlineData("<!DOCTYPE rss [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><rss><channel><item><link>http://a.example/</link><title>&a;</title></item></channel></rss>", "DTD")]
    [InlineData("<rss><channel><item><link>http://site.example/kept</link></item><item><link>http://site.example/cut", "kept")]
    [InlineData("<!doctype html><html><head><title>Not found</title></head></html>", "it is no feed: it is a page")]
    [InlineData("<html><body>Not here</body></html>", "it is no feed: its root element is 'html'")]
    [InlineData("{\"version\": \"https://jsonfeed.org/version/1\"}", "it is no feed")]
    [InlineData("", "it is no feed")]
    [InlineData("<rss><channel><item><title>&nbsp;</title></item></channel></rss>", "nbsp")]
    public async Task What_is_no_feed_is_told_and_what_came_before_is_used(string xml, string words)
    {
        var pages = await ReadAsync(xml);

        var note = Assert.Single(Assert.Single(pages).Notes);
        Assert.StartsWith("feed 'http://127.0.0.1:", note, StringComparison.Ordinal);
        if (words == "kept")
            Assert.Equal("/kept", Assert.Single(pages[0].Pages).Path);
        else
            Assert.Contains(words, note, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Depth_and_numbers_have_an_end()
    {
        var deep = await ReadAsync(Rss($"<item><link>/kept</link></item><item><description>{string.Concat(Enumerable.Repeat("<a>", 100_000))}"));
        Assert.Contains("deeper than 64", Assert.Single(deep[0].Notes), StringComparison.Ordinal);
        Assert.Equal("/kept", Assert.Single(deep[0].Pages).Path);

        var many = await ReadAsync(Rss(string.Concat(Enumerable.Range(0, 10_050).Select(n => $"<item><link>/{n}</link></item>"))));
        Assert.Equal(10_000, many.Sum(page => page.Pages.Count));
        Assert.Equal(50, many[0].Skipped["item after the 10000th of a feed"]);
    }

    [Fact]
    public async Task A_feed_without_an_end_is_left()
    {
        using var service = new LoopbackService(_ => new(200, Encoding.UTF8.GetBytes("<rss><channel>"), "text/xml")
        {
            Endless = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<item><link>http://a.example/</link></item>", 1_000))),
        });

        var page = Assert.Single(await Providing.AllAsync(() => new FeedProvider([service.At("/").Href]), service.FetchAsync));

        Assert.Contains("too_large", Assert.Single(page.Notes), StringComparison.Ordinal);
        Assert.Empty(page.Pages);
    }

    [Fact]
    public async Task A_feed_that_is_not_there_is_told_and_the_next_is_read()
    {
        using var service = new LoopbackService(asked => asked.Path == "/no" ? Reply.None(404) : Reply.Text(Rss("<item><link>/b</link></item>"), 200, "text/xml"));

        var pages = await Providing.AllAsync(() => new FeedProvider([service.At("/no").Href, service.At("/yes").Href]), service.FetchAsync);

        Assert.Contains("404", pages[0].Notes[0], StringComparison.Ordinal);
        Assert.Equal("/b", Assert.Single(pages[1].Pages).Path);
    }

    [Theory]
    [InlineData("", "X-Robots-Tag", "noai", "x-robots-tag: noai", 1)]
    [InlineData("", "X-Robots-Tag", "nofollow", null, 0)]
    [InlineData("", "TDM-Reservation", "1", "tdm-reservation: 1", 1)]
    [InlineData("<rsl:content url='http://site.example/a'><rsl:license><rsl:prohibits type='usage'>ai-train</rsl:prohibits></rsl:license></rsl:content>", "X-A", "b", "rsl: prohibits ai-train", 1)]
    [InlineData("<rsl:content url='http://site.example/b'><rsl:license><rsl:prohibits type='usage'>ai-train</rsl:prohibits></rsl:license></rsl:content>", "X-A", "b", null, 1)]
    public async Task What_a_feed_says_about_use_holds_for_its_images(string more, string name, string value, string? optOut, int pagesVisited)
    {
        var pages = await ReadAsync(Rss($"<item><link>/a</link><enclosure url='/a.jpg' type='image/jpeg'/>{more}</item>"), headers: (name, value));

        Assert.Equal(optOut, Assert.Single(pages.Candidates()).OptOut);
        Assert.Equal(pagesVisited, pages[0].Pages.Count);
    }
}
