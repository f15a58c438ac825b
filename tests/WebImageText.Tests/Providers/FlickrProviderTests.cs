using System.Globalization;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Providers;
using WebImageText.Crawl.Trace;
using static WebImageText.Tests.Providers.LoopbackService;

namespace WebImageText.Tests.Providers;

/// <summary>Against a server that answers in the form of Flickr's API in JSON, its codes and its depth included.</summary>
public sealed class FlickrProviderTests
{
    private const string Key = "9a0554259914a86fb9e7eb014e4e5d52", Path = "/services/rest/";

    private static readonly Query Cat = new(new(0), "cat & dog");

    private static Reply Fail(int code, string message) => Reply.Json($$"""{"stat":"fail","code":{{code}},"message":"{{message}}"}""");

    private static Reply Api(Asked asked, int total)
    {
        if (asked.Path != Path || asked.Query.GetValueOrDefault("format") != "json" || asked.Query.GetValueOrDefault("nojsoncallback") != "1")
            return Reply.Text("jsonFlickrApi({})");
        if (asked.Query.GetValueOrDefault("api_key") != Key)
            return Fail(100, $"Invalid API Key (Key not found: {asked.Query.GetValueOrDefault("api_key")})");
        switch (asked.Query["method"])
        {
            case "flickr.photos.licenses.getInfo":
                return Reply.Json("""
                    {"licenses":{"license":[{"id":0,"name":"All Rights Reserved","url":""},{"id":4,"name":"Attribution License","url":"https:\/\/creativecommons.org\/licenses\/by\/2.0\/"},
                    {"id":7,"name":"No known copyright restrictions","url":"https:\/\/www.flickr.com\/commons\/usage\/"},{"id":11,"name":"CC BY 4.0","url":"https:\/\/creativecommons.org\/licenses\/by\/4.0\/"}]},"stat":"ok"}
                    """);
            case "flickr.photos.search":
                var (size, page) = (int.Parse(asked.Query["per_page"], CultureInfo.InvariantCulture), int.Parse(asked.Query["page"], CultureInfo.InvariantCulture));
                return Reply.Json($$"""
                    {"photos":{"page":{{page}},"pages":{{(total + size - 1) / size}},"perpage":{{size}},"total":"{{total}}","photo":[
                    {"id":"1{{page}}","owner":"12@N01","secret":"s","server":"65535","farm":66,"title":"A tabby {{page}}","ispublic":1,"isfriend":0,"isfamily":0,"license":"11","description":{"_content":"A <b>tabby<\/b> cat &amp; a dog {{page}}"},
                     "ownername":"Ann","url_o":"https:\/\/live.example\/{{page}}_o.jpg","height_o":4000,"width_o":"6000","url_l":"https:\/\/live.example\/{{page}}_b.jpg","height_l":683,"width_l":"1024"},
                    {"id":"2{{page}}","owner":"13@N01","title":"","ispublic":1,"license":"7","description":{"_content":""},"ownername":"Bo","url_z":"https:\/\/live.example\/{{page}}_z.jpg"},
                    {"id":"3{{page}}","owner":"14@N01","title":"Reserved","ispublic":1,"license":"0","url_l":"https:\/\/live.example\/no.jpg"},
                    {"id":"4{{page}}","owner":"15@N01","title":"No address","ispublic":1,"license":"4"}]},"stat":"ok"}
                    """);
            default:
                return Fail(112, $"Method {asked.Query["method"]} not found");
        }
    }

    private static FlickrProvider Make(LoopbackService service, string key = Key) => new(service.At(Path), key, new TraceClock());

    [Fact]
    public async Task A_search_has_licences_owners_and_pages_and_ends_at_4_000_results()
    {
        using var service = new LoopbackService(asked => Api(asked, total: 100_000));

        var pages = await Providing.AllAsync(() => Make(service), service.FetchAsync, Cat);

        Assert.All(pages, page => Assert.Null(page.Fault));
        Assert.Equal(8, pages.Count);
        var searches = service.Log.Where(asked => asked.Query["method"] == "flickr.photos.search").ToList();
        Assert.All(searches, asked => Assert.Equal(("cat & dog", "4,7,11", "500", "1"), (asked.Query["text"], asked.Query["license"], asked.Query["per_page"], asked.Query["safe_search"])));
        Assert.Equal(2, pages[0].Candidates.Count);
        var (first, second) = (pages[0].Candidates[0], pages[0].Candidates[1]);
        Assert.Equal(("https://live.example/1_b.jpg", $"http://127.0.0.1:{service.Port}/photos/12%40N01/11"), (first.Image.Href, first.Page?.Href));
        Assert.Equal([new(TextSource.SearchContent, "A tabby cat & a dog 1"), new ImageText(TextSource.SearchTitle, "A tabby 1")], first.Texts);
        Assert.Equal(("https://creativecommons.org/licenses/by/4.0/", "Ann"), (first.License, first.Attribution));
        Assert.Equal(("https://live.example/1_z.jpg", "https://www.flickr.com/commons/usage/"), (second.Image.Href, second.License));
        Assert.Empty(second.Texts);
    }

