using System.Globalization;
using System.Text.Json;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Crawl.Providers;

/// <summary>Openverse: images under open licences, each with its licence and the words of attribution.</summary>
/// <remarks>
/// <c>GET /v1/images/?q=…&amp;page_size=20&amp;page=N</c>. Without a token 20 results a page (more is answered 401) and 12 pages
/// deep; beyond the depth the service answers 400. Its terms forbid to copy the catalogue as a whole.
/// </remarks>
/// <param name="images">Address of the search, see <see cref="Public"/>.</param>
/// <param name="token">Access token of a registered application; null to ask without.</param>
/// <param name="pages">Most pages of one query; the service's own depth is never passed.</param>
public sealed class OpenverseProvider(WebAddress images, string? token = null, int pages = int.MaxValue) : IProvider
{
    /// <summary>The public service.</summary>
    public const string Public = "https://api.openverse.org/v1/images/";

    /// <summary>The environment variable with the token.</summary>
    public const string KeyVariable = "WIT_OPENVERSE_TOKEN";

    private readonly int _pageSize = token is null ? 20 : 100;

    /// <inheritdoc/>
    public ProviderTraits Traits { get; } = new("openverse")
    {
        TakesQueries = true,
        PageSize = token is null ? 20 : 100,
        Depth = Math.Min(pages, token is null ? 12 : 20),
        Limits = token is null
            ? [new(20, TimeSpan.FromMinutes(1)), new(200, TimeSpan.FromDays(1))]
            : [new(100, TimeSpan.FromMinutes(1)), new(10_000, TimeSpan.FromDays(1))],
        Key = KeyVariable,
        Terms = "https://docs.openverse.org/terms_of_service.html",
    };

    /// <inheritdoc/>
    public async Task<ProviderPage> FindAsync(Query? query, string? cursor, ProviderFetch fetch, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(query);
        var page = cursor is null ? 1 : int.Parse(cursor, CultureInfo.InvariantCulture);
        var address = WebAddress.Parse(string.Create(CultureInfo.InvariantCulture,
            $"{images.Href}?q={Uri.EscapeDataString(query.Text)}&page_size={_pageSize}&page={page}&mature=false&filter_dead=true"));
        IReadOnlyList<KeyValuePair<string, string>> headers = token is null ? [] : [new("Authorization", $"Bearer {token}")];
        var answer = await fetch(ProviderRequest.Service(address, headers), stop).ConfigureAwait(false);
        // The depth that is allowed changes with the service; past it there is nothing more for this query.
        return page > 1 && answer is FetchResult.Answer { Status: 400 or 404 }
            ? new([], null)
            : JsonAnswer.Read(images, answer, Why, json => Read(json, page));
    }

    private string? Why(int status) => status switch
    {
        401 when token is null => "it wants a token for this: set WIT_OPENVERSE_TOKEN",
        401 or 403 => $"it refuses the token in {KeyVariable}: tokens last half a day",
        429 => "its limit is reached",
        _ => null,
    };

    private ProviderPage Read(JsonElement json, int page)
    {
        if (json.Property("results") is not { ValueKind: JsonValueKind.Array } results)
            return ProviderPage.Failed($"'{images}' answered without 'results': is it Openverse's image search?");
        List<Candidate> candidates = [.. results.EnumerateArray().Take(_pageSize).Select(Candidate).OfType<Candidate>()];
        var last = json.Property("page_count") is { ValueKind: JsonValueKind.Number } count && count.TryGetInt32(out var said) ? said : page;
        return new(candidates, results.GetArrayLength() > 0 && page < last && page < Traits.Depth ? (page + 1).ToString(CultureInfo.InvariantCulture) : null);
    }

    private Candidate? Candidate(JsonElement result)
    {
        if (JsonAnswer.Web(result.Text("url"), images) is not { } image || result.Property("mature") is { ValueKind: JsonValueKind.True })
            return null;
        return new()
        {
            Image = image,
            Page = JsonAnswer.Web(result.Text("foreign_landing_url"), images),
            Texts = JsonAnswer.Texts((TextSource.SearchTitle, result.Text("title"))),
            Provider = Traits.Name,
            License = JsonAnswer.Line(result.Text("license_url")) ?? JsonAnswer.Line($"{result.Text("license")} {result.Text("license_version")}"),
            Attribution = JsonAnswer.Line(result.Text("attribution")) ?? JsonAnswer.Line(result.Text("creator")),
        };
    }
}
