using System.Globalization;
using WebImageText.Crawl.Providers;
using static WebImageText.Tests.Providers.LoopbackService;

namespace WebImageText.Tests.Providers;

/// <summary>Against a server that answers in the form of Openverse's API v1, its limits included.</summary>
public class OpenverseProviderTests
{
    private const int AnonymousDepth = 12;

    private static readonly Query Cat = new(new(0), "tabby cat");

    private static Reply Api(Asked asked)
    {
        if (asked.Path != "/v1/images/")
            return Reply.Json("""{"detail":"Not found."}""", 404);
        var hasToken = asked.Headers.ContainsKey("Authorization");
        if (hasToken && asked.Headers["Authorization"] != "Bearer good")
            return Reply.Json("""{"detail":"Invalid token header."}""", 401);
        var (size, page) = (int.Parse(asked.Query["page_size"], CultureInfo.InvariantCulture), int.Parse(asked.Query["page"], CultureInfo.InvariantCulture));
        if (size > 20 && !hasToken)
            return Reply.Json("""{"detail":"page_size may not exceed 20 for unauthenticated requests."}""", 401);
        return page > AnonymousDepth
            ? Reply.Json("""{"detail":"Invalid page."}""", 400)
            : Reply.Json($$"""
                {"result_count":10000,"page_count":500,"page_size":{{size}},"page":{{page}},"results":[
                {"id":"a{{page}}","title":"A <i>tabby</i> cat {{page}}","indexed_on":"2020-01-01T00:00:00Z","foreign_landing_url":"https://photos.example/p{{page}}",
                 "url":"https://img.example/{{page}}.jpg","creator":"Ann","creator_url":"https://photos.example/ann","license":"by","license_version":"2.0",
                 "license_url":"https://creativecommons.org/licenses/by/2.0/","provider":"flickr","source":"flickr","category":null,"filesize":null,"filetype":"jpg",
                 "tags":[{"name":"cat","accuracy":null}],"attribution":"\"A tabby cat\" by Ann is licensed under CC BY 2.0.","mature":false,"height":683,"width":1024},
                {"id":"b{{page}}","title":null,"url":"https://img.example/m{{page}}.jpg","license":"cc0","license_version":"1.0","mature":true},
                {"id":"c{{page}}","title":"No address","url":null}]}
                """);
    }

    [Fact]
    public async Task Without_a_token_it_goes_as_deep_as_the_service_lets_it()
    {
        using var service = new LoopbackService(Api);

        var pages = await Providing.AllAsync(() => new OpenverseProvider(service.At("/v1/images/")), service.FetchAsync, Cat);

        Assert.Equal(AnonymousDepth, pages.Count);
        Assert.All(pages, page => Assert.Null(page.Fault));
        Assert.All(service.Log, asked => Assert.Equal(("tabby cat", "20", "false"), (asked.Query["q"], asked.Query["page_size"], asked.Query["mature"])));
        var first = Assert.Single(pages[0].Candidates);
        Assert.Equal("https://img.example/1.jpg", first.Image.Href);
        Assert.Equal("https://photos.example/p1", first.Page?.Href);
        Assert.Equal("https://creativecommons.org/licenses/by/2.0/", first.License);
        Assert.Equal("\"A tabby cat\" by Ann is licensed under CC BY 2.0.", first.Attribution);
        Assert.Equal(TextSource.SearchTitle, first.Caption?.Source);
    }

    [Fact]
    public async Task With_a_token_the_end_of_the_depth_is_the_end_of_the_query()
    {
        using var service = new LoopbackService(Api);

        var pages = await Providing.AllAsync(() => new OpenverseProvider(service.At("/v1/images/"), "good"), service.FetchAsync, Cat);

        // The service stops sooner than it said.
        Assert.Equal(AnonymousDepth + 1, pages.Count);
        Assert.Null(pages[^1].Fault);
        Assert.Equal("100", service.Log.First().Query["page_size"]);
    }

    [Theory]
    [InlineData("bad", 0, "refuses the token")]
    [InlineData(null, 429, "limit is reached")]
    [InlineData(null, 200, "'results'")]
    public async Task What_is_wrong_is_said_in_words(string? token, int status, string words)
    {
        using var service = new LoopbackService(asked => status == 0 ? Api(asked) : Reply.Json("""{"detail":"Request was throttled."}""", status));

        var page = await new OpenverseProvider(service.At("/v1/images/"), token).FindAsync(Cat, null, service.FetchAsync, TestContext.Current.CancellationToken);

        Assert.Contains(words, page.Fault, StringComparison.Ordinal);
    }
}
