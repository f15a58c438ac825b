using System.Text;
using CsCheck;
using WebImageText.Crawl.OptOut;

namespace WebImageText.Tests.OptOut;

public class StatementTests
{
    [Theory]
    [InlineData("train-ai=y", UsagePreference.Allowed)]
    [InlineData("a, train-ai=n;x=\"y, \\\" z\";q=?1, b=(a \"b\" 1.5;c);d, e=:YQ==:, f=@-12, g=%\"%c3%a9\", *k=*t/1", UsagePreference.Disallowed)]
    [InlineData("train-ai=n\t,\tsearch=y", UsagePreference.Disallowed)]
    [InlineData("train-ai=n, train-ai=x", UsagePreference.Unknown)]
    [InlineData("train-ai=\"n\"", UsagePreference.Unknown)]
    [InlineData("train-ai=(n)", UsagePreference.Unknown)]
    [InlineData("train-ai =n", UsagePreference.Unknown)]
    [InlineData("train-ai= n", UsagePreference.Unknown)]
    [InlineData("Train-AI=n", UsagePreference.Unknown)]
    [InlineData("train-ai=n, Search=y", UsagePreference.Unknown)]
    [InlineData("train-ai=n search=y", UsagePreference.Unknown)]
    [InlineData("train-ai=n,,search=y", UsagePreference.Unknown)]
    [InlineData("train-ai=n, a=1.", UsagePreference.Unknown)]
    [InlineData("train-ai=n, a=1.2345", UsagePreference.Unknown)]
    [InlineData("train-ai=n, a=1234567890123456", UsagePreference.Unknown)]
    [InlineData("train-ai=n, a=\"b", UsagePreference.Unknown)]
    [InlineData("train-ai=n, a=(b", UsagePreference.Unknown)]
    [InlineData("train-ai=n, a=(b\"c\")", UsagePreference.Unknown)]
    [InlineData("train-ai=n, a=?2", UsagePreference.Unknown)]
    [InlineData("train-ai=n, é=1", UsagePreference.Unknown)]
    [InlineData("search=n", UsagePreference.Unknown)]
    public void Content_Usage_is_a_dictionary(string value, UsagePreference preference) =>
        Assert.Equal(preference, UsagePreferences.OfContentUsage(value));

    [Theory]
    [InlineData("ai-train=no", UsagePreference.Disallowed)]
    [InlineData(" search=yes , AI-Train = No ", UsagePreference.Disallowed)]
    [InlineData("ai-train=yes, ai-train=no", UsagePreference.Disallowed)]
    [InlineData("ai-train=no, ai-train=yes", UsagePreference.Disallowed)]
    [InlineData("ai-train=yes", UsagePreference.Allowed)]
    [InlineData("ai-train", UsagePreference.Unknown)]
    [InlineData("ai-training=no", UsagePreference.Unknown)]
    [InlineData("ai-input=no", UsagePreference.Unknown)]
    public void Content_Signal_is_a_list(string value, UsagePreference preference) =>
        Assert.Equal(preference, UsagePreferences.OfContentSignal(value));

    [Fact]
    public void Any_value_is_read() => Gen.String[Gen.Char["train-i=ny ,;\"\\(?01.@:%*"], 0, 40].Sample(value =>
    {
        UsagePreferences.OfContentUsage(value);
        UsagePreferences.OfContentSignal(value);
    });

