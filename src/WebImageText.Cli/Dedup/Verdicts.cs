using System.Text.Json;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Dedup;

/// <summary>What a person said of a pair.</summary>
/// <param name="Set">The evaluation set.</param>
/// <param name="File">The image within it.</param>
/// <param name="Crawl">The picture of the crawl.</param>
/// <param name="Score">Their likeness when they were shown.</param>
/// <param name="IsCopy">Do both show one photograph?</param>
internal sealed record Verdict(string Set, string File, string Crawl, float Score, bool IsCopy);

/// <summary>Verdicts on pairs in a JSON file, one a pair: the last one counts. Safe for many threads.</summary>
internal sealed class Verdicts
{
    private const long LongestFile = 1L << 28;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
    };

    private readonly string _path;
    private readonly Dictionary<(string Set, string File, string Crawl), Verdict> _all = [];

    private Verdicts(string path) => _path = path;

    public IReadOnlyCollection<Verdict> All
    {
        get
        {
            lock (_all)
                return [.. _all.Values];
        }
    }

    /// <summary>Reads a file, or begins one.</summary>
    /// <exception cref="UserErrorException">It is no list of verdicts.</exception>
    public static Verdicts Open(string path)
    {
        var verdicts = new Verdicts(path);
        if (!File.Exists(path))
            return verdicts;
        try
        {
            if (new FileInfo(path).Length > LongestFile)
                throw new JsonException($"it has over {LongestFile >> 20} MiB");
            foreach (var verdict in JsonSerializer.Deserialize<Verdict[]>(File.ReadAllBytes(path), Json) ?? [])
                verdicts._all[(verdict.Set, verdict.File, verdict.Crawl)] = verdict;
            return verdicts;
        }
        catch (JsonException broken)
        {
            throw UserErrorException.BadData($"'{path}' holds no verdicts: {broken.Message}");
        }
    }

    public bool? Of(string set, string file, string crawl)
    {
        lock (_all)
            return _all.TryGetValue((set, file, crawl), out var verdict) ? verdict.IsCopy : null;
    }

    /// <summary>Adds or takes back a verdict, and writes the file whole.</summary>
    /// <param name="pair">What was judged.</param>
    /// <param name="isCopy">Null takes the verdict back.</param>
    public void Set(AlikePair pair, bool? isCopy)
    {
        lock (_all)
        {
            var key = (pair.Set, pair.File, pair.Crawl);
            if (isCopy is { } said)
                _all[key] = new(pair.Set, pair.File, pair.Crawl, pair.Score, said);
            else
                _all.Remove(key);
            var sorted = _all.Values.OrderBy(verdict => verdict.Set, StringComparer.Ordinal).ThenByDescending(verdict => verdict.Score).ThenBy(verdict => verdict.File, StringComparer.Ordinal);
            File.WriteAllBytes(_path + ".tmp", JsonSerializer.SerializeToUtf8Bytes(sorted, Json));
            File.Move(_path + ".tmp", _path, overwrite: true);
        }
    }
}
