using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using WebImageText.Crawl.Robots;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Robots;

public class RobotsTxtTests
{
    private sealed record Case(
        string Id, string Agent, string? Robots, JsonElement[][]? Robots_parts, string Url, bool Allowed, string Strength);

    private sealed record Vectors(Case[] Cases, Case[] Rfc);

    private sealed record SignalCase(string Id, string Robots, string Path, bool Fetch, string Train_ai);

    private sealed record SignalVectors(SignalCase[] Robots_signals);

    [Fact]
    public void Every_vector_is_allowed_or_not_as_it_says()
    {
        var vectors = ReadVectors<Vectors>("crawl/robots_vectors.json");

        var failures = vectors.Cases.Concat(vectors.Rfc)
            .Where(vector => vector.Strength is "MUST" or "SHOULD" or "RFC" && IsAllowed(vector) != vector.Allowed)
            .Select(vector => vector.Id);

        Assert.Empty(failures);
    }

    [Fact]
    public void Patterns_made_to_take_long_take_no_more_than_a_moment()
    {
        var vectors = ReadVectors<Vectors>("crawl/robots_vectors.json").Cases;
        foreach (var vector in vectors.Where(vector => vector.Id.StartsWith("redos", StringComparison.Ordinal)))
            AssertQuick(() => IsAllowed(vector));
    }

    [Fact]
    public void Every_signal_vector_reaches_who_judges_it()
    {
        foreach (var vector in ReadVectors<SignalVectors>("crawl/optout_vectors.json").Robots_signals)
        {
            var robots = Parsed(vector.Robots);

            var signals = robots.SignalsFor(vector.Path);

            var refuses = signals.ContentUsage.Any(value => value.Contains("train-ai=n")) ||
                signals.ContentSignals.Any(value => value.Contains("ai-train=no"));
            Assert.True(robots.Allows(vector.Path) == vector.Fetch, vector.Id);
            Assert.True(refuses == (vector.Train_ai == "n"), vector.Id);
        }
    }

    [Theory]
    [InlineData("*", 250_000)] // one pattern of stars
    [InlineData("*a", 250_000)]
    [InlineData("*a*b", 100_000)]
    [InlineData("a\nDisallow: /", 40_000)] // many rules
    [InlineData("*aaaaaaaaaaaaaaabaaaaaaaaaaaaaaa\nDisallow: ", 11_000)]
    [InlineData("%41", 160_000)]
    public void No_file_takes_more_than_a_moment_to_answer(string repeated, int times)
    {
        var robots = Parsed("User-agent: *\nDisallow: /" + string.Concat(Enumerable.Repeat(repeated, times)) + "b$\n");
        var path = "/" + new string('a', 4_000);

        AssertQuick(() => robots.Allows(path));
    }

    [Fact]
    public void Any_bytes_are_a_robots_txt()
    {
        string[] pieces =
        [
            "User-agent", "Disallow", "Allow", "Crawl-delay", "Request-rate", "Visit-time", "Content-Usage", ":", ": ", "*", "$",
            "/", "a", "%", "%2", "%zz", "\n", "\r", "\r\n", "\0", "#", "é", "\ufeff", " ", "webimagetext", "1/0", "-1",
            "2400-0000", "9e999",
        ];
        Gen.Int[0, pieces.Length - 1].Select(at => Encoding.UTF8.GetBytes(pieces[at])).Array[0, 40]
            .Select(Gen.Byte.Array[0, 20], (parts, noise) => parts.SelectMany(part => part).Concat(noise).ToArray())
            .Sample(bytes =>
            {
                var robots = RobotsTxt.Parse(bytes);
                robots.Allows("/a%");
                robots.SignalsFor("/a");
                return robots.Delay >= TimeSpan.Zero && robots.Allows("/robots.txt") && robots.NextVisit(Noon) >= Noon;
            });
    }

    [Fact]
    public void The_refusing_rule_is_named() =>
        Assert.Equal("robots_disallowed (Disallow: /a*b%2A$)",
            Parsed("User-agent: *\nDisallow: /a*b%2a$ # why\nAllow: /").Judge("/axb*")?.ToString());

    [Theory]
    [InlineData("Crawl-delay: 2", 2)]
    [InlineData("Crawl-delay: 0.5s", 0.5)]
    [InlineData("Crawl-delay: 2\nCrawl-delay: 1", 2)]
    [InlineData("Request-rate: 1/10s", 10)]
    [InlineData("Request-rate: 30/1m 0600-0800", 2)]
    [InlineData("Request-rate: 2/1h\nCrawl-delay: 5", 1800)]
    [InlineData("Crawl-delay: -1\nRequest-rate: 0/1\nCrawl-delay: soon", 0)]
    [InlineData("Crawl-delay: 99999999999999999999999", 2_592_000)]
    public void The_slowest_rate_counts(string lines, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Parsed("User-agent: *\n" + lines).Delay);

    [Theory]
    [InlineData("User-agent: webimagetext\nDisallow: /a\nUser-agent: *\nCrawl-delay: 9", 0)] // not our group
    [InlineData("Crawl-delay: 9\nUser-agent: webimagetext\nDisallow: /a", 9)] // before all groups: for everybody
    [InlineData("User-agent: other\nCrawl-delay: 9\nUser-agent: webimagetext\nDisallow: /", 9)] // one group of two
    public void A_delay_belongs_to_its_group(string robots, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Parsed(robots).Delay);