    [Fact]
    public void Headers_say_it_under_many_names() => Assert.Equal(
        [
            new(OptOutSource.XRobotsTag, "a"), new(OptOutSource.XRobotsTag, "b"), new(OptOutSource.TdmHeader, "1"),
            new(OptOutSource.TdmPolicy, "p"), new(OptOutSource.RslLink, "https://l.example/a,b.xml"), new(OptOutSource.RslLink, "/c.xml"),
            new(OptOutSource.ContentSignal, "ai-train=no"), new(OptOutSource.ContentUsage, "a=1, train-ai=n"),
        ],
        HeaderSignals.Of(
        [
            new("x-robots-tag", "a"), new("X-ROBOTS-TAG", "b"), new("Content-Usage", "a=1"), new("TDM-Reservation", "1"), new("tdm-policy", "p"),
            new("Link", "</s.css>; rel=preload, <https://l.example/a,b.xml>; title=\"a, b\"; rel=\"license\"; type=\"application/rsl+xml\", </c.xml>; type=application/rsl+xml; rel=license"),
            new("Link", "</by>; rel=license"), new("Content-Signal", "ai-train=no"), new("content-usage", "train-ai=n"), new("Robots", "noai"),
        ]));

    [Theory]
    [InlineData("/", "/x", true)]
    [InlineData("/a", "/abc", true)]
    [InlineData("/a/", "/a", false)]
    [InlineData("/a$", "/a", true)]
    [InlineData("/a$", "/ab", false)]
    [InlineData("/*.jpg$", "/a/b.jpg", true)]
    [InlineData("/*.jpg$", "/a/b.jpg.jpg", true)]
    [InlineData("/*.jpg$", "/a/b.jpg?x", false)]
    [InlineData("*.jpg", "/a/b.jpg?x", true)]
    [InlineData("*", "/", true)]
    [InlineData("/a*b*c", "/axbxcx", true)]
    [InlineData("/a*b*c$", "/abcbc", true)]
    [InlineData("/a*ab$", "/ab", false)]
    [InlineData("img", "/img/a", true)]
    [InlineData("/foo-%24", "/foo-$", true)]
    [InlineData("/a%7eb%2f", "/a~b%2F", true)]
    [InlineData("/A", "/a", false)]
    [InlineData("/é", "/%C3%A9", true)]
    [InlineData("/%", "/%", true)]
    [InlineData("", "/x", true)]
    public void Patterns_are_those_of_robots_txt(string pattern, string path, bool matches) =>
        Assert.Equal(matches, new PathPattern(pattern).Matches(path));

