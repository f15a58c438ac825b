using System.IO.Compression;
using System.Text;
using WebImageText.Crawl.Providers;
using static WebImageText.Tests.Providers.LoopbackService;

namespace WebImageText.Tests.Providers;

public class SitemapProviderTests
{
    private const string Open = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'>";

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private static Reply Xml(string text) => Reply.Text(text, 200, "application/xml");

    private static string Url(string page, params string[] images) =>
        $"<url><loc>{page}</loc><lastmod>2024-01-01</lastmod>{string.Concat(images.Select(image => $"<image:image>{image}</image:image>"))}</url>";

    private static async Task<List<ProviderPage>> ReadAsync(Func<Asked, LoopbackService, Reply> answer, string place)
    {
        LoopbackService? self = null;
        using var service = self = new LoopbackService(asked => answer(asked, self!));
        return await Providing.AllAsync(() => new SitemapProvider([service.At(place)]), service.FetchAsync);
    }

    [Fact]
    public async Task A_site_names_its_sitemaps_in_robots_txt_and_an_index_leads_to_more()
    {
        var pages = await ReadAsync((asked, service) => asked.Path switch
        {
            "/robots.txt" => Reply.Text($"User-agent: *\nDisallow:\nSitemap: {service.At("/index.xml")}\n"),
            "/index.xml" => Xml($"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>{service.At("/a.xml.gz")}</loc></sitemap><sitemap><loc>{service.At("/b.txt")}</loc></sitemap></sitemapindex>"),
            "/a.xml.gz" => new(200, Gzip(Open + Url($"{service.At("/one")}") + "</urlset>"), "application/gzip"),
            "/b.txt" => Reply.Text($"{service.At("/two")}\nhttp://other.example/three\n"),
            _ => Reply.None(404),
        }, "/");

        Assert.Equal(["/one", "/two"], pages.SelectMany(page => page.Pages).Select(page => page.Path));
        Assert.Equal(1, pages.Sum(page => page.Skipped.GetValueOrDefault("entry of another site")));
    }

    [Fact]
    public async Task The_image_extension_gives_images_with_their_texts()
    {
        var pages = await ReadAsync((asked, service) => asked.Path == "/sitemap.xml" ? Xml(Open + Url(
            $"{service.At("/page")}",
            "<image:loc>https://cdn.example/a.jpg</image:loc><image:caption><![CDATA[A <b>red</b> kite]]></image:caption><image:title>Kite</image:title><image:license>https://l.example/by</image:license>",
            "<image:loc>b.jpg</image:loc>", "<image:caption>no address</image:caption>") + "</urlset>") : Reply.None(404), "/sitemap.xml");

        var (kite, bare) = (pages.Candidates().First(), pages.Candidates().Last());
        Assert.Equal(("https://cdn.example/a.jpg", "A red kite", "https://l.example/by", "/page"), (kite.Image.Href, kite.Caption?.Text, kite.License, kite.Page?.Path));
        Assert.Equal(["A red kite", "Kite"], kite.Texts.Select(text => text.Text));
        Assert.Equal("/b.jpg", bare.Image.Path);
        Assert.Empty(bare.Texts);
        Assert.Equal(1, pages[0].Skipped["image without an address"]);
    }

    [Fact]
    public async Task A_large_sitemap_is_read_in_parts_that_a_restart_can_enter()
    {
        var pages = await ReadAsync((_, service) => Xml(Open + string.Concat(Enumerable.Range(0, 1_700)
            .Select(number => Url($"{service.At($"/{number}")}", $"<image:loc>/{number}.jpg</image:loc>"))) + "</urlset>"), "/sitemap.xml");

        Assert.Equal(4, pages.Count);
        Assert.Equal(Enumerable.Range(0, 1_700).Select(number => $"/{number}"), pages.SelectMany(page => page.Pages).Select(page => page.Path));
        Assert.Equal(1_700, pages.Candidates().Count());
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><urlset><url><loc>&b;</loc></url></urlset>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><urlset><url><loc>&a;</loc></url></urlset>")]
    [InlineData("<urlset><url><loc>/kept</loc></url><url><loc>/cut")]
    [InlineData("<urlset><url><loc>/kept</loc></url><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>")]
    public async Task A_hostile_sitemap_is_read_as_far_as_it_is_one(string xml)
    {
        var pages = await ReadAsync((_, _) => Xml(xml), "/sitemap.xml");

        Assert.Single(pages[0].Notes);
        Assert.All(pages.SelectMany(page => page.Pages), page => Assert.Equal("/kept", page.Path));
    }

    [Fact]
    public async Task A_bomb_is_not_unpacked()
    {
        var pages = await ReadAsync((_, _) => new(200, Gzip(Open + new string(' ', 60_000_000)), "application/gzip"), "/sitemap.xml.gz");

        Assert.Contains("expands", Assert.Single(pages[0].Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sitemap_that_is_not_there_is_told()
    {
        var pages = await ReadAsync((_, _) => Reply.None(404), "/");

        Assert.Contains("404", Assert.Single(pages).Notes[0], StringComparison.Ordinal);
    }
}
