using WebImageText.Crawl.Providers;
using static WebImageText.Tests.Providers.LoopbackService;

namespace WebImageText.Tests.Providers;

/// <summary>Against a server that answers in SearXNG's JSON form.</summary>
public class SearxngProviderTests
{
    private static readonly Query Cat = new(new(0), "tabby cat");

    private static Reply Api(Asked asked) => asked.Query["format"] != "json" ? Reply.None(403) : Reply.Json(asked.Query["pageno"] switch
    {
        "1" => """
            {"query":"tabby cat","number_of_results":0,"results":[
            {"template":"images.html","url":"https://site.example/p","thumbnail_src":"https://t.example/1","img_src":"//img.example/1.jpg","content":"A tabby cat on a sofa","title":"Cat","source":"site","resolution":"800 x 600","img_format":"jpeg","engine":"bing images","category":"images"},
            {"template":"images.html","url":"https://site.example/q","img_src":"data:image/png;base64,AAAA","title":"inline"}],
            "answers":[],"corrections":[],"infoboxes":[],"suggestions":[],"unresponsive_engines":[["google images","timeout"]]}
            """,
        "2" => """{"results":[{"img_src":"https://img.example/2.jpg","title":"Another","url":""}]}""",
        _ => """{"results":[],"unresponsive_engines":[]}""",
    });

    [Fact]
    public async Task Pages_are_asked_for_until_one_brings_nothing()
    {
        using var service = new LoopbackService(Api);

        var pages = await Providing.AllAsync(() => new SearxngProvider(service.At("/search")), service.FetchAsync, Cat);

        Assert.Equal(3, pages.Count);
        Assert.Equal(["http://img.example/1.jpg", "https://img.example/2.jpg"], pages.Candidates().Select(candidate => candidate.Image.Href));
        Assert.Equal(["A tabby cat on a sofa", "Cat"], pages[0].Candidates[0].Texts.Select(text => text.Text));
        Assert.Equal(["1", "2", "3"], service.Log.Select(asked => asked.Query["pageno"]));
    }

    [Theory]
    [InlineData("""{"results":[],"unresponsive_engines":[["google images","CAPTCHA"]]}""", 200, "no engine")]
    [InlineData("<html>", 200, "JSON")]
    [InlineData("", 403, "search.formats")]
    [InlineData("", 429, "limiter")]
    [InlineData("", 500, "500")]
    public async Task What_is_wrong_is_said_in_words(string body, int status, string words)
    {
        using var service = new LoopbackService(_ => Reply.Json(body, status));

        var page = await new SearxngProvider(service.At("/search")).FindAsync(Cat, null, service.FetchAsync, TestContext.Current.CancellationToken);

        Assert.Contains(words, page.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_but_said()
    {
        using var service = new LoopbackService(_ => Reply.None(302, ("Location", "https://elsewhere.example/search")));

        var page = await new SearxngProvider(service.At("/search")).FindAsync(Cat, null, service.FetchAsync, TestContext.Current.CancellationToken);

        Assert.Contains("elsewhere.example", page.Fault, StringComparison.Ordinal);
    }
}