    [Fact]
    public void No_pattern_runs_away()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.False(new PathPattern(string.Concat(Enumerable.Repeat("*a", 5_000)) + "$").Matches("/" + new string('a', 4_000) + "b"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    [Theory]
    [InlineData("""[{"location":"/","tdm-reservation":1}]""", "1")]
    [InlineData("""[{"location":"/d/","tdm-reservation":0},{"location":"/","tdm-reservation":1}]""", "0")]
    [InlineData("""[{"location":"/d/"},{"location":"/d/","tdm-reservation":2},{"location":"/","tdm-reservation":1}]""", "1")]
    [InlineData("""[{"location":"/","tdm-reservation":true}]""", null)]
    [InlineData("""[{"tdm-reservation":1}]""", null)]
    [InlineData("""[null,5,[],"x",{"location":7,"tdm-reservation":1}]""", null)]
    [InlineData("""[{"location":"https://h.example/d","tdm-reservation":1}]""", "1")]
    [InlineData("""[{"location":"https://h.example","tdm-reservation":1}]""", "1")]
    [InlineData("""{"location":"/","tdm-reservation":"1"}""", "1")]
    [InlineData("\uFEFF[{\"location\":\"*\",\"tdm-reservation\":1},]", "1")]
    [InlineData("[{\"location\":\"\\ud800\",\"tdm-reservation\":1}]", null)]
    [InlineData("<html>", null)]
    [InlineData("", null)]
    public void The_first_rule_of_tdmrep_counts(string json, string? value) => Assert.Equal(value,
        TdmRepFile.Parse(Encoding.UTF8.GetBytes(json))?.For(Address).FirstOrDefault()?.Value);

    [Fact]
    public void A_policy_goes_with_its_reservation() => Assert.Equal(
        [new(OptOutSource.TdmFile, "1"), new(OptOutSource.TdmPolicy, "https://p.example/")],
        TdmRepFile.Parse("""[{"location":"/","tdm-reservation":1,"tdm-policy":"https://p.example/"}]"""u8.ToArray())!.For(Address));

    [Theory]
    [InlineData("User-agent: *\nDisallow: *.jpg", "Disallow: *.jpg")]
    [InlineData("User-agent: *\r\nDisallow: *.jpg\r\nAllow: /d/a.jpg", "Allow: /d/a.jpg")]
    [InlineData("user-AGENT: other\nUser-agent: * # all\ndisallow : / # none", "Disallow: /")]
    [InlineData("User-agent: other\nDisallow: /", null)]
    [InlineData("User-agent: *\nDisallow: /\nUser-agent: WebImageText\nDisallow:", null)]
    [InlineData("User-agent: *\nAllow: /\nUser-agent: webimagetext\nDisallow: /d", "Disallow: /d")]
    [InlineData("User-agent: *\nDisallow: /d\nAllow: /d", "Allow: /d")]
    [InlineData("Disallow: /", "Disallow: /")]
    [InlineData("<!doctype html><title>404: not found</title>", null)]
    [InlineData("", null)]
    public void Ai_txt_has_rules_or_is_another_format(string text, string? rule) => Assert.Equal(rule, AiTxtFile.Parse(text)?.For(Address)?.Value);

    [Theory]
    [InlineData("<content url='/'><license><prohibits type='usage'>ai-train</prohibits></license></content>", "prohibits ai-train", true)]
    [InlineData("<content url='/'><license><prohibits type='usage'>search ai-input</prohibits></license></content>", "payment free", false)]
    [InlineData("<content url='/'><license><permits type='usage'>search</permits></license></content>", "permits search", true)]
    [InlineData("<content url='/'><license><permits type='usage'>search, ai-all</permits></license></content>", "payment free", false)]
    [InlineData("<content url='/'><license><permits type='user'>commercial</permits><payment type='attribution'/></license></content>", "payment attribution", false)]
    [InlineData("<content url='/'><license><permits type='usage'>all</permits><payment type='subscription'/></license></content>", "payment subscription", true)]
    [InlineData("<content url='/'><license><payment type='crawl'/></license><license><permits type='usage'>ai-train</permits></license></content>", "payment free", false)]
    [InlineData("<content url='/other/'><license><prohibits type='usage'>all</prohibits></license></content>", null, false)]
    [InlineData("<content url='https://h.example/*'><license><prohibits type='usage'>ALL</prohibits></license></content>", "prohibits all", true)]
    [InlineData("<content url='https://x.example/*'><license><prohibits type='usage'>all</prohibits></license></content>", null, false)]
    [InlineData("<content url='/'><copyright>x</copyright></content>", null, false)]
    [InlineData("<license><prohibits type='usage'>all</prohibits></license>", null, false)]
    [InlineData("<content url='/'><license><prohibits type='usage'>all", null, false)]
    public void Licences_say_whether_training_is_for_them(string contents, string? statement, bool refuses)
    {
        var signal = RslLicense.Parse($"<rsl xmlns='https://rslstandard.org/rsl'>{contents}{(contents.EndsWith('>') ? "</rsl>" : "")}")?.For(Address);

        Assert.Equal(statement, signal?.Value);
        Assert.Equal(refuses, signal is not null && OptOutJudge.Judge([signal], default).Drop is not null);
    }

    [Fact]
    public void A_licence_with_a_document_type_is_not_read()
    {
        var laughs = "<!DOCTYPE rsl [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><rsl><content url='/'>&b;</content></rsl>";

        Assert.Null(RslLicense.Parse(laughs));
        Assert.Null(RslLicense.Parse(new MemoryStream(Encoding.UTF8.GetBytes(laughs))));
    }

    private static readonly WebAddress Address = WebAddress.Parse("https://h.example/d/a.jpg");
}
