using System.Globalization;
using System.Text.Json;
using WebImageText.Crawl.Robots;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Robots;

public class RobotsPolicyTests
{
    private sealed record Case(string Id, JsonElement Robots_result, string Decision, string[]? Also_ok);

    private sealed record Vectors(Case[] Robots_status);

    [Fact]
    public void Every_vector_is_decided_as_it_says()
    {
        var vectors = JsonSerializer.Deserialize<Vectors>(
            File.ReadAllText(SharedData.Require("crawl/policy_vectors.json")), JsonSerializerOptions.Web)!;
        var judged = 0;
        var failures = new List<string>();
        foreach (var vector in vectors.Robots_status)
            if (Outcome(vector.Robots_result.ToString()) is { } outcome)
            {
                judged++;
                var word = Word(RobotsPolicy.Decide(outcome).Access);
                if (word != vector.Decision && vector.Also_ok?.Contains(word) is not true)
                    failures.Add($"{vector.Id}: {word}");
            }

        Assert.Empty(failures);
        Assert.True(judged >= vectors.Robots_status.Length - 1, "only the case of two requests at once is no decision");
    }

    [Fact]
    public void No_failure_and_no_strange_status_lets_us_fetch()
    {
        var open = Enumerable.Range(-1, 1002)
            .Where(status => RobotsPolicy.Decide(RobotsOutcome.Answered(status)).Access == RobotsAccess.AllowAll);

        Assert.Equal(Enumerable.Range(400, 100).Except([429]), open);
        foreach (var reason in DropReasons.All)
            Assert.Equal(RobotsAccess.DenyAll, RobotsPolicy.Decide(RobotsOutcome.Failed(new(reason))).Access);
    }

    [Fact]
    public void A_host_that_asks_for_time_gets_it()
    {
        var wait = TimeSpan.FromHours(3);

        Assert.Equal(wait, RobotsPolicy.Decide(RobotsOutcome.Answered(429, retryAfter: wait)).ValidFor);
        Assert.Equal(wait, RobotsPolicy.Decide(RobotsOutcome.Answered(503, retryAfter: wait)).ValidFor);
        var atOnce = RobotsOutcome.Answered(429, retryAfter: TimeSpan.Zero);
        Assert.Equal(RobotsPolicy.LeastDefer, RobotsPolicy.Decide(atOnce).ValidFor);
        Assert.Equal(RobotsPolicy.ErrorLifetime, RobotsPolicy.Decide(RobotsOutcome.Answered(503)).ValidFor);
    }

    [Fact]
    public void After_thirty_days_a_file_that_cannot_be_reached_is_none()
    {
        var down = RobotsOutcome.Answered(500);

        Assert.Equal(RobotsAccess.DenyAll, RobotsPolicy.Decide(down, TimeSpan.FromDays(29.9)).Access);
        Assert.Equal(RobotsAccess.AllowAll, RobotsPolicy.Decide(down, TimeSpan.FromDays(30)).Access);
    }

    [Fact]
    public void Five_redirects_are_followed_and_no_sixth()
    {
        Assert.Equal(RobotsAccess.Follow, RobotsPolicy.Decide(RobotsOutcome.Answered(301, true, 4)).Access);
        Assert.Equal(RobotsAccess.DenyAll, RobotsPolicy.Decide(RobotsOutcome.Answered(301, true, 5)).Access);
    }

    private static RobotsOutcome? Outcome(string result) => result switch
    {
        "301 x6" => RobotsOutcome.Answered(301, hasLocation: true, redirects: 5),
        "302 without Location" => RobotsOutcome.Answered(302),
        "connection refused" => RobotsOutcome.Failed(new(DropReason.ConnectError)),
        "TLS failure" => RobotsOutcome.Failed(new(DropReason.TlsError)),
        "body over 500 KiB" or "200 text/html" => RobotsOutcome.Answered(200),
        _ when int.TryParse(result, NumberStyles.None, CultureInfo.InvariantCulture, out var status) =>
            RobotsOutcome.Answered(status, hasLocation: status is > 300 and < 400),
        _ => null,
    };

    private static string Word(RobotsAccess access) => access switch
    {
        RobotsAccess.Rules => "parse",
        RobotsAccess.AllowAll => "allow",
        RobotsAccess.DenyAll => "deny",
        RobotsAccess.Defer => "defer",
        _ => "follow",
    };
}
