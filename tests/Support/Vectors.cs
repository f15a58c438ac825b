using System.Text.Json;

namespace WebImageText.Tests.Support;

/// <summary>Cases of a vector file that stands beside the project.</summary>
internal static class Vectors
{
    /// <summary>One list of a file in <c>crawl/</c>; skips the test where the file is missing.</summary>
    public static JsonElement[] Of(string file, string list)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require($"crawl/{file}")));
        return [.. document.RootElement.GetProperty(list).EnumerateArray().Select(item => item.Clone())];
    }

    /// <summary>A member's text, or null where it is missing or null.</summary>
    public static string? Text(this JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
