namespace WebImageText.Tests.Runs;

/// <summary>A crawl of real photographs, by the clock of the web that is crawled.</summary>
[Collection(OneAtATime.Name)]
public sealed class PoliteCrawlTests : IDisposable
{
    private readonly string _out = Directory.CreateTempSubdirectory("wit-photo-web").FullName;

    [Fact]
    public async Task A_crawl_ends_in_the_right_shards_and_is_polite()
    {
        await using var web = await PhotoWeb.StartAsync();

        await WitProcess.JsonAsync(0, web.Run(_out, [.. PhotoWeb.Pages, "--contact", "crawl@example.org"]));

        await PhotoWebAnswer.AssertRightAsync(_out);
        // The pages of refused images are refused themselves, so that these images are never seen.
        await PhotoWebAnswer.AssertReasonsAsync(_out, "robots_disallowed");
        await AssertPoliteAsync(web);
    }

    private static async Task AssertPoliteAsync(PhotoWeb web)
    {
        var log = await web.LogAsync();
        Assert.All(log, request => Assert.Matches(@"^WebImageText/\d+\.\d+\.\d+ \(\+crawl@example\.org\)$", request.Agent));
        Assert.DoesNotContain(log, request => request.Path.StartsWith("/private/", StringComparison.Ordinal));
        foreach (var host in log.GroupBy(request => request.Host))
        {
            Assert.Equal("/robots.txt", host.First().Path);
            Assert.Equal(1, host.Count(request => request.Path == "/robots.txt"));
            var least = host.Key == "site03.photoweb.test" ? 1 : 0.02;
            var gaps = host.Zip(host.Skip(1), (one, next) => next.T - one.T);
            Assert.All(gaps, gap => Assert.True(gap > least, $"{host.Key}: {gap} s between two requests"));
        }
    }

    public void Dispose() => Directory.Delete(_out, recursive: true);
}
