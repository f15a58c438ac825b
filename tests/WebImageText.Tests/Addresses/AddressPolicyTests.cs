using System.Net;
using System.Text.Json;
using CsCheck;
using WebImageText.Crawl.Addresses;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Addresses;

public class AddressPolicyTests
{
    private sealed record UrlCase(string Id, string Url, bool Refuse);

    private sealed record IpCase(string Id, string Ip, bool Refuse);

    private sealed record ResolverCase(string Id, string Host, string[] Answers, bool Refuse);

    private sealed record RebindingCase(string Id, string Host, string[][] Answers_over_time);

    private sealed record RedirectCase(string Id, string[] Chain, string Must);

    private sealed record Vectors(
        UrlCase[] Urls, IpCase[] Ips, ResolverCase[] Resolver, RebindingCase[] Rebinding, RedirectCase[] Redirects);

    private static readonly AddressPolicy Default = new(new());

    [Fact]
    public void Every_address_vector_is_refused_or_not_as_it_says() => Assert.Empty(ReadVectors().Urls
        .Where(vector => vector.Refuse !=
            (!WebAddress.TryParse(vector.Url, null, out var address) || Default.Judge(address) is not null))
        .Select(vector => vector.Id));

    [Fact]
    public void Every_ip_vector_is_public_or_not_as_it_says() => Assert.Empty(ReadVectors().Ips
        .Where(vector => PublicNetworks.IsPublic(IPAddress.Parse(vector.Ip)) == vector.Refuse)
        .Select(vector => vector.Id));

    [Fact]
    public void Every_resolver_vector_is_refused_or_not_as_it_says() => Assert.Empty(ReadVectors().Resolver
        .Where(vector => Default.Judge(vector.Host, Parsed(vector.Answers)) is not null != vector.Refuse)
        .Select(vector => vector.Id));

    [Fact]
    public void A_name_that_moves_to_a_private_address_is_refused_when_it_has() => Assert.Empty(
        from vector in ReadVectors().Rebinding
        from answers in vector.Answers_over_time
        where Default.Judge(vector.Host, Parsed(answers)) is null == answers.Contains("127.0.0.1")
        select vector.Id);

    [Fact]
    public void Every_redirect_vector_is_followed_or_refused_as_it_says()
    {
        var failures = new List<string>();
        foreach (var vector in ReadVectors().Redirects.Where(vector => vector.Must is "follow" or "refuse" or "refuse or strip"))
        {
            var trail = new RedirectTrail(WebAddress.Parse(vector.Chain[0]), Default);
            var followed = vector.Chain.Skip(1).All(location => trail.Follow(location) is null);
            var isRight = vector.Must == "refuse or strip"
                ? !trail.Current.Href.AsSpan().ContainsAny('\r', '\n')
                : followed == (vector.Must == "follow");
            if (!isRight)
                failures.Add(vector.Id);
        }
        Assert.Empty(failures);
    }

    [Theory]
    [InlineData("ftp://site.org/", "blocked (scheme ftp)")]
    [InlineData("https://site.org:22/", "blocked (port 22)")]
    [InlineData("https://u@site.org/", "blocked (user name or password in the address)")]
    [InlineData("http://2130706433/", "private_address (127.0.0.1 (loopback))")]
    [InlineData("http://[::ffff:10.0.0.1]/", "private_address (::ffff:10.0.0.1 (private use))")]
    [InlineData("http://intranet/", "private_address (host name of one label: intranet)")]
    [InlineData("http://printer.local./", "private_address (special-use name: .local)")]
    [InlineData("http://a..org/", "blocked (no host name of the DNS: a..org)")]
    [InlineData("http://a!b.org/", "blocked (no host name of the DNS: a!b.org)")]
    public void A_refusal_says_why(string url, string expected) =>
        Assert.Equal(expected, Default.Judge(WebAddress.Parse(url))?.ToString());

    [Fact]
    public void An_address_may_be_so_long_and_no_longer()
    {
        var start = "http://site.org/";
        var policy = new AddressPolicy(new() { MaxLength = 100 });

        Assert.Null(policy.Judge(WebAddress.Parse(start + new string('a', 100 - start.Length))));
        Assert.NotNull(policy.Judge(WebAddress.Parse(start + new string('a', 101 - start.Length))));
    }

    [Fact]
    public void A_port_opens_for_every_public_host_and_for_no_other()
    {
        var policy = new AddressPolicy(new() { Ports = [8080] });

        Assert.Null(policy.Judge(WebAddress.Parse("http://site.org:8080/")));
        Assert.Null(policy.Judge(WebAddress.Parse("http://site.org/")));
        Assert.NotNull(policy.Judge(WebAddress.Parse("http://10.0.0.1:8080/")));
    }

    [Fact]
    public void An_allowed_network_opens_its_addresses_and_no_name()
    {
        var policy = new AddressPolicy(new() { AllowedNetworks = ["127.0.0.0/8", "fd00::/8"] });

        Assert.Null(policy.Judge(WebAddress.Parse("http://127.0.0.1:8123/")));
        Assert.Null(policy.Judge(WebAddress.Parse("http://[::ffff:127.0.0.1]:8123/")));
        Assert.Null(policy.Judge(WebAddress.Parse("http://[fd00::1]/")));
        Assert.NotNull(policy.Judge(WebAddress.Parse("http://10.0.0.1/")));
        Assert.NotNull(policy.Judge(WebAddress.Parse("http://localhost/")));
        Assert.Null(policy.Judge("a.site.org", Parsed("127.0.0.1", "93.184.216.34")));
        Assert.NotNull(policy.Judge("a.site.org", Parsed("127.0.0.1", "10.0.0.1")));
    }

