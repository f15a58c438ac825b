using System.Diagnostics;
using System.Text.RegularExpressions;
using CsCheck;
using WebImageText.Addresses;

namespace WebImageText.Tests.Addresses;

public class WebAddressPropertyTests
{
    private static readonly string[] Pieces =
    [
        "http", "https", "HTTP", "file", "ftp", "mailto", "a", "web+x", ":", "://", "//", "/", "\\", "?", "#", "@", "[", "]", ".",
        "..", "/.", "%2e", "%", "%41", "%zz", "%C3%A9", "\t", "\n", " ", "\0", "<", "|", "^", "'", "\"", "é", "日", "😀", "\ud800",
        "\udc00", "\u00ad", "。", "①", "א", "ß", "\u200d", "localhost", "127.0.0.1", "0x7f", "1.2", "[::1]", "[1::2:3]",
        "[::ffff:1.2.3.4]", "xn--", "xn--bcher-kva", "a.example", "WWW.Example", ":80", ":443", ":8080", ":65536", "u:p@", "C:",
        "C|", "x.png", "?q=1", "#f",
    ];

    private static readonly Gen<string> Anything = Gen.Char.Array[0, 40].Select(units => new string(units));

    private static readonly Gen<string> Addresslike = OneOf(Pieces).Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> Text = Gen.OneOf(Anything, Addresslike, Addresslike);

    private static readonly string?[] Bases =
        [null, "http://u@base.example/dir/page?q#f", "https://base.example", "file:///C:/a/b", "a:/.//x/y", "mailto:x", "a://h"];

    [Fact]
    public void An_address_parses_to_itself() => Gen.Select(Text, OneOf(Bases)).Sample((text, relativeTo) =>
    {
        if (!WebAddress.TryParse(text, relativeTo is null ? null : WebAddress.Parse(relativeTo), out var address))
            return true;
        var again = WebAddress.Parse(address.Href);
        return again.Href == address.Href && again.Parts == address.Parts;
    }, iter: 20_000);

    [Fact]
    public void A_canonical_form_is_canonical_and_asks_for_the_same() => Addresslike.Sample(text =>
    {
        if (!WebAddress.TryParse("http://a.example/" + text, null, out var address))
            return true;
        var canonical = WebAddress.Parse(address.Canonical);
        return canonical.Href == address.Canonical && canonical.Canonical == address.Canonical &&
            canonical.Authority == address.Authority && canonical.Scheme == address.Scheme &&
            Unescaped(canonical.PathAndQuery) == Unescaped(address.PathAndQuery) &&
            "/?#%&".All(mark => canonical.Href.Count(mark.Equals) <= address.Href.Count(mark.Equals));
    }, iter: 20_000);

    private static string Unescaped(string text) =>
        Regex.Replace(text, "%([0-9A-Fa-f]{2})", escape => ((char)Convert.ToByte(escape.Groups[1].Value, 16)).ToString());

    [Fact]
    public void The_plainway_gives_what_the_parser_gives()
    {
        string[] pieces =
            ["/", "a", "b.png", "~", ".", "%41", "%2e", "?", "w=1", ":", "..", "-x", "#", "xn--", "0x1", "1", "A", "_"];
        var plain = 0;
        string[] starts = ["", "/", "http://", "https://a.example", "https://a.b", "http://1"];
        Gen.Select(OneOf(starts), OneOf(pieces).Array[0, 8])
            .Sample((start, rest) =>
            {
                var text = start + string.Concat(rest);
                var relativeTo = WebAddress.Parse("https://u@base.example:81/dir/page?q");
                if (!PlainAddress.TryRead(text, relativeTo, out var href, out var parts))
                    return true;
                Interlocked.Increment(ref plain);
                return AddressParser.TryParse(text, relativeTo, out var wholeHref, out var wholeParts) &&
                    href == wholeHref && parts == wholeParts;
            }, iter: 20_000);
        Assert.True(plain > 1_000, $"only {plain} of the samples took the short way");
    }

    [Theory]
    [InlineData("http://", "a.", "/")]
    [InlineData("http://", "@", "a.example/")]
    [InlineData("http://", ":", "")]
    [InlineData("http://a.example", "/..", "")]
    [InlineData("http://a.example", "/%2e", "/x")]
    [InlineData("http://a.example/", "é", "")]
    [InlineData("http://a.example/", "\t", "x")]
    [InlineData("http://a.example/?", "%", "#")]
    [InlineData("http://", "é", ".example/")]
    [InlineData("http://", "é.", "example/")]
    [InlineData("http://", "\u00ad", "a.example/")]
    [InlineData("http://xn--", "a", ".example/")]
    [InlineData("http://", "xn--bcher-kva.", "example/")]
    [InlineData("http://", "0", "/")]
    [InlineData("http://", "1.", "/")]
    [InlineData("http://[", "0:", "]/")]
    [InlineData("a:", " ", "#")]
    [InlineData("a:", "/..", "")]
    [InlineData("file:", "/C:/..", "")]
    public void A_million_characters_take_no_more_than_a_moment(string start, string repeated, string end)
    {
        var text = start + string.Concat(Enumerable.Repeat(repeated, 1_000_000 / repeated.Length)) + end;
        var watch = Stopwatch.StartNew();

        WebAddress.TryParse(text, null, out var address);

        _ = address?.Canonical;
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);
}
