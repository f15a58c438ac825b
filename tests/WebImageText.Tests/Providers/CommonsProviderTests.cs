using WebImageText.Crawl.Providers;
using WebImageText.Crawl.Trace;
using static WebImageText.Tests.Providers.LoopbackService;

namespace WebImageText.Tests.Providers;

/// <summary>Against a server that answers in the form of MediaWiki's API with <c>formatversion=2</c>.</summary>
public class CommonsProviderTests
{
    private const string Sha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";

    private static readonly Query Cat = new(new(0), "cat & dog");

    private static string File(int index, string name, string mime) =>
        $$$"""
        {"pageid":{{{index}}},"ns":6,"title":"File:{{{name}}}","index":{{{index}}},"imagerepository":"local","imageinfo":[{"size":9,"width":800,"height":600,
        "url":"https://upload.example/{{{name}}}","descriptionurl":"https://commons.example/wiki/File:{{{name}}}","descriptionshorturl":"x","sha1":"{{{Sha1}}}","mime":"{{{mime}}}",
        "extmetadata":{"ObjectName":{"value":"{{{name}}}","source":"mediawiki-metadata"},"ImageDescription":{"value":"<div class=\"description\">A <b>cat</b> &amp; a dog</div>","source":"commons-desc-page"},
        "Artist":{"value":"<a href=\"//commons.example/wiki/User:Ann\">Ann</a>"},"LicenseShortName":{"value":"CC BY-SA 4.0"},"LicenseUrl":{"value":"https://creativecommons.org/licenses/by-sa/4.0"} } }]}
        """;

    private static Reply Api(Asked asked) => asked.Query.GetValueOrDefault("gsroffset") switch
    {
        null => Reply.Json($$$"""{"continue":{"gsroffset":50,"continue":"gsroffset||"},"query":{"pages":[{{{File(2, "b.jpg", "image/jpeg")}}},{{{File(1, "a.png", "image/png")}}}]}}"""),
        "50" when asked.Query["continue"] == "gsroffset||" => Reply.Json($$$"""{"batchcomplete":true,"query":{"pages":[{{{File(1, "c.svg", "image/svg+xml")}}},{{{File(2, "d.jpg", "image/jpeg")}}}]}}"""),
        _ => Reply.Json("""{"error":{"code":"badcontinue","info":"Invalid continue param."}}"""),
    };

    private static CommonsProvider Make(LoopbackService service) => new(service.At("/w/api.php"), new TraceClock());

    [Fact]
    public async Task Continuations_are_followed_word_for_word()
    {
        using var service = new LoopbackService(Api);

        var pages = await Providing.AllAsync(() => Make(service), service.FetchAsync, Cat);

        Assert.All(pages, page => Assert.Null(page.Fault));
        Assert.Equal(["a.png", "b.jpg", "d.jpg"], pages.Candidates().Select(candidate => candidate.Image.Path.TrimStart('/')));
        Assert.Equal("filetype:bitmap cat & dog", service.Log.First().Query["gsrsearch"]);
        Assert.Equal("5", service.Log.First().Query["maxlag"]);
        var first = pages.Candidates().First();
        Assert.Equal("A cat & a dog", first.Caption?.Text);
        Assert.Equal(("https://creativecommons.org/licenses/by-sa/4.0", "Ann"), (first.License, first.Attribution));
        Assert.Equal(new ImageDigest("sha1", Sha1), first.Digest);
        Assert.Equal("https://commons.example/wiki/File:a.png", first.Page?.Href);
    }

    [Fact]
    public async Task A_service_that_lags_is_waited_for()
    {
        var asked = 0;
        using var service = new LoopbackService(request => ++asked < 3
            ? Reply.Json("""{"error":{"code":"maxlag","info":"Waiting for db1: 6 seconds lagged","lag":6}}""", 200, ("Retry-After", "5"))
            : Api(request));

        var page = await Make(service).FindAsync(Cat, null, service.FetchAsync, TestContext.Current.CancellationToken);

        Assert.Null(page.Fault);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task One_that_lags_on_is_left_for_another_run()
    {
        using var service = new LoopbackService(_ => Reply.Json("""{"error":{"code":"maxlag","info":"6 seconds lagged"}}"""));

        var page = await Make(service).FindAsync(Cat, null, service.FetchAsync, TestContext.Current.CancellationToken);

        Assert.Contains("maxlag", page.Fault, StringComparison.Ordinal);
        Assert.Equal(4, service.Log.Count);
    }

    [Theory]
    [InlineData(403, "--contact")]
    [InlineData(429, "limit")]
    public async Task What_is_wrong_is_said_in_words(int status, string words)
    {
        using var service = new LoopbackService(_ => Reply.Text("Please set a user-agent and respect our robot policy", status));

        var page = await Make(service).FindAsync(Cat, null, service.FetchAsync, TestContext.Current.CancellationToken);

        Assert.Contains(words, page.Fault, StringComparison.Ordinal);
    }
}
