using System.Globalization;
using System.Text.Json;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Crawl.Providers;

/// <summary>A SearXNG instance of one's own, asked in its JSON form (<c>search.formats</c> must list <c>json</c>).</summary>
/// <remarks>
/// <c>GET /search?q=…&amp;categories=images&amp;format=json&amp;pageno=N</c>; results hold <c>img_src url title content</c>.
/// Pages differ in length, so the end is a page that brings nothing.
/// </remarks>
/// <param name="search">Address of the instance's search, for example <c>https://searx.example.org/search</c>.</param>
/// <param name="pages">Most pages of one query.</param>
public sealed class SearxngProvider(WebAddress search, int pages = SearxngProvider.DefaultPages) : IProvider
{
    /// <summary>Pages asked for when nothing else is said.</summary>
    public const int DefaultPages = 10;

    private const int MostResults = 1000;

    /// <inheritdoc/>
    public ProviderTraits Traits { get; } = new("searxng") { TakesQueries = true, PageSize = MostResults, Depth = pages };

    /// <inheritdoc/>
    public async Task<ProviderPage> FindAsync(Query? query, string? cursor, ProviderFetch fetch, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(query);
        var page = cursor is null ? 1 : int.Parse(cursor, CultureInfo.InvariantCulture);
        var answer = await fetch(ProviderRequest.Service(Request(query, page)), stop).ConfigureAwait(false);
        return JsonAnswer.Read(search, answer, Why, json => Read(json, page));
    }

    private WebAddress Request(Query query, int page) => WebAddress.Parse(string.Create(CultureInfo.InvariantCulture,
        $"{search.Href}{(search.PathAndQuery.Contains('?') ? '&' : '?')}q={Uri.EscapeDataString(query.Text)}&categories=images&format=json&pageno={page}"));

    private static string? Why(int status) => status switch
    {
        403 => "add 'json' to search.formats in its settings.yml, and let its limiter pass us",
        429 => "its limiter holds us for a robot: list our address in limiter.toml",
        _ => null,
    };

    private ProviderPage Read(JsonElement json, int page)
    {
        if (json.Property("results") is not { ValueKind: JsonValueKind.Array } results)
            return ProviderPage.Failed($"'{search}' answered without 'results': is it a SearXNG search?");
        var found = results.GetArrayLength();
        // An empty page of engines that did not answer is not the end of the results.
        if (found == 0 && page == 1 && json.Items("unresponsive_engines").ToList() is { Count: > 0 } silent)
            return ProviderPage.Failed($"no engine behind '{search}' answered: {string.Join(", ", silent.Take(5).Select(engine => engine.ToString()))}");
        List<Candidate> candidates = [.. results.EnumerateArray().Take(MostResults).Select(Candidate).OfType<Candidate>()];
        return new(candidates, found > 0 && page < pages ? (page + 1).ToString(CultureInfo.InvariantCulture) : null);
    }

    private Candidate? Candidate(JsonElement result) => JsonAnswer.Web(result.Text("img_src"), search) is not { } image ? null : new()
    {
        Image = image,
        Page = JsonAnswer.Web(result.Text("url"), search),
        Texts = JsonAnswer.Texts((TextSource.SearchContent, result.Text("content")), (TextSource.SearchTitle, result.Text("title"))),
        Provider = Traits.Name,
    };
}