    [Fact]
    public void An_allowed_authority_opens_one_port_of_one_host()
    {
        var policy = new AddressPolicy(new() { AllowedAuthorities = ["LocalHost:8080", "[::1]:81"] });

        Assert.Null(policy.Judge(WebAddress.Parse("http://localhost:8080/x")));
        Assert.Null(policy.Judge(WebAddress.Parse("http://[0::1]:81/x")));
        Assert.NotNull(policy.Judge(WebAddress.Parse("http://localhost:8081/x")));
        Assert.NotNull(policy.Judge(WebAddress.Parse("http://127.0.0.1:8080/x")));
        Assert.Null(policy.Judge("localhost", 8080, Parsed("127.0.0.1", "::1")));
        Assert.NotNull(policy.Judge("localhost", 80, Parsed("127.0.0.1")));
        Assert.NotNull(policy.Judge("localhost", 8080, []));
        Assert.Null(policy.Judge("::1", 81, Parsed("::1")));
        Assert.NotNull(policy.Judge("::1", 82, Parsed("::1")));
    }

    [Fact]
    public void An_allowed_name_is_judged_by_its_addresses()
    {
        var policy = new AddressPolicy(new() { AllowedNames = ["*.example", "mirror"] });

        Assert.Null(policy.Judge(WebAddress.Parse("http://a.b.example/")));
        Assert.Null(policy.Judge(WebAddress.Parse("https://mirror/")));
        Assert.NotNull(policy.Judge(WebAddress.Parse("http://other.test/")));
        Assert.NotNull(policy.Judge(WebAddress.Parse("http://a.b.example:22/")));
        Assert.NotNull(policy.Judge("a.b.example", Parsed("127.0.0.1")));
    }

    [Theory]
    [InlineData("10.1.0.0/33", null)]
    [InlineData("ten", null)]
    [InlineData(null, "localhost")]
    [InlineData(null, "[::1]")]
    [InlineData(null, "u@localhost:80")]
    [InlineData(null, "localhost:80/x")]
    public void An_option_that_cannot_be_read_says_which(string? network, string? authority)
    {
        var options = new AddressOptions
        {
            AllowedNetworks = network is null ? [] : [network],
            AllowedAuthorities = authority is null ? [] : [authority],
        };

        var error = Assert.Throws<FormatException>(() => new AddressPolicy(options));

        Assert.Contains($"'{network ?? authority}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("::8.8.8.8", true)]
    [InlineData("::10.0.0.1", false)]
    [InlineData("64:ff9b::8.8.8.8", true)]
    [InlineData("64:ff9b:1::8.8.8.8", false)]
    [InlineData("2002:808:808::1", true)]
    [InlineData("2002:a9fe:a9fe::1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("2001:4860:4860::8888%3", true)]
    [InlineData("fe80::1%3", false)]
    [InlineData("2001:1ff:ffff::1", false)]
    [InlineData("2001:200::1", true)]
    [InlineData("1fff::1", false)]
    [InlineData("4000::1", false)]
    [InlineData("3fff:fff::1", false)]
    [InlineData("3fff:1000::1", true)]
    public void A_form_that_carries_an_ipv4_address_is_judged_by_it(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicNetworks.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public void No_form_makes_an_ipv4_address_more_public_or_less() => Gen.Byte.Array[4].Sample(bytes =>
    {
        var (address, hex) = (new IPAddress(bytes), Convert.ToHexString(bytes));
        return new[] { $"::ffff:{address}", $"::{address}", $"64:ff9b::{address}", $"2002:{hex[..4]}:{hex[4..]}::1" }
            .All(form => PublicNetworks.IsPublic(IPAddress.Parse(form)) == PublicNetworks.IsPublic(address));
    });

    [Fact]
    public void An_ipv6_network_opens_no_mapped_address()
    {
        var policy = new AddressPolicy(new() { AllowedNetworks = ["2000::/3", "fd00::/8", "::/8", "fe80::/10"] });

        Assert.NotNull(policy.Judge("a.site.org", Parsed("::ffff:10.0.0.1")));
    }

    [Fact]
    public void A_redirect_that_only_changes_the_fragment_is_a_loop()
    {
        var trail = new RedirectTrail(WebAddress.Parse("http://site.org/a"), Default);

        Assert.Equal(DropReason.RedirectLoop, trail.Follow("/a#b")?.Reason);
        Assert.Equal(DropReason.HttpError, trail.Follow(null)?.Reason);
        Assert.Equal(DropReason.HttpError, trail.Follow("http://")?.Reason);
        Assert.Equal("http://site.org/a", trail.Current.Href);
    }

    private static IPAddress[] Parsed(params string[] addresses) => Array.ConvertAll(addresses, IPAddress.Parse);

    private static Vectors ReadVectors() => JsonSerializer.Deserialize<Vectors>(
        File.ReadAllText(SharedData.Require("crawl/ssrf_vectors.json")), JsonSerializerOptions.Web)!;
}
