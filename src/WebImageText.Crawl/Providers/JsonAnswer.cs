using System.Text.Json;
using WebImageText.Crawl.Extract;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Crawl.Providers;

/// <summary>What the answers of search services have in common.</summary>
internal static class JsonAnswer
{
    private const int Deepest = 32;
    private const int MostCodePoints = 2048;

    /// <summary>Reads an answer in JSON; whatever goes wrong is a fault of the page, in words.</summary>
    /// <param name="service">Whose answer it is.</param>
    /// <param name="result">How the request ended.</param>
    /// <param name="status">Explains a status, or null for the usual words.</param>
    /// <param name="read">Reads the body.</param>
    public static ProviderPage Read(
        WebAddress service, FetchResult result, Func<int, string?> status, Func<JsonElement, ProviderPage> read)
    {
        switch (result)
        {
            case FetchResult.Failed failed:
                return ProviderPage.Failed($"'{service}' gave no answer: {failed.Drop}");
            case FetchResult.Redirect redirect:
                return ProviderPage.Failed($"'{service}' redirects to '{redirect.To}': use that address");
            case FetchResult.Answer { Status: not 200 and var code }:
                return ProviderPage.Failed($"'{service}' answered {code}{(status(code) is { } why ? $": {why}" : "")}");
        }
        try
        {
            using var json = JsonDocument.Parse(((FetchResult.Answer)result).Body, new() { MaxDepth = Deepest });
            return read(json.RootElement);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return ProviderPage.Failed($"'{service}' did not answer in JSON: {broken.Message}");
        }
    }

    /// <summary>The property, if the value is an object that has it.</summary>
    public static JsonElement? Property(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var found) ? found : null;

    /// <summary>The property along a path of names.</summary>
    public static JsonElement? Property(this JsonElement value, params ReadOnlySpan<string> path)
    {
        JsonElement? at = value;
        foreach (var name in path)
            at = at?.Property(name);
        return at;
    }

    /// <summary>The property's text; empty when it is none.</summary>
    public static string Text(this JsonElement value, string name) =>
        value.Property(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    /// <summary>The property's elements; none when it is no array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement value, string name) =>
        value.Property(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The texts that hold anything once they are clean, each once.</summary>
    public static IReadOnlyList<ImageText> Texts(params ReadOnlySpan<(TextSource Source, string Raw)> found)
    {
        List<ImageText> texts = [];
        foreach (var (source, raw) in found)
        {
            var text = CleanText.Of(raw, MostCodePoints);
            if (text.Length > 0 && texts.TrueForAll(other => other.Text != text))
                texts.Add(new(source, text));
        }
        return texts;
    }

    /// <summary>One line of clean text, or null.</summary>
    public static string? Line(string raw) => CleanText.Of(raw, MostCodePoints) is { Length: > 0 } text ? text : null;

    /// <summary>An address of the web, or null.</summary>
    public static WebAddress? Web(string text, WebAddress service) =>
        text.Length > 0 && WebAddress.TryParse(text, service, out var address) && address.IsWeb ? address : null;
}
