using System.Globalization;
using System.Text.Json;
using WebImageText.Crawl.Extract;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Crawl.Providers;

/// <summary>Flickr, or another server of its API: public photographs under licences that let others use them.</summary>
/// <remarks>
/// <c>flickr.photos.search</c>, 500 results a page. After the first 4,000 results of a search the service repeats itself, so there
/// the query ends. Which licences there are, it says itself (<c>flickr.photos.licenses.getInfo</c>); all are asked for but the
/// one that reserves all rights. Faults come with status 200 and a code; those that pass are waited for.
/// </remarks>
/// <param name="api">Address of the API, see <see cref="Public"/>.</param>
/// <param name="key">Key of a registered application. Sent with each request, and stored nowhere.</param>
/// <param name="clock">For the waits after a fault that passes.</param>
/// <param name="pages">Most pages of one query; the service's own depth is never passed.</param>
public sealed class FlickrProvider(WebAddress api, string key, TimeProvider clock, int pages = int.MaxValue) : IProvider, IDisposable
{
    /// <summary>The public service.</summary>
    public const string Public = "https://api.flickr.com/services/rest/";

    /// <summary>The environment variable with the key.</summary>
    public const string KeyVariable = "WIT_FLICKR_KEY";

    private const int Results = 500;
    private const int MostResults = 4_000;
    private const int Waits = 3;
    private const string NoKey = "100", Reserved = "0";

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    private const string Fixed = "&media=photos&safe_search=1&sort=relevance&extras=description%2Clicense%2Cowner_name%2Curl_l%2Curl_o%2Curl_c%2Curl_z";

    private static readonly string[] Sizes = ["url_l", "url_o", "url_c", "url_z"];

    private readonly SemaphoreSlim _turn = new(1);
    private FlickrLicenses? _licenses;

    /// <inheritdoc/>
    public ProviderTraits Traits { get; } = new("flickr")
    {
        TakesQueries = true,
        PageSize = Results,
        Depth = Math.Min(pages, MostResults / Results),
        Limits = [new(3_600, TimeSpan.FromHours(1))],
        Key = KeyVariable,
        Terms = "https://www.flickr.com/help/terms/api",
    };

