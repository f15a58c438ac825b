using WebImageText.Crawl.Addresses;

namespace WebImageText.Tests.Addresses;

public class PublicSuffixesTests
{
    [Theory]
    [InlineData("com", null)]
    [InlineData("example.com", "example.com")]
    [InlineData("a.b.example.com", "example.com")]
    [InlineData("a.b.example.com.", "example.com")]
    [InlineData("no-such-top-level", null)]
    [InlineData("b.no-such-top-level", "b.no-such-top-level")]
    [InlineData("a.b.no-such-top-level", "b.no-such-top-level")]
    [InlineData("co.uk", null)]
    [InlineData("www.example.co.uk", "example.co.uk")]
    [InlineData("ide.kyoto.jp", null)]
    [InlineData("a.b.ide.kyoto.jp", "b.ide.kyoto.jp")]
    [InlineData("c.kobe.jp", null)] // *.kobe.jp
    [InlineData("a.b.c.kobe.jp", "b.c.kobe.jp")]
    [InlineData("www.city.kobe.jp", "city.kobe.jp")] // !city.kobe.jp
    [InlineData("ck", null)]
    [InlineData("test.ck", null)]
    [InlineData("a.b.test.ck", "b.test.ck")]
    [InlineData("www.www.ck", "www.ck")]
    [InlineData("one.github.io", "one.github.io")] // the private section
    [InlineData("xn--55qx5d.cn", null)]
    [InlineData("www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn")]
    [InlineData("www.xn--85x722f.xn--fiqs8s", "xn--85x722f.xn--fiqs8s")]
    [InlineData("", null)]
    [InlineData("1.2.3.4", null)]
    [InlineData("[::1]", null)]
    [InlineData(".example.com", null)]
    [InlineData("a..com", null)]
    public void A_registrable_domain_is_a_public_suffix_and_one_label(string host, string? domain) =>
        Assert.Equal(domain, PublicSuffixes.Embedded.RegistrableDomain(host));

    [Theory]
    [InlineData("http://a.example.com/", "example.com")]
    [InlineData("http://1.2.3.4/", "1.2.3.4")]
    [InlineData("http://github.io/", "github.io")]
    public void What_has_no_registrable_domain_is_a_site_of_its_own(string url, string site) =>
        Assert.Equal(site, PublicSuffixes.Embedded.SiteOf(WebAddress.Parse(url)));

    [Fact]
    public void A_long_name_takes_no_more_than_a_moment() =>
        Assert.Equal("a.a", PublicSuffixes.Embedded.RegistrableDomain(string.Join('.', Enumerable.Repeat("a", 500_000))));

    [Fact]
    public void An_empty_list_says_so() =>
        Assert.Throws<FormatException>(() => PublicSuffixes.Parse(new StringReader("// nothing\n")));
}