    [Theory]
    [InlineData("Visit-time: 0600-0845", "2026-01-16T06:00")]
    [InlineData("Visit-time: 11:00-13:00", "2026-01-15T12:00")]
    [InlineData("Visit-time: 2300-0100", "2026-01-15T23:00")]
    [InlineData("Visit-time: 0600-0845\nVisit-time: 1400-1500", "2026-01-15T14:00")]
    [InlineData("Visit-time: always", "2026-01-15T12:00")]
    public void The_next_visit_is_when_the_site_wants_it(string lines, string next)
    {
        var visit = Parsed("User-agent: *\n" + lines).NextVisit(Noon);

        Assert.Equal(next, visit.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void What_refuses_an_inherited_agent_refuses_us()
    {
        var body = "User-agent: ccbot\nDisallow: /a\nUser-agent: webimagetext\nDisallow: /b\nUser-agent: *\nDisallow: /"u8;

        var robots = RobotsTxt.Parse(body, new() { InheritedAgents = ["CCBot", "img2dataset"] });

        Assert.False(robots.Allows("/a"));
        Assert.False(robots.Allows("/b"));
        Assert.True(robots.Allows("/c"));
        Assert.True(RobotsTxt.Parse(body).Allows("/a"));
    }

    [Fact]
    public void An_agent_with_digits_is_known_by_its_word()
    {
        var options = new RobotsOptions { InheritedAgents = ["img2dataset"] };

        Assert.False(RobotsTxt.Parse("User-agent: img2dataset/1.0\nDisallow: /"u8, options).Allows("/"));
        Assert.True(RobotsTxt.Parse("User-agent: img\nDisallow: /"u8, options).Allows("/"));
    }

    [Fact]
    public void Sitemaps_licences_and_signals_are_kept_as_they_stood()
    {
        var robots = Parsed("""
            License: https://site.example/license.xml
            User-agent: *
            Sitemap: https://site.example/a.xml
            Content-Signal: search=yes, ai-train=no
            Content-Usage: train-ai=y
            Content-Usage: /img/*.png train-ai=n
            Content-Usage: /img/*.png search=n
            Crawl-delay: 3
            """);

        var signals = robots.SignalsFor("/img/a.png");

        Assert.Equal(["https://site.example/a.xml"], robots.Sitemaps);
        Assert.Equal(["https://site.example/license.xml"], signals.Licenses);
        Assert.Equal(["search=yes, ai-train=no"], signals.ContentSignals);
        Assert.Equal(["train-ai=n", "search=n"], signals.ContentUsage);
        Assert.Equal(["train-ai=y"], robots.SignalsFor("/b").ContentUsage);
        Assert.Contains("Crawl-delay: 3", robots.Record);
    }

    [Fact]
    public void A_line_cut_at_the_limit_is_not_read()
    {
        var start = "User-agent: *\nDisallow: /a\n";
        var filler = new string('#', RobotsGroups.MostBytes - start.Length - 20) + "\n";

        var robots = Parsed(start + filler + "Disallow: /bbbbbbbbbbbbbbbbbb\n");

        Assert.False(robots.Allows("/a"));
        Assert.True(robots.Allows("/bbbbbbbbbbbbbbbbbb"));
        Assert.True(robots.Allows("/bb"));
    }

    [Theory]
    [InlineData("Disallow: /a%7eb", "/a~b", false)]
    [InlineData("Disallow: /a~b", "/a%7Eb", false)]
    [InlineData("Disallow: /a%2Ab", "/axb", true)]
    [InlineData("Disallow: /a%2Ab", "/a*b", false)]
    [InlineData("Disallow: /a%24", "/a$b", false)]
    [InlineData("Disallow: /a|b", "/a%7Cb", false)]
    [InlineData("Disallow: /a%2Fb", "/a/b", true)]
    [InlineData("Disallow: /%", "/%41", true)]
    [InlineData("Disallow: /%4z", "/%4z/", false)]
    [InlineData("Disallow: /%4 x", "/%4%20x", false)]
    [InlineData("Disallow: /a*b*c$", "/abcbc", false)]
    [InlineData("Disallow: /a*b*c$", "/abc?", true)]
    [InlineData("Disallow: private", "/private/x", false)]
    [InlineData("Disallow /x", "/x", false)]
    [InlineData("Disallow /x y", "/x", true)]
    [InlineData("Disallow: /r", "/robots.txt", true)]
    public void Both_sides_are_normalised(string line, string path, bool allowed) =>
        Assert.Equal(allowed, Parsed("User-agent: *\n" + line).Allows(path));

    private static DateTimeOffset Noon { get; } = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private static RobotsTxt Parsed(string text) => RobotsTxt.Parse(Encoding.UTF8.GetBytes(text));

    private static bool IsAllowed(Case vector)
    {
        var text = vector.Robots ?? string.Concat(vector.Robots_parts!.SelectMany(part =>
            Enumerable.Repeat(part[0].GetString(), part[1].GetInt32())));
        var robots = RobotsTxt.Parse(Encoding.UTF8.GetBytes(text), new() { Token = vector.Agent });
        return robots.Allows(WebAddress.Parse(vector.Url).PathAndQuery);
    }

    /// <summary>The quickest of a few runs: the machine may have other things to do.</summary>
    private static void AssertQuick(Action action)
    {
        var quickest = Enumerable.Range(0, 5).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            action();
            return watch.ElapsedMilliseconds;
        });
        Assert.True(quickest < 100, $"{quickest} ms");
    }

    private static T ReadVectors<T>(string name) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(SharedData.Require(name)), JsonSerializerOptions.Web)!;
}
