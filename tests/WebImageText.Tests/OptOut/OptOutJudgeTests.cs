using WebImageText.Crawl.Extract;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;

namespace WebImageText.Tests.OptOut;

public class OptOutJudgeTests
{
    [Fact]
    public void Nothing_said_is_nothing_refused() => Assert.Equal(new OptOutVerdict(null, true, null), OptOutJudge.Judge([], default));

    [Fact]
    public void The_first_statement_that_refuses_is_the_reason_and_all_are_recorded()
    {
        var verdict = OptOutJudge.Judge(
        [
            new(OptOutSource.XRobotsTag, "all"), new(OptOutSource.MetaRobots, "nofollow,\r\nNOAI"), new(OptOutSource.AiTxt, "Disallow: /"),
            new(OptOutSource.XRobotsTag, "all"),
        ], default);

        Assert.Equal("opted_out (meta robots: nofollow, NOAI)", verdict.Drop?.ToString());
        Assert.Equal((false, "x-robots-tag: all; meta robots: nofollow, NOAI; ai.txt: Disallow: /"), (verdict.FollowLinks, verdict.Record));
    }

    [Fact]
    public void What_a_page_says_goes_with_its_images_and_the_time_at_which_it_said_so()
    {
        var page = new PageContent
        {
            Base = WebAddress.Parse("http://site.example/"),
            Charset = "UTF-8",
            Signals = [new(OptOutSource.TdmMeta, "0")],
            Images = [new() { Image = WebAddress.Parse("http://site.example/a.jpg"), Provider = "pages" }],
        };
        var at = new DateTimeOffset(2026, 1, 2, 4, 4, 5, TimeSpan.FromHours(1));

        var use = PageOptOut.Judge(page, new([new("X-Robots-Tag", "all")]), at, [new(OptOutSource.TdmFile, "1")]);
        var refused = PageOptOut.Judge(page, new([new("X-Robots-Tag", "noai")]), at);

        Assert.Equal(("page 2026-01-02T03:04:05Z: meta tdm-reservation: 0; x-robots-tag: all; tdmrep.json: 1", null), (use.Images[0].PageUse, use.Images[0].OptOut));
        Assert.Equal(("page 2026-01-02T03:04:05Z: meta tdm-reservation: 0; x-robots-tag: noai", "x-robots-tag: noai"), (refused.Images[0].PageUse, refused.Images[0].OptOut));
        Assert.Null(PageOptOut.Judge(page with { Signals = [] }, ResponseHeaders.None, at).Images[0].PageUse);
        Assert.Equal(("a", "b", "a; b"), (OptOutVerdict.Together("a", null), OptOutVerdict.Together(null, "b"), OptOutVerdict.Together("a", "b")));
    }

    [Theory]
    [InlineData(null, null, "1", true)]
    [InlineData(null, "0", "1", false)]
    [InlineData("1", "0", "0", true)]
    [InlineData("0", "1", "1", false)]
    [InlineData("2", "0", "1", false)]
    [InlineData("2", "x", "1", true)]
    [InlineData("", null, "1", true)]
    [InlineData(null, " 1 ", null, true)]
    public void Of_reservations_the_nearest_to_the_content_counts(string? meta, string? header, string? file, bool refuses)
    {
        OptOutSignal?[] signals =
        [
            file is null ? null : new(OptOutSource.TdmFile, file), header is null ? null : new(OptOutSource.TdmHeader, header),
            meta is null ? null : new(OptOutSource.TdmMeta, meta),
        ];

        Assert.Equal(refuses, OptOutJudge.Judge([.. signals.OfType<OptOutSignal>()], default).Drop is not null);
    }

    [Fact]
    public void Two_reservations_at_one_place_are_one()
    {
        Assert.NotNull(OptOutJudge.Judge([new(OptOutSource.TdmHeader, "0"), new(OptOutSource.TdmHeader, "1")], default).Drop);
        Assert.NotNull(OptOutJudge.Judge([new(OptOutSource.TdmHeader, "1"), new(OptOutSource.TdmHeader, "0")], default).Drop);
    }

    [Fact]
    public void A_policy_or_a_licence_link_by_itself_refuses_nothing() => Assert.Null(OptOutJudge.Judge(
        [new(OptOutSource.TdmPolicy, "https://p.example/"), new(OptOutSource.RslLink, "/l.xml")], default).Drop);

    [Fact]
    public void A_record_is_short_and_one_line()
    {
        var many = Enumerable.Range(0, 100).Select(i => new OptOutSignal(OptOutSource.XRobotsTag, $"\u001b[31m{i}\n{new string('x', 1_000)}")).ToList();

        var record = OptOutJudge.Judge(many, default).Record!;

        Assert.InRange(record.Length, 100, 2_000);
        Assert.DoesNotContain(record, char.IsControl);
    }
}
