using System.Text.Json;

namespace WebImageText.Crawl.OptOut;

/// <summary>A site's <c>/.well-known/tdmrep.json</c>.</summary>
/// <remarks>
/// W3C TDM Reservation Protocol: the first rule whose location matches the path counts; one without a reservation of 0 or 1 is
/// no rule. An object in place of the array, and a number in quotation marks, are read as what they were meant to be.
/// </remarks>
public sealed class TdmRepFile
{
    private const int MostRules = 5_000;
    private const int MostBytes = 1_000_000;

    private readonly List<Rule> _rules = [];

    private TdmRepFile() { }

    private sealed record Rule(PathPattern Location, bool Reserved, string? Policy);

    /// <summary>Reads the file; null when it is no JSON of that kind, or larger than 1 MB.</summary>
    public static TdmRepFile? Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MostBytes)
            return null;
        try
        {
            var text = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
            using var document = JsonDocument.Parse(text, new() { MaxDepth = 16, AllowTrailingCommas = true });
            var file = new TdmRepFile();
            if (document.RootElement.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in document.RootElement.EnumerateArray().Take(MostRules))
                    file.Add(item);
            }
            file.Add(document.RootElement);
            return file;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What the file says about an address of its site: the reservation, and the policy that goes with it.</summary>
    public IEnumerable<OptOutSignal> For(WebAddress address)
    {
        var path = address.PathAndQuery;
        if (_rules.Find(rule => rule.Location.Matches(path)) is not { } rule)
            yield break;
        yield return new(OptOutSource.TdmFile, rule.Reserved ? "1" : "0");
        if (rule.Policy is not null)
            yield return new(OptOutSource.TdmPolicy, rule.Policy);
    }

    private void Add(JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.Object && Text(item, "location") is { } location
            && Text(item, "tdm-reservation") is ("0" or "1") and var reservation)
            _rules.Add(new(new(PathOf(location)), reservation == "1", Text(item, "tdm-policy")));
    }

    // A whole address in place of a path means its path.
    private static string PathOf(string location) => location.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme
        ? location.IndexOf('/', scheme + 3) is >= 0 and var path ? location[path..] : "/"
        : location;

    private static string? Text(JsonElement item, string name)
    {
        if (!item.TryGetProperty(name, out var value))
            return null;
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null; // an escape that is half a surrogate pair
        }
    }
}