    /// <inheritdoc/>
    public async Task<ProviderPage> FindAsync(Query? query, string? cursor, ProviderFetch fetch, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(query);
        var page = cursor is null ? 1 : int.Parse(cursor, CultureInfo.InvariantCulture);
        var licenses = await LicensesAsync(fetch, stop).ConfigureAwait(false);
        return await AskAsync(
            string.Create(CultureInfo.InvariantCulture,
                $"flickr.photos.search&text={Uri.EscapeDataString(query.Text)}&license={string.Join("%2C", licenses.Open)}{Fixed}&per_page={Results}&page={page}"),
            json => Read(json, page, licenses), fetch, stop).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // Asked once. Where that fails, those that have long been there are known.
    private async Task<FlickrLicenses> LicensesAsync(ProviderFetch fetch, CancellationToken stop)
    {
        if (_licenses is { } known)
            return known;
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (_licenses is null)
            {
                var said = FlickrLicenses.Known;
                await AskAsync("flickr.photos.licenses.getInfo", json =>
                {
                    said = FlickrLicenses.Read(json) ?? said;
                    return new([], null);
                }, fetch, stop).ConfigureAwait(false);
                _licenses = said;
            }
            return _licenses;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<ProviderPage> AskAsync(string method, Func<JsonElement, ProviderPage> read, ProviderFetch fetch, CancellationToken stop)
    {
        var address = WebAddress.Parse($"{api.Href}{(api.Query is null ? '?' : '&')}method={method}&format=json&nojsoncallback=1");
        var request = new FetchRequest(address, FetchKind.Page) { Secret = new("api_key", key) };
        for (var tries = 0; ; tries++)
        {
            var passes = false;
            var found = JsonAnswer.Read(api, await fetch(new(request, IsService: true), stop).ConfigureAwait(false), Why, json =>
            {
                if (json.Text("stat") == "ok")
                    return read(json);
                passes = IsPassing(Code(json));
                return Fault(json);
            });
            if (!passes || tries == Waits)
                return found;
            await Task.Delay(Wait, clock, stop).ConfigureAwait(false);
        }
    }

    private static string? Why(int status) => status switch
    {
        401 or 403 => $"it refuses the key in {KeyVariable}",
        429 => "its limit of 3,600 requests an hour is reached",
        _ => null,
    };

    private ProviderPage Fault(JsonElement json) => json.Text("stat") != "fail"
        ? ProviderPage.Failed($"'{api}' answered without 'stat': is it Flickr's API?")
        : ProviderPage.Failed($"'{api}' says {Code(json)}: {JsonAnswer.Line(json.Text("message").Replace(key, "[key]", StringComparison.Ordinal))}{(Code(json) == NoKey ? $"; the key is taken from {KeyVariable}" : "")}");

    private static string Code(JsonElement json) => json.Property("code")?.ToString() ?? "";

    // 10: the search, 105: the service, 106: part of it is not available for now.
    private static bool IsPassing(string code) => code is "10" or "105" or "106";

    private ProviderPage Read(JsonElement json, int page, FlickrLicenses licenses)
    {
        if (json.Property("photos") is not { } photos || photos.Property("photo") is not { ValueKind: JsonValueKind.Array } found)
            return ProviderPage.Failed($"'{api}' answered without 'photos': is it Flickr's API?");
        List<Candidate> candidates = [.. found.EnumerateArray().Take(Results).Select(photo => Candidate(photo, licenses)).OfType<Candidate>()];
        var hasMore = found.GetArrayLength() > 0 && page < Number(photos, "pages") && page < Traits.Depth && page * (long)Math.Max(1, Number(photos, "perpage")) < MostResults;
        return new(candidates, hasMore ? (page + 1).ToString(CultureInfo.InvariantCulture) : null);
    }

    // Numbers stand in quotation marks, or do not.
    private static int Number(JsonElement json, string name) => int.TryParse(json.Property(name)?.ToString(), CultureInfo.InvariantCulture, out var number) ? number : 0;

    private Candidate? Candidate(JsonElement photo, FlickrLicenses licenses)
    {
        var license = photo.Property("license")?.ToString() ?? "";
        if (Image(photo) is not { } image || photo.Property("ispublic")?.ToString() == "0" || license is "" or Reserved)
            return null;
        return new()
        {
            Image = image,
            Page = Page(photo),
            Texts = JsonAnswer.Texts(
                (TextSource.SearchContent, HtmlText.Of(photo.Property("description")?.Text("_content") ?? "")),
                (TextSource.SearchTitle, photo.Property("title") is { ValueKind: JsonValueKind.Object } title ? title.Text("_content") : photo.Text("title"))),
            Provider = Traits.Name,
            License = licenses[license],
            Attribution = JsonAnswer.Line(photo.Text("ownername")),
        };
    }

    // The size of 1,024 pixels is more than is stored, and a tenth of most originals.
    private WebAddress? Image(JsonElement photo) =>
        Sizes.Select(size => JsonAnswer.Web(photo.Text(size), api)).FirstOrDefault(image => image is not null);

    private WebAddress? Page(JsonElement photo)
    {
        var (owner, id) = (photo.Text("owner"), photo.Text("id"));
        var site = api.Authority.StartsWith("api.", StringComparison.Ordinal) ? $"www.{api.Authority["api.".Length..]}" : api.Authority;
        return owner.Length == 0 || id.Length == 0 ? null
            : JsonAnswer.Web($"{api.Scheme}://{site}/photos/{Uri.EscapeDataString(owner)}/{Uri.EscapeDataString(id)}", api);
    }

    private sealed class FlickrLicenses(IReadOnlyDictionary<string, string> names)
    {
        private const int Most = 100;

        /// <summary>Those of flickr.com that have long been there.</summary>
        public static FlickrLicenses Known { get; } = new(new Dictionary<string, string>
        {
            ["1"] = "https://creativecommons.org/licenses/by-nc-sa/2.0/",
            ["2"] = "https://creativecommons.org/licenses/by-nc/2.0/",
            ["3"] = "https://creativecommons.org/licenses/by-nc-nd/2.0/",
            ["4"] = "https://creativecommons.org/licenses/by/2.0/",
            ["5"] = "https://creativecommons.org/licenses/by-sa/2.0/",
            ["6"] = "https://creativecommons.org/licenses/by-nd/2.0/",
            ["7"] = "https://www.flickr.com/commons/usage/",
            ["8"] = "http://www.usa.gov/copyright.shtml",
            ["9"] = "https://creativecommons.org/publicdomain/zero/1.0/",
            ["10"] = "https://creativecommons.org/publicdomain/mark/1.0/",
        });

        /// <summary>Numbers of all but the one that reserves all rights.</summary>
        public IEnumerable<string> Open => names.Keys.Where(id => id != Reserved);

        /// <summary>Address or name of a licence; of one that is not known, its number.</summary>
        public string this[string id] => names.GetValueOrDefault(id) ?? $"flickr licence {id}";

        public static FlickrLicenses? Read(JsonElement json)
        {
            var names = new Dictionary<string, string>();
            foreach (var license in (json.Property("licenses")?.Items("license") ?? []).Take(Most))
            {
                var id = license.Property("id")?.ToString() ?? "";
                if (id.Length is > 0 and <= 4 && id.All(char.IsAsciiDigit) && (JsonAnswer.Line(license.Text("url")) ?? JsonAnswer.Line(license.Text("name"))) is { } name)
                    names[id] = name;
            }
            return names.Count > 0 ? new(names) : null;
        }
    }
}
