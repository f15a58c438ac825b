using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace WebImageText.Tests.Demo;

/// <summary>Reads pages with a whole HTML parser: what the pipeline's own reader must find, found another way.</summary>
internal static class PageReader
{
    /// <summary>The address and text of each picture, as a reader of the page would find them.</summary>
    public static IEnumerable<(string Address, string Text)> Shown(IDocument page)
    {
        var hidden = page.QuerySelectorAll("noscript").SelectMany(element => new HtmlParser().ParseDocument(element.InnerHtml).QuerySelectorAll("img"));
        foreach (var image in page.QuerySelectorAll("img").Concat(hidden))
        {
            var source = image.Closest("picture")?.QuerySelector("source")?.GetAttribute("srcset") ?? image.GetAttribute("srcset");
            var address = source?.Split(',')[^1].Trim().Split(' ')[0] ?? image.GetAttribute("data-src") ?? image.GetAttribute("src")!;
            var text = Nonempty(image.GetAttribute("alt")) ?? Nonempty(image.Closest("figure")?.QuerySelector("figcaption")?.TextContent)
                ?? image.GetAttribute("aria-label") ?? image.GetAttribute("title") ?? "";
            if (text.Length > 0 && !address.StartsWith("data:", StringComparison.Ordinal))
                yield return (Absolute(page, address), Clean(text));
        }
        foreach (var data in page.QuerySelectorAll("script[type='application/ld+json']"))
        {
            using var json = JsonDocument.Parse(data.TextContent);
            var root = json.RootElement;
            var image = root.TryGetProperty("@graph", out var graph) ? graph[0] : root.TryGetProperty("image", out var inner) ? inner : root;
            var text = image.TryGetProperty("caption", out var caption) ? caption : image.GetProperty("description");
            yield return (Absolute(page, image.GetProperty("contentUrl").GetString()!), Clean(text.GetString()!));
        }
        if (page.QuerySelector("meta[property='og:image']") is { } shared)
        {
            var text = page.QuerySelector("meta[property='og:image:alt']")!.GetAttribute("content")!;
            yield return (Absolute(page, shared.GetAttribute("content")!), Clean(text));
        }
    }

    private static string Absolute(IDocument page, string address) => new Url(new Url(page.BaseUri), address.Trim()).Href;

    private static string? Nonempty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string Clean(string text) => string.Join(' ', text.Normalize().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
