using System.Text;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;
using WebImageText.Crawl.Robots;
using WebImageText.Pipeline.Hosts;

namespace WebImageText.Tests.Pipeline;

public sealed class SiteFilesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly WebAddress Picture = WebAddress.Parse("http://site.test/img/a.jpg");

    private readonly SiteFiles _files = new(tries: 3);

    private static KnownFile Known(SiteFile file, RobotsOutcome outcome, object? content = null, int tries = 0, HostTrouble? trouble = null) => new(
        file, file.Kind == SiteFileKind.Robots ? RobotsPolicy.Decide(outcome) : RobotsPolicy.DecideUse(outcome, trouble is not null), content, outcome.Failure, Now, null, trouble, tries, null);

    private void Robots(string text) =>
        _files.Learn(Known(SiteFile.RobotsOf(Picture), RobotsOutcome.Answered(200), RobotsTxt.Parse(Encoding.UTF8.GetBytes(text))));

    private List<string> AskedFor(bool use, params WebAddress[] licenses)
    {
        List<string> asked = [];
        while (_files.Missing(Picture, use, licenses, Now) is { } file)
        {
            asked.Add(file.At.Href);
            Assert.InRange(asked.Count, 0, 100);
            if (file.Kind == SiteFileKind.Robots)
                Robots("User-agent: *\nDisallow: /no/\n");
            else
                _files.Learn(Known(file, RobotsOutcome.Answered(404)));
        }
        return asked;
    }

    [Fact]
    public void Robots_txt_is_asked_for_first_and_the_rest_only_for_the_use_of_images()
    {
        Assert.Equal(["http://site.test/robots.txt"], AskedFor(use: false));
        Assert.Equal(["http://site.test/.well-known/tdmrep.json", "http://site.test/ai.txt"], AskedFor(use: true));
        Assert.Empty(AskedFor(use: true));
    }

    [Fact]
    public void An_answer_is_believed_for_a_day()
    {
        AskedFor(use: true);

        Assert.Null(_files.Missing(Picture, use: true, [], Now + TimeSpan.FromHours(23)));
        Assert.Equal(SiteFileKind.Robots, _files.Missing(Picture, use: true, [], Now + TimeSpan.FromHours(24))?.Kind);
    }

    [Fact]
    public void What_robots_txt_refuses_is_not_asked_for()
    {
        Robots("User-agent: *\nDisallow: /.well-known/\nDisallow: /ai.txt\nLicense: /licence.xml\nDisallow: /licence.xml\n");

        Assert.Null(_files.Missing(Picture, use: true, [], Now));
    }

    [Fact]
    public void Licences_are_asked_for_wherever_they_stand_but_not_without_end()
    {
        Robots("User-agent: *\nLicense: /one.xml\nLicense: https://terms.test/two.xml\nLicense: javascript:alert(1)\n");
        Assert.Equal(
            ["http://site.test/.well-known/tdmrep.json", "http://site.test/ai.txt", "http://site.test/one.xml", "https://terms.test/two.xml", "http://site.test/three.xml"],
            AskedFor(use: true, WebAddress.Parse("http://site.test/three.xml")));

        var asked = Enumerable.Range(0, 100).Sum(n => AskedFor(use: true, WebAddress.Parse($"http://site.test/many/{n}.xml")).Count);

        Assert.InRange(asked, 1, 40);
    }

    [Fact]
    public void The_strictest_of_all_files_counts()
    {
        Robots("User-agent: *\nContent-Signal: search=yes\nAllow: /\nLicense: /l.xml\n");
        _files.Learn(Known(new(SiteFileKind.TdmRep, WebAddress.Parse("http://site.test/.well-known/tdmrep.json")), RobotsOutcome.Answered(200),
            TdmRepFile.Parse(Encoding.UTF8.GetBytes("""[{"location":"/img/*","tdm-reservation":1}]"""))));
        _files.Learn(Known(new(SiteFileKind.AiTxt, WebAddress.Parse("http://site.test/ai.txt")), RobotsOutcome.Answered(200), AiTxtFile.Parse("User-agent: *\nAllow: /\n")));

        var signals = _files.SignalsFor(Picture, []);

        Assert.Equal("tdmrep.json: 1", OptOutJudge.Judge(signals, Now).Drop?.Detail);
        Assert.Equal("content-signal: search=yes; rsl link: /l.xml; tdmrep.json: 1; ai.txt: Allow: /", OptOutJudge.Judge(signals, Now).Record);
        Assert.Null(OptOutJudge.Judge(_files.SignalsFor(WebAddress.Parse("http://site.test/b.jpg"), []), Now).Drop);
    }

    [Theory]
    [InlineData(503, HostTrouble.Throttled)]
    [InlineData(500, HostTrouble.ServerError)]
    public void A_passing_fault_is_tried_again_and_then_nothing_is_used(int status, HostTrouble trouble)
    {
        Robots("");
        var file = SiteFile.UseOf(Picture).First();

        for (var tries = 1; tries <= 3; tries++)
        {
            Assert.Equal(file, _files.Missing(Picture, use: true, [], Now));
            _files.Learn(Known(file, RobotsOutcome.Answered(status), tries: tries, trouble: trouble));
        }

        Assert.Equal(SiteFileKind.AiTxt, _files.Missing(Picture, use: true, [], Now)?.Kind);
        Assert.Equal(new Drop(DropReason.HttpError, $"tdmrep.json: status {status}"), _files.Refusal(Picture, use: true));
        Assert.Null(_files.Refusal(Picture, use: false));
        Assert.Equal(file, _files.Missing(Picture, use: true, [], Now + RobotsPolicy.ErrorLifetime));
    }

    [Theory]
    [InlineData(404, RobotsAccess.AllowAll)]
    [InlineData(403, RobotsAccess.AllowAll)]
    [InlineData(304, RobotsAccess.AllowAll)]
    [InlineData(200, RobotsAccess.Rules)]
    public void What_is_no_such_file_says_nothing(int status, RobotsAccess access)
    {
        var decision = RobotsPolicy.DecideUse(RobotsOutcome.Answered(status), isTrouble: false);

        Assert.Equal((access, RobotsPolicy.Lifetime), (decision.Access, decision.ValidFor));
    }

    [Fact]
    public void A_licence_that_cannot_be_read_refuses_nothing()
    {
        var licence = new SiteFile(SiteFileKind.License, WebAddress.Parse("http://terms.test/l.xml"));

        Assert.Null(Known(licence, RobotsOutcome.Answered(503), tries: 3, trouble: HostTrouble.Throttled).Refusal(Picture));
    }

    [Fact]
    public void Each_origin_of_a_host_has_files_of_its_own_and_the_slowest_counts()
    {
        Robots("User-agent: *\nCrawl-delay: 2\n");
        var other = WebAddress.Parse("https://site.test/b.jpg");

        Assert.Equal("https://site.test/robots.txt", _files.Missing(other, use: false, [], Now)?.At.Href);
        _files.Learn(Known(SiteFile.RobotsOf(other), RobotsOutcome.Answered(200), RobotsTxt.Parse("User-agent: *\nCrawl-delay: 5\n"u8)));

        Assert.Equal(TimeSpan.FromSeconds(5), _files.Delay);
    }
}
