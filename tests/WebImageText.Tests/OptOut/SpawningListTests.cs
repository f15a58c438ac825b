using System.Text.Json.Nodes;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;
using WebImageText.Tests.Providers;
using static WebImageText.Tests.Providers.LoopbackService;

namespace WebImageText.Tests.OptOut;

public sealed class SpawningListTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // As the API answers: the addresses in their order, each with its word.
    private static Reply Answer(Asked asked) =>
        asked.Method != "POST" || asked.Headers.GetValueOrDefault("Authorization") != "API a-key" || asked.Headers.GetValueOrDefault("Content-Type") != "text/plain"
            ? Reply.Json("""{"detail": "Invalid API key."}""", 401)
            : Reply.Json(new JsonObject
            {
                ["urls"] = new JsonArray([.. asked.Body.Split('\n').Select(url => new JsonObject { ["url"] = url, ["optOut"] = url.Contains("out", StringComparison.Ordinal) })]),
            }.ToJsonString());

    private static async Task<Drop?[]> AskAsync(LoopbackService service, string key, params string[] images)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var list = new SpawningList(new(service.At("/api/v2/query/urls/"), key), service.Fetcher, TimeProvider.System);
        var running = list.RunAsync(end.Token);
        var answers = await Task.WhenAll(images.Select(image => list.AskAsync(WebAddress.Parse(image), Stop)));
        await end.CancelAsync();
        await running;
        return answers;
    }

    [Fact]
    public async Task Many_images_are_one_question()
    {
        using var service = new LoopbackService(Answer);

        var answers = await AskAsync(service, "a-key", [.. Enumerable.Range(0, 2_000).Select(n => $"http://site.test/{(n == 7 ? "out" : "in")}{n}.jpg")]);

        Assert.Equal(7, Array.FindIndex(answers, answer => answer is not null));
        Assert.Equal(new Drop(DropReason.OptedOut, $"{service.At("/api/v2/query/urls/")}: optOut"), answers[7]);
        Assert.Equal(1, answers.Count(answer => answer is not null));
        Assert.Single(service.Log);
    }

    [Fact]
    public async Task A_wrong_key_lets_nothing_through()
    {
        using var service = new LoopbackService(Answer);

        var answer = Assert.Single(await AskAsync(service, "no-key", "http://site.test/in.jpg"));

        Assert.Equal(DropReason.HttpError, answer?.Reason);
        Assert.EndsWith("401", answer?.Detail, StringComparison.Ordinal);
        Assert.Single(service.Log);
    }

    [Fact]
    public async Task An_overloaded_list_is_asked_again()
    {
        var asked = 0;
        using var service = new LoopbackService(request => ++asked == 1 ? Reply.None(503, ("Retry-After", "1")) : Answer(request));

        Assert.Null(Assert.Single(await AskAsync(service, "a-key", "http://site.test/in.jpg")));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task What_breaks_it_is_heard_by_those_who_wait_and_by_whoever_runs_it()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var list = new SpawningList(new(WebAddress.Parse("http://list.test/"), "a-key"), new BrokenFetcher(), TimeProvider.System);
        var waits = list.AskAsync(WebAddress.Parse("http://site.test/a.jpg"), Stop);
        var running = list.RunAsync(end.Token);

        Assert.Contains("broken", (await Assert.ThrowsAsync<IOException>(() => waits.WaitAsync(TimeSpan.FromSeconds(20), Stop))).Message, StringComparison.Ordinal);
        Assert.Contains("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() => running)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => list.AskAsync(WebAddress.Parse("http://site.test/later.jpg"), Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop));
    }

    /// <summary>The fault that no fetcher should have.</summary>
    private sealed class BrokenFetcher : IFetcher
    {
        public Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken stop) => throw new InvalidOperationException("broken");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"urls": [{"url": "http://site.test/in.jpg"}]}""")]
    [InlineData("""{"urls": [{"url": "http://site.test/other.jpg", "optOut": false}]}""")]
    [InlineData("""{"urls": 5}""")]
    public async Task An_answer_that_says_nothing_of_an_image_lets_it_not_through(string json)
    {
        using var service = new LoopbackService(_ => Reply.Json(json));

        Assert.Equal(DropReason.HttpError, Assert.Single(await AskAsync(service, "a-key", "http://site.test/in.jpg"))?.Reason);
    }
}
