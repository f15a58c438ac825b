using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using WebImageText.Cli.Dedup;
using WebImageText.Cli.Dedup.Review;
using WebImageText.Curate.Pixels;
using WebImageText.Tests.Browsing;

namespace WebImageText.Tests.Dedup;

/// <summary>The review page in a browser, with real photographs and real keys.</summary>
[Collection(OneAtATime.Name)]
public sealed class ReviewPageTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wit-review").FullName;
    private ReviewServer _server = null!;
    private AlikePair[] _pairs = [];

    private string VerdictFile => Path.Combine(_folder, "verdicts.json");

    public async ValueTask InitializeAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        var photos = RealPhotos.Take(4);
        var files = RealPhotos.WriteFolder(Path.Combine(_folder, "set"), photos);
        var uids = await RealPhotos.WriteDataSetAsync(Path.Combine(_folder, "data"),
            [CopyEdits.Of(photos[0].Jpeg).Single(edit => edit.Edit == "band").Jpeg, CopyEdits.Of(photos[1].Jpeg).Single(edit => edit.Edit == "mirror").Jpeg, photos[3].Jpeg], stop);
        _pairs =
        [
            new("photos", files[0], uids[0], 0.93f, true, "00000", "00000000"),
            new("photos", files[1], uids[1], 0.81f, true, "00000", "00000001"),
            new("photos", files[2], uids[2], 0.44f, false, "00000", "00000002"),
        ];
        var pictures = await PairPictures.LoadAsync(_pairs, [("photos", Path.Combine(_folder, "set"))], Path.Combine(_folder, "data"), 720, stop);
        _server = await ReviewServer.StartAsync(_pairs, pictures, Verdicts.Open(VerdictFile), 0, stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Keys_judge_pairs_and_every_verdict_is_saved_at_once()
    {
        await using var browser = await Browser.StartAsync();
        await browser.OpenAsync(_server.Address, "document.body && document.body.dataset.at === '0' && left.complete && left.naturalWidth > 0 && right.naturalWidth > 0");
        if (Environment.GetEnvironmentVariable("WIT_SCREENSHOTS") is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, "review.png"), await browser.ScreenshotAsync(), TestContext.Current.CancellationToken);

        await browser.PressAsync("s");
        await browser.UntilAsync("document.body.dataset.at === '1'");
        Assert.Equal([("00000000", true)], Saved());
        await browser.PressAsync("d");
        await browser.UntilAsync("document.body.dataset.done === '2'");
        await browser.PressAsync("ArrowLeft");
        await browser.UntilAsync("document.body.dataset.at === '1'");
        Assert.Equal("true", (string?)await browser.ValueAsync("different.getAttribute('aria-pressed')"));
        await browser.PressAsync("u");
        await browser.UntilAsync("document.body.dataset.done === '1'");
        await browser.PressAsync("s");
        await browser.UntilAsync("document.body.dataset.at === '2'");
        await browser.PressAsync("d");
        await browser.UntilAsync("document.body.dataset.done === '3'");

        Assert.Equal([("00000000", true), ("00000001", true), ("00000002", false)], Saved());
        Assert.Contains("Pair 3 of 3, 3 judged", (string?)await browser.ValueAsync("progress.textContent"), StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_page_that_is_opened_again_goes_on_where_it_stopped()
    {
        Verdicts.Open(VerdictFile).Set(_pairs[0], true);
        await using var server = await ReviewServer.StartAsync(
            _pairs, await PairPictures.LoadAsync(_pairs, [], null, 100, TestContext.Current.CancellationToken), Verdicts.Open(VerdictFile), 0, TestContext.Current.CancellationToken);
        await using var browser = await Browser.StartAsync();

        await browser.OpenAsync(server.Address, "document.body && document.body.dataset.at === '1'");
    }

    [Theory]
    [InlineData("http://evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData(null, null, HttpStatusCode.Forbidden)]
    [InlineData(null, "evil.example", HttpStatusCode.MisdirectedRequest)]
    public async Task Other_pages_cannot_vote(string? origin, string? host, HttpStatusCode expected)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(_server.Address, "verdicts/0"))
        {
            Content = new StringContent("{\"is_copy\": true}", Encoding.UTF8, "application/json"),
        };
        request.Headers.Host = host;
        if (origin is not null)
            request.Headers.Add("Origin", origin);

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
        Assert.False(File.Exists(VerdictFile));
    }

    private IEnumerable<(string Key, bool IsCopy)> Saved() => JsonNode.Parse(File.ReadAllText(VerdictFile))!.AsArray()
        .Select(verdict => (_pairs.Single(pair => pair.Crawl == (string)verdict!["crawl"]!).Key, (bool)verdict!["is_copy"]!));
}
