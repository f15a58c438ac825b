using System.Text.Json;
using CsCheck;
using WebImageText.Crawl.Fetch;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Fetch;

public class RetryAfterTests
{
    private sealed record Case(string Id, string Value, DateTimeOffset Now, JsonElement Seconds);

    private sealed record Vectors(Case[] Retry_after);

    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_vector_waits_as_long_as_it_says()
    {
        var vectors = JsonSerializer.Deserialize<Vectors>(
            File.ReadAllText(SharedData.Require("crawl/policy_vectors.json")), JsonSerializerOptions.Web)!;

        var failures = vectors.Retry_after
            .Where(vector => RetryAfter.Parse(vector.Value, vector.Now)?.TotalSeconds != Seconds(vector.Seconds));

        Assert.Empty(failures.Select(vector => vector.Id));
    }

    [Theory]
    [InlineData("Thu, 15 Jan 2026 12:00:30 GMT", 30)]
    [InlineData("Thursday, 15-Jan-26 12:00:30 GMT", 30)]
    [InlineData("Thu Jan 15 12:00:30 2026", 30)]
    [InlineData("Thu Jan  5 12:00:30 2026", 0)]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", 0)] // 1994, not 2094
    [InlineData(" 7 ", 7)]
    [InlineData("9999999999", 604_800)]
    [InlineData("Thu, 15 Jan 2099 12:00:30 GMT", 604_800)]
    [InlineData("", null)]
    [InlineData("-5", null)]
    [InlineData("+5", null)]
    [InlineData("1,2", null)]
    [InlineData("Thu, 15 Jan 2026 12:00:30", null)]
    [InlineData("Thu, 32 Jan 2026 12:00:30 GMT", null)]
    [InlineData("Thu, 15 Jan 2026 12:00:30 +0100", null)]
    public void Seconds_and_three_forms_of_a_date_are_read(string value, int? seconds) =>
        Assert.Equal(seconds, RetryAfter.Parse(value, Noon)?.TotalSeconds);

    [Fact]
    public void No_value_throws_or_waits_beyond_the_limit() =>
        Gen.OneOf(Gen.String, Gen.ULong.Select(number => $"{number}")).Sample(value =>
            RetryAfter.Parse(value, Noon) is not { } wait || (wait >= TimeSpan.Zero && wait <= RetryAfter.Longest));

    private static double? Seconds(JsonElement seconds) => seconds.ValueKind switch
    {
        JsonValueKind.Number => seconds.GetDouble(),
        JsonValueKind.String => RetryAfter.Longest.TotalSeconds, // "max"
        _ => null,
    };
}
