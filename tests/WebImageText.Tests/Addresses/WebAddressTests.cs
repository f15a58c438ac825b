using System.Text.Json;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Addresses;

public class WebAddressTests
{
    private sealed record ParseCase(
        string Id, string Input, string? Base, string? Href, string? Host, int? Port, bool Has_userinfo, string?[]? Also_ok);

    private sealed record DedupPair(string Id, string A, string B, JsonElement Same);

    private sealed record Vectors(ParseCase[] Parse, DedupPair[] Dedup_pairs);

    [Fact]
    public void Every_vector_parses_as_the_standard_says()
    {
        var failures = new List<string>();
        foreach (var vector in ReadVectors().Parse)
        {
            WebAddress.TryParse(vector.Input, vector.Base is null ? null : WebAddress.Parse(vector.Base), out var address);
            if (address?.Href != vector.Href && vector.Also_ok?.Contains(address?.Href) is not true)
                failures.Add($"{vector.Id}: {address?.Href ?? "null"} instead of {vector.Href ?? "null"}");
            else if (address is not null && vector.Host is not null &&
                (address.Host != vector.Host || address.Port != vector.Port || address.HasCredentials != vector.Has_userinfo))
                failures.Add($"{vector.Id}: {address.Host} {address.Port} {address.HasCredentials}");
        }
        Assert.Empty(failures);
    }

    [Fact]
    public void Addresses_of_one_resource_have_one_canonical_form()
    {
        var failures = ReadVectors().Dedup_pairs
            .Where(pair => pair.Same.ValueKind is JsonValueKind.True or JsonValueKind.False)
            .Where(pair => WebAddress.Parse(pair.A).Canonical == WebAddress.Parse(pair.B).Canonical != pair.Same.GetBoolean())
            .Select(pair => pair.Id);

        Assert.Empty(failures);
    }

    [Fact]
    public void Its_parts_are_the_parts_of_the_text()
    {
        var address = WebAddress.Parse("HTTPS://user:word@Images.Example:8443/a/b%20c.png?w=1&h=2#top");

        Assert.Equal("https://user:word@images.example:8443/a/b%20c.png?w=1&h=2#top", address.Href);
        Assert.Equal("https", address.Scheme);
        Assert.True(address.IsWeb);
        Assert.True(address.HasCredentials);
        Assert.Equal("images.example", address.Host);
        Assert.Equal(8443, address.Port);
        Assert.Equal("images.example:8443", address.Authority);
        Assert.Equal("/a/b%20c.png", address.Path);
        Assert.Equal("/a/b%20c.png?w=1&h=2", address.PathAndQuery);
        Assert.Equal("w=1&h=2", address.Query);
        Assert.Equal("top", address.Fragment);
        Assert.Equal("https://images.example:8443/a/b%20c.png?w=1&h=2", address.Canonical);
    }

    [Fact]
    public void An_address_with_credentials_is_worked_on_by_itself()
    {
        var (with, without) = (WebAddress.Parse("http://a:b@images.example/x#top"), WebAddress.Parse("http://images.example/x#top"));

        Assert.Equal(without.Canonical, with.Canonical);
        Assert.Equal(without.Canonical, without.Key);
        Assert.NotEqual(PairUid.Of(without, "a text"), PairUid.Of(with, "a text"));
    }

    [Fact]
    public void What_is_not_there_is_null_and_what_is_empty_is_empty()
    {
        Assert.Null(WebAddress.Parse("http://a.example/").Query);
        Assert.Null(WebAddress.Parse("http://a.example/").Fragment);
        Assert.Equal("", WebAddress.Parse("http://a.example/?#").Query);
        Assert.Equal("", WebAddress.Parse("http://a.example/?#").Fragment);
    }

    [Theory]
    [InlineData("http://0x7f.1/", true)]
    [InlineData("http://[::1]/", true)]
    [InlineData("http://1.2.3.4.example/", false)]
    [InlineData("http://localhost/", false)]
    [InlineData("mailto:a@1.2.3.4", false)]
    public void An_ip_address_is_known_however_it_is_written(string text, bool isIpAddress) =>
        Assert.Equal(isIpAddress, WebAddress.Parse(text).IsIpAddress);

    [Theory]
    [InlineData("x", "a:opaque", null)]
    [InlineData("#f", "a:opaque?q", "a:opaque?q#f")]
    [InlineData("../x", "a://host/p/q", "a://host/x")]
    [InlineData("/..//x", "a:/p", "a:/.//x")]
    [InlineData("y", "a:/.//x", "a:/.//y")]
    [InlineData("C|/x", "file://host/y", "file://host/C:/x")]
    [InlineData("..", "file:///C:/", "file:///C:/")]
    [InlineData("//localhost/x", "file:///", "file:///x")]
    [InlineData("/x", "file:///D:/y/z", "file:///D:/x")]
    [InlineData("?", "file:///y", "file:///y?")]
    public void Other_schemes_resolve_by_the_standard(string text, string relativeTo, string? href)
    {
        WebAddress.TryParse(text, WebAddress.Parse(relativeTo), out var address);

        Assert.Equal(href, address?.Href);
    }

    [Theory]
    [InlineData("/%7E%41%2d", "/~A-")]
    [InlineData("/a%2fb%zz%", "/a%2Fb%zz%")]
    [InlineData("/?q=%c3%a9+%2B", "/?q=%C3%A9+%2B")]
    public void Canonical_escapes_are_those_that_matter(string path, string canonical) =>
        Assert.Equal("http://a.example" + canonical, WebAddress.Parse("http://a.example" + path).Canonical);

    [Fact]
    public void A_text_that_is_no_address_says_so()
    {
        var error = Assert.Throws<FormatException>(() => WebAddress.Parse("x.png"));

        Assert.Equal("'x.png' is no absolute address.", error.Message);
    }

    private static Vectors ReadVectors() => JsonSerializer.Deserialize<Vectors>(
        File.ReadAllText(SharedData.Require("crawl/url_vectors.json")), JsonSerializerOptions.Web)!;
}
