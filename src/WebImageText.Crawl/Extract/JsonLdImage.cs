using System.Text.Json;

namespace WebImageText.Crawl.Extract;

/// <summary>A schema.org <c>ImageObject</c> of a JSON-LD block.</summary>
/// <param name="Addresses">Its <c>contentUrl</c>, then its <c>url</c>; as they stand, relative or not.</param>
/// <param name="Texts">Its <c>caption</c>, then its <c>description</c>.</param>
/// <param name="License">Address or name of its licence, or null.</param>
internal sealed record JsonLdImage(IReadOnlyList<string> Addresses, IReadOnlyList<string> Texts, string? License)
{
    private static readonly string[] TextKeys = ["@value", "text", "name"];
    private static readonly string[] AddressKeys = ["@id", "url", "contentUrl", "name"];

    /// <summary>Every image object of a block, wherever it stands: in arrays, in <c>@graph</c>, as a value of a property.</summary>
    /// <param name="block">Content of a <c>script type="application/ld+json"</c>.</param>
    /// <param name="depth">Deepest nesting that is read.</param>
    /// <param name="most">How many are read.</param>
    /// <returns>Null when the block is no JSON or too deep.</returns>
    public static List<JsonLdImage>? Read(string block, int depth, int most)
    {
        if (Value(block) is not { Length: > 0 } json)
            return null;
        var options = new JsonDocumentOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = depth,
        };
        try
        {
            using var document = JsonDocument.Parse(json, options);
            var images = new List<JsonLdImage>();
            Collect(document.RootElement, images, most);
            return images;
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
            return null;
        }
    }

    // The JSON itself: around it stand comments of HTML, JavaScript and XML, and semicolons.
    private static ReadOnlyMemory<char> Value(string block)
    {
        const string Section = "<![CDATA[";
        var text = block.AsMemory();
        if (text.Span.IndexOf(Section) is >= 0 and var opened && text.Span[..opened].IndexOfAny('{', '[') < 0)
            text = text[(opened + Section.Length)..];
        if (text.Span.LastIndexOf("]]>") is >= 0 and var closed && text.Span[closed..].IndexOf('}') < 0)
            text = text[..closed];
        var start = text.Span.IndexOfAny('{', '[');
        var end = text.Span.LastIndexOfAny('}', ']');
        return start < 0 || end < start ? default : text[start..(end + 1)];
    }

    private static void Collect(JsonElement element, List<JsonLdImage> images, int most)
    {
        if (images.Count == most)
            return;
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    Collect(item, images, most);
                break;
            case JsonValueKind.Object:
                if (IsImageObject(element))
                    images.Add(Of(element));
                foreach (var property in element.EnumerateObject())
                    Collect(property.Value, images, most);
                break;
        }
    }

    private static JsonLdImage Of(JsonElement image) => new(
        [.. Values(image, "contentUrl", AddressKeys), .. Values(image, "url", AddressKeys)],
        [.. Values(image, "caption", TextKeys).Concat(Values(image, "description", TextKeys)).Select(HtmlText.Of)],
        Values(image, "license", AddressKeys).FirstOrDefault());

    private static bool IsImageObject(JsonElement element) => Values(element, "@type", []).Any(type =>
        // "ImageObject", "schema:ImageObject" and "https://schema.org/ImageObject" are one type
        type.AsSpan(type.AsSpan().LastIndexOfAny('/', ':', '#') + 1) is "ImageObject");

    private static IEnumerable<string> Values(JsonElement element, string property, string[] keys) =>
        element.TryGetProperty(property, out var value) ? StringsOf(value, keys) : [];

    // A string, an object that holds one under the first of the keys that it has, or an array of these.
    private static IEnumerable<string> StringsOf(JsonElement value, string[] keys) => value.ValueKind switch
    {
        JsonValueKind.String => Text(value) is { } text ? [text] : [],
        JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind != JsonValueKind.Array)
            .SelectMany(item => StringsOf(item, keys)),
        JsonValueKind.Object => keys.Select(key => value.TryGetProperty(key, out var inner) ? Text(inner) : null)
            .OfType<string>().Take(1),
        _ => [],
    };

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // an escape that is half a surrogate pair
        }
    }
}
