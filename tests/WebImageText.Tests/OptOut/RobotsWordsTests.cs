using CsCheck;
using WebImageText.Crawl.OptOut;

namespace WebImageText.Tests.OptOut;

public class RobotsWordsTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("noai", "noai")]
    [InlineData("NOINDEX", "noindex")]
    [InlineData("noindex nofollow", "noindex")]
    [InlineData("index;noml", "noml")]
    [InlineData("'noimageai'", "noimageai")]
    [InlineData("noai:", "noai")]
    [InlineData("max-snippet:-1, max-image-preview:large, max-video-preview: 5, none", "none")]
    [InlineData("max-image-preview: none", null)]
    [InlineData("WebImageText/1.0: noai", "noai")]
    [InlineData("robots: noai", "noai")]
    [InlineData("webimagetextbot: noai", null)]
    [InlineData("googlebot: noindex, max-snippet: 0, noai", null)]
    [InlineData("googlebot: all, *: noai", "noai")]
    [InlineData("a: b: webimagetext: noai", "noai")]
    [InlineData("webimagetext: all, otherbot: noai", null)]
    [InlineData("otherbot: unavailable_after: 25 Jun 2010 15:00:00 PST, noai", null)]
    [InlineData("noarchive, nosnippet, noimage, indexifembedded, ai, no ai", null)]
    [InlineData(",,;; : ::", null)]
    [InlineData("", null)]
    public void The_word_that_opts_out_is_found(string value, string? refusal) => Assert.Equal(refusal, RobotsWords.Read(value, Now).Refusal);

    [Theory]
    [InlineData("25 Jun 2010 15:00:00 PST", true)]
    [InlineData("Friday, 25-Jun-10 15:00:00 GMT", true)]
    [InlineData("Fri, 25 Jun 2010 15:00:00 +0100", true)]
    [InlineData("2010-06-25", true)]
    [InlineData("2026-06-01T11:59:59Z", true)]
    [InlineData("2026-06-01T12:00:01Z", false)]
    [InlineData("1 Jun 2026 04:30:00 PST", false)]
    [InlineData("1 Jun 2026 12:30:00 CEST", true)]
    [InlineData("Saturday, 25-Jun-33 15:00:00 GMT", false)]
    [InlineData("2999-01-01", false)]
    [InlineData("some day", false)]
    [InlineData("", false)]
    public void A_page_that_was_to_vanish_by_now_is_not_used(string date, bool past)
    {
        Assert.Equal(past, RobotsWords.Read($"unavailable_after: {date}", Now).Refusal is not null);
        Assert.Equal("noai", RobotsWords.Read($"noai, unavailable_after: {date}", Now).Refusal);
        Assert.NotNull(RobotsWords.Read($"unavailable_after: {date}, noai", Now).Refusal);
    }

    [Theory]
    [InlineData("nofollow", true)]
    [InlineData("none", true)]
    [InlineData("otherbot: nofollow", false)]
    [InlineData("follow, no-follow", false)]
    public void Links_are_followed_or_not(string value, bool noFollow) => Assert.Equal(noFollow, RobotsWords.Read(value, Now).NoFollow);

    [Fact]
    public void Any_value_is_read() => Gen.String[Gen.Char["noai:,;* -0129TZun_vlbetr"], 0, 60].Sample(value =>
    {
        RobotsWords.Read(value, Now);
    });

    [Fact]
    public void A_long_value_costs_its_length()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        RobotsWords.Read(string.Concat(Enumerable.Repeat("a:", 30_000)) + string.Concat(Enumerable.Repeat("unavailable_after: ,", 3_000)), Now);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }
}
