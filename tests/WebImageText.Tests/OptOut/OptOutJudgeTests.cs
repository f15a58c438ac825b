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