    [Fact]
    public async Task A_search_ends_where_its_results_do_and_licences_are_asked_for_once()
    {
        using var service = new LoopbackService(asked => Api(asked, total: 700));
        using var provider = Make(service);

        var pages = await Providing.AllAsync(() => provider, service.FetchAsync, Cat);

        Assert.Equal(2, pages.Count);
        Assert.Equal(["flickr.photos.licenses.getInfo", "flickr.photos.search", "flickr.photos.search"], service.Log.Select(asked => asked.Query["method"]));
    }

    [Fact]
    public async Task Where_licences_cannot_be_asked_for_the_old_ones_are_known()
    {
        using var service = new LoopbackService(asked => asked.Query["method"].EndsWith("getInfo", StringComparison.Ordinal) ? Reply.None(500) : Api(asked, total: 1));

        var page = Assert.Single(await Providing.AllAsync(() => Make(service), service.FetchAsync, Cat));

        Assert.Equal("1,2,3,4,5,6,7,8,9,10", service.Log.Last().Query["license"]);
        Assert.Equal("flickr licence 11", page.Candidates[0].License);
    }

    [Theory]
    [InlineData(105, "Service currently unavailable", 4)]
    [InlineData(10, "Sorry, the Flickr search API is not currently available.", 4)]
    [InlineData(18, "Illogical arguments", 1)]
    public async Task A_code_is_told_and_waited_for_if_it_passes(int code, string message, int asked)
    {
        using var service = new LoopbackService(request => request.Query["method"].EndsWith("getInfo", StringComparison.Ordinal) ? Api(request, 0) : Fail(code, message));

        var page = await Make(service).FindAsync(Cat, null, service.FetchAsync, TestContext.Current.CancellationToken);

        Assert.Contains($"says {code}: {message}", page.Fault, StringComparison.Ordinal);
        Assert.Equal(asked, service.Log.Count(request => request.Query["method"] == "flickr.photos.search"));
    }

    [Theory]
    [InlineData(200, """{"stat":"ok"}""", "without 'photos'")]
    [InlineData(200, """{"results":[]}""", "without 'stat'")]
    [InlineData(200, "jsonFlickrApi({})", "did not answer in JSON")]
    [InlineData(429, "{}", "3,600 requests an hour")]
    public async Task What_is_wrong_is_said_in_words(int status, string body, string words)
    {
        using var service = new LoopbackService(_ => Reply.Json(body, status));

        var page = await Make(service).FindAsync(Cat, null, service.FetchAsync, TestContext.Current.CancellationToken);

        Assert.Contains(words, page.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_told_and_never_shown()
    {
        using var service = new LoopbackService(asked => Api(asked, total: 1));

        var page = await Make(service, "a-wrong-key").FindAsync(Cat, null, service.FetchAsync, TestContext.Current.CancellationToken);

        Assert.Contains("says 100: Invalid API Key (Key not found: [key]); the key is taken from WIT_FLICKR_KEY", page.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_in_no_trace_and_in_no_redirect()
    {
        var file = System.IO.Path.GetTempFileName() + ".warc";
        using var service = new LoopbackService(asked => asked.Query["method"].EndsWith("getInfo", StringComparison.Ordinal)
            ? Reply.None(301, ("Location", $"https://api.example/?api_key={asked.Query["api_key"]}")) : Api(asked, total: 1));
        List<FetchResult> results = [];
        await using (var trace = await TraceWriter.OpenAsync(file, new() { Contact = "test@example.org" }, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken))
        {
            var recording = new RecordingFetcher(service.Fetcher, trace, TimeProvider.System);
            await Make(service).FindAsync(Cat, null, async (request, stop) =>
            {
                results.Add(await recording.FetchAsync(request.Request, stop));
                return results[^1];
            }, TestContext.Current.CancellationToken);
        }

        Assert.Contains("api_key=[kept-out]", Assert.IsType<FetchResult.Redirect>(results[0]).To.Href, StringComparison.Ordinal);
        Assert.IsType<FetchResult.Answer>(results[1]);
        var kept = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains("flickr.photos.search", kept, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, kept, StringComparison.Ordinal);
        File.Delete(file);
    }
}
