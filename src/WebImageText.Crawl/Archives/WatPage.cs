using System.Text.Json;
using WebImageText.Crawl.Extract;
using WebImageText.Crawl.Extract.Charsets;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;
using WebImageText.Crawl.Providers;

namespace WebImageText.Crawl.Archives;

/// <summary>The images of a page as Common Crawl's WAT files list them: addresses with <c>alt</c> and <c>title</c>. Pure.</summary>
/// <remarks>What the extraction behind WAT leaves out (srcset, captions, lazy-load attributes, repeated headers) is lost here.</remarks>
internal static class WatPage
{
    private const int Deepest = 64;

    private static readonly PageLimits Limits = new();

    /// <summary>The images; null when the record is none of a page.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static IReadOnlyList<Candidate>? Read(WarcRecord record, string provider)
    {
        if (record.Type != "metadata" || !record.HasContentType("application/json"))
            return null;
        using var json = JsonDocument.Parse(record.Block, new() { MaxDepth = Deepest });
        var envelope = json.RootElement.Property("Envelope");
        var header = envelope?.Property("WARC-Header-Metadata");
        var response = envelope?.Property("Payload-Metadata", "HTTP-Response-Metadata");
        if (response is not { } http || http.Property("HTML-Metadata") is not { ValueKind: JsonValueKind.Object } html
            || header is not { } about || !WebAddress.TryParse(about.Text("WARC-Target-URI"), null, out var target) || !target.IsWeb)
            return null;
        if (http.Property("Response-Message") is { } message && message.Text("Status") is { Length: > 0 } status && status != "200")
            return null;
        var page = PageReader.Assemble(Finds(html), target, provider, Charset.Utf8, Limits);
        var headers = new ResponseHeaders([.. Headers(http)]);
        var at = DateTimeOffset.TryParse(about.Text("WARC-Date"), System.Globalization.CultureInfo.InvariantCulture, out var date) ? date : record.Date;
        return PageOptOut.Judge(page, headers, at ?? DateTimeOffset.UnixEpoch).Images;
    }

    private static IEnumerable<KeyValuePair<string, string>> Headers(JsonElement http) =>
        http.Property("Headers") is not { ValueKind: JsonValueKind.Object } headers ? []
            : from field in headers.EnumerateObject()
              from value in field.Value.ValueKind == JsonValueKind.Array ? field.Value.EnumerateArray().ToArray() : [field.Value]
              select KeyValuePair.Create(field.Name, value.ToString());

    private static PageFinds Finds(JsonElement html)
    {
        var finds = new PageFinds();
        foreach (var link in html.Items("Links"))
        {
            if (finds.Images.Count == Limits.Images)
                break;
            if (!link.Text("path").StartsWith("IMG@/src", StringComparison.Ordinal) || link.Text("url") is not { Length: > 0 } address)
                continue;
            finds.Images.Add(new(
                link.Property("alt") is { ValueKind: JsonValueKind.String } alt ? alt.GetString().AsMemory() : (ReadOnlyMemory<char>?)null,
                default, link.Text("title").AsMemory(), [address.AsMemory()], [], Figure: -1));
        }
        if (html.Property("Head") is not { } head)
            return finds;
        finds.Base = head.Text("Base") is { Length: > 0 } stated ? stated.AsMemory() : null;
        foreach (var meta in head.Items("Metas").Take(Limits.Signals))
            Add(finds, meta);
        return finds;
    }

    private static void Add(PageFinds finds, JsonElement meta)
    {
        var (name, content) = (meta.Text("name").Trim().ToLowerInvariant(), meta.Text("content"));
        switch (name.Length > 0 ? name : meta.Text("property").Trim().ToLowerInvariant())
        {
            case "og:image" or "og:image:url":
                finds.OpenGraph.Add(new(content.AsMemory()));
                break;
            case "og:image:alt" when finds.OpenGraph.Count > 0:
                finds.OpenGraph[^1].Alt = content.AsMemory();
                break;
            case "robots" or FetchOptions.Token:
                finds.Signals.Add(new(OptOutSource.MetaRobots, content));
                break;
            case "tdm-reservation":
                finds.Signals.Add(new(OptOutSource.TdmMeta, content));
                break;
        }
    }
}
