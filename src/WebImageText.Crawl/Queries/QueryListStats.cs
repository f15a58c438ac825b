namespace WebImageText.Crawl.Queries;

/// <summary>What a list is like. All lists of examples have at most ten.</summary>
public sealed record QueryListStats
{
    /// <summary>Queries.</summary>
    public required int Queries { get; init; }

    /// <summary>UTF-16 code units of the shortest, the median and the longest query.</summary>
    public required (int Least, int Median, int Most) Lengths { get; init; }

    /// <summary>Queries by their number of words, as the matcher cuts them.</summary>
    public required IReadOnlyDictionary<int, int> ByWords { get; init; }

    /// <summary>Queries that a source has; one that several have counts for each.</summary>
    public required IReadOnlyDictionary<string, int> BySource { get; init; }

    /// <summary>Queries by the sources they have together.</summary>
    public required IReadOnlyDictionary<string, int> BySources { get; init; }

    /// <summary>Queries that are in danger of matching too much or nothing, by what they are.</summary>
    public required IReadOnlyDictionary<string, Ambiguous> Ambiguity { get; init; }

    /// <summary>Some queries of one kind.</summary>
    public sealed record Ambiguous(int Count, IReadOnlyList<string> Examples);

    // The most frequent function words of English (the closed classes; no nouns, verbs or adjectives).
    private static readonly HashSet<string> StopWords = [.. ("a about above after again against all am an and any are as at be because been before being below between "
        + "both but by can could did do does doing down during each few for from further had has have having he her here hers herself him himself his how i "
        + "if in into is it its itself me more most my myself no nor not of off on once only or other our ours ourselves out over own same she should so some "
        + "such than that the their theirs them themselves then there these they this those through to too under until up very was we were what when where "
        + "which while who whom why will with would you your yours yourself yourselves").Split(' ')];

    /// <summary>Measures a list.</summary>
    public static QueryListStats Of(QueryList list)
    {
        var folded = new FoldedText();
        var (byWords, bySource, bySources) = (new SortedDictionary<int, int>(), new SortedDictionary<string, int>(StringComparer.Ordinal), new SortedDictionary<string, int>(StringComparer.Ordinal));
        var kinds = new (string Name, List<string> Queries)[] { ("stop_word", []), ("numeral", []), ("one_letter", []), ("never_matches", []), ("same_when_folded", []) };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var query in list)
        {
            folded.Read(query.Text);
            Count(byWords, folded.Count);
            var sources = list.Sources[query.Id.Row];
            Count(bySources, sources.Length == 0 ? "(none)" : sources);
            foreach (var source in sources.Split(',', StringSplitOptions.RemoveEmptyEntries))
                Count(bySource, source);

            var key = QueryFold.Of(query.Text);
            bool[] isKind = [StopWords.Contains(key), IsNumeral(key), key.Length == 1 && folded.Count == 1, folded.Count == 0, !seen.Add(key)];
            for (var kind = 0; kind < kinds.Length; kind++)
            {
                if (isKind[kind])
                    kinds[kind].Queries.Add(query.Text);
            }
        }
        var lengths = list.Select(query => query.Text.Length).Order().ToArray();
        return new()
        {
            Queries = list.Count,
            Lengths = (lengths[0], lengths[lengths.Length / 2], lengths[^1]),
            ByWords = byWords,
            BySource = bySource,
            BySources = bySources,
            Ambiguity = kinds.ToDictionary(kind => kind.Name, kind => new Ambiguous(kind.Queries.Count, [.. kind.Queries.Take(10)])),
        };
    }

    private static bool IsNumeral(string key) => key.Any(char.IsDigit) && !key.Any(char.IsLetter);

    private static void Count<T>(SortedDictionary<T, int> counts, T key) where T : notnull =>
        counts[key] = counts.GetValueOrDefault(key) + 1;
}
