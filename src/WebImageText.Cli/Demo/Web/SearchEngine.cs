using System.Text.Json;
using System.Text.RegularExpressions;

namespace WebImageText.Cli.Demo.Web;

/// <summary>Answers image searches in the JSON of SearXNG: 20 results a page, an empty list after the last one.</summary>
/// <remarks>docs.searxng.org, "Search API"; field names of its image results.</remarks>
internal sealed partial class SearchEngine(IReadOnlyList<SearchHit> hits)
{
    private const int PerPage = 20;

    private static readonly string[] Engines = ["demo images"];

    /// <param name="query">Words that must all be in title or content; quotes are ignored.</param>
    /// <param name="page">From 1.</param>
    /// <returns>The answer as UTF-8.</returns>
    public byte[] Answer(string query, int page)
    {
        var words = Words().Matches(query).Select(word => word.Value).ToArray();
        var found = words.Length == 0 ? [] : hits.Where(hit => Matches(hit, words)).ToArray();
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            query,
            number_of_results = found.Length,
            results = found.Skip((Math.Max(1, page) - 1) * PerPage).Take(PerPage).Select(hit => new
            {
                template = "images.html",
                url = hit.Page,
                title = hit.Title,
                content = hit.Content,
                img_src = hit.Image,
                thumbnail_src = hit.Image,
                engine = "demo images",
                engines = Engines,
                category = "images",
            }),
            answers = Array.Empty<string>(),
            suggestions = Array.Empty<string>(),
            unresponsive_engines = Array.Empty<string>(),
        });
    }

    private static bool Matches(SearchHit hit, string[] words)
    {
        var text = Words().Matches($"{hit.Title} {hit.Content}").Select(word => word.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Array.TrueForAll(words, text.Contains);
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
