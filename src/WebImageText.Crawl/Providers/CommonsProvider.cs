using System.Globalization;
using System.Text.Json;
using WebImageText.Crawl.Extract;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Crawl.Providers;

/// <summary>Wikimedia Commons by its search, each image with its description, licence and author.</summary>
/// <remarks>
/// <c>action=query&amp;generator=search</c> in the file namespace with <c>imageinfo</c>; the next page is asked for with what the
/// answer calls <c>continue</c>, word for word. One request at a time, and <c>maxlag</c> so that we give way to editors.
/// </remarks>
/// <param name="api">Address of the API, see <see cref="Public"/>.</param>
/// <param name="clock">For the waits that the service asks for.</param>
/// <param name="pages">Most pages of one query.</param>
public sealed class CommonsProvider(WebAddress api, TimeProvider clock, int pages = CommonsProvider.DefaultPages) : IProvider
{
    /// <summary>The public service.</summary>
    public const string Public = "https://commons.wikimedia.org/w/api.php";

    /// <summary>Pages asked for when nothing else is said.</summary>
    public const int DefaultPages = 20;

    private const int Results = 50;
    private const int Deepest = 200;
    private const int Waits = 3;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private const string Fixed =
        "action=query&format=json&formatversion=2&generator=search&gsrnamespace=6&gsrlimit=50&prop=imageinfo" +
        "&iiprop=url%7Csize%7Cmime%7Csha1%7Cextmetadata&iiextmetadatafilter=ImageDescription%7CObjectName%7CLicenseShortName%7CLicenseUrl%7CArtist" +
        "&maxlag=5";

    /// <inheritdoc/>
    public ProviderTraits Traits { get; } = new("commons")
    {
        TakesQueries = true,
        PageSize = Results,
        Depth = Math.Min(pages, Deepest),
        Limits = [new(1, TimeSpan.FromSeconds(1))],
        Terms = "https://www.mediawiki.org/wiki/API:Etiquette",
    };

    /// <inheritdoc/>
    public async Task<ProviderPage> FindAsync(Query? query, string? cursor, ProviderFetch fetch, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(query);
        // page number, then what the API said
        var (page, more) = cursor?.Split(' ', 2) is [var number, var said] ? (int.Parse(number, CultureInfo.InvariantCulture), said) : (1, "");
        var address = WebAddress.Parse($"{api.Href}?{Fixed}&gsrsearch={Uri.EscapeDataString($"filetype:bitmap {query.Text}")}{more}");
        for (var tries = 0; ; tries++)
        {
            var answer = await fetch(ProviderRequest.Service(address), stop).ConfigureAwait(false);
            TimeSpan? wait = null;
            var found = JsonAnswer.Read(api, answer, Why, json => Read(json, page, (FetchResult.Answer)answer, out wait));
            if (wait is not { } time || tries == Waits)
                return found;
            await Task.Delay(time, clock, stop).ConfigureAwait(false);
        }
    }

    private static string? Why(int status) => status switch
    {
        403 => "it wants a User-Agent with a contact: give --contact",
        429 => "its limit is reached",
        _ => null,
    };

    private ProviderPage Read(JsonElement json, int page, FetchResult.Answer answer, out TimeSpan? wait)
    {
        wait = null;
        if (json.Property("error") is { } error)
        {
            if (error.Text("code") is "maxlag" or "ratelimited")
                wait = answer.Headers["Retry-After"] is { } asked && RetryAfter.Parse(asked, answer.At) is { } time && time < LongestWait ? time : TimeSpan.FromSeconds(5);
            return ProviderPage.Failed($"'{api}' says {error.Text("code")}: {error.Text("info")}");
        }
        if (json.Property("batchcomplete") is null && json.Property("query") is null && json.Property("continue") is null)
            return ProviderPage.Failed($"'{api}' answered without 'query': is it a MediaWiki API?");
        List<Candidate> candidates = [.. (json.Property("query")?.Items("pages") ?? []).Take(Results)
            .OrderBy(file => file.Property("index") is { ValueKind: JsonValueKind.Number } rank && rank.TryGetInt32(out var place) ? place : int.MaxValue)
            .Select(Candidate).OfType<Candidate>()];
        var next = page < Traits.Depth && json.Property("continue") is { ValueKind: JsonValueKind.Object } more
            ? string.Create(CultureInfo.InvariantCulture, $"{page + 1} {Continued(more)}")
            : null;
        return new(candidates, next);
    }

    private static string Continued(JsonElement more) => string.Concat(more.EnumerateObject()
        .Select(part => $"&{Uri.EscapeDataString(part.Name)}={Uri.EscapeDataString(part.Value.ToString())}"));

    private Candidate? Candidate(JsonElement file)
    {
        var info = file.Items("imageinfo").FirstOrDefault();
        if (JsonAnswer.Web(info.Text("url"), api) is not { } image || !MediaFormats.IsDecodedType(info.Text("mime")))
            return null;
        string About(string name) => HtmlText.Of(info.Property("extmetadata", name)?.Text("value") ?? "");
        return new()
        {
            Image = image,
            Page = JsonAnswer.Web(info.Text("descriptionurl"), api),
            Texts = JsonAnswer.Texts((TextSource.SearchContent, About("ImageDescription")), (TextSource.SearchTitle, About("ObjectName"))),
            Provider = Traits.Name,
            License = JsonAnswer.Line(About("LicenseUrl")) ?? JsonAnswer.Line(About("LicenseShortName")),
            Attribution = JsonAnswer.Line(About("Artist")),
            Digest = ImageDigest.TryParse("sha1", info.Text("sha1"), out var digest) ? digest : null,
        };
    }
}
