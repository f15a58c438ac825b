namespace WebImageText.Tests.Runs;

/// <summary>Holds what a run has made against the right answer.</summary>
internal static class PhotoWebAnswer
{
    public static async Task AssertRightAsync(string output)
    {
        var (code, score) = await PhotoWeb.ScoreAsync(output);
        Assert.True(code == 0, score);
        await WitProcess.JsonAsync(0, "shards", "verify", output);
    }

    public static async Task AssertReasonsAsync(string output, params string[] unseen)
    {
        var stats = await WitProcess.JsonAsync(0, "shards", "stats", output);
        var reasons = stats.GetProperty("reasons").EnumerateObject().ToDictionary(reason => reason.Name, reason => reason.Value.GetInt32());
        foreach (var (reason, count) in PhotoWeb.ExpectedCounts().Where(expected => expected.Key is not ("keep" or "near_duplicate_of_evaluation_image")))
            Assert.True(reasons.GetValueOrDefault(reason) == (unseen.Contains(reason) ? 0 : count), $"{reason}: {reasons.GetValueOrDefault(reason)} of {count}");
        // Hashes alone miss most crops and overlays; every milder copy is found.
        Assert.InRange(reasons["near_duplicate_of_evaluation_image"], 27, 40);
        if (!unseen.Contains("http_error"))
            Assert.Equal(PhotoWeb.ExpectedCounts()["http_error"], stats.GetProperty("http_statuses").GetProperty("404").GetInt32());
    }
}
