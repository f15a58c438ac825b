namespace WebImageText.Crawl.Queries;

/// <summary>Finds every query that occurs in a text. Immutable; any number of threads may use one.</summary>
/// <remarks>
/// <para>Text and queries are folded (Unicode NFKC_Casefold) and cut into words: runs of letters, marks and digits. A query
/// occurs where its words stand one after the other. Between them the text may have white space, hyphens, apostrophes,
/// full stops and the like, in any number; a comma, bracket or other mark that ends a phrase only where the query has one
/// too. So <c>dog</c> occurs in <c>(Dog)</c>, <c>dog's</c> and <c>cat/dog</c>, <c>St. Louis</c> in <c>ST LOUIS</c>, and
/// <c>new york</c> in <c>New-York</c> but not in <c>something new, York</c>.</para>
/// <para>A letter of a script without spaces (Han, kana, Hangul, Thai, Lao, Khmer, Burmese) is a word of its own together
/// with its marks, so these match as substrings; where their query has no space the text must have none.</para>
/// </remarks>
public sealed class QueryMatcher
{
    /// <summary>Words in a query, at most; letters of scripts without spaces count as words.</summary>
    public const int MaxWords = 256;

    [ThreadStatic] private static MatcherPass? _pass;

    private readonly MatcherTables _tables;

    private QueryMatcher(MatcherTables tables) => _tables = tables;

    /// <summary>Queries without a letter or digit, which never match.</summary>
    public int UnmatchableCount => _tables.Header.UnmatchableCount;

    /// <summary>Queries in the list.</summary>
    public int QueryCount => _tables.Header.QueryCount;

    /// <summary>Memory of the tables, in bytes.</summary>
    public long Bytes => _tables.Header.TableBytes;

    /// <summary>Builds the matcher of a list; 500,000 queries take about a second.</summary>
    /// <exception cref="InvalidDataException">A query has more than <see cref="MaxWords"/> words.</exception>
    public static QueryMatcher Build(IReadOnlyList<Query> queries) => new(new MatcherBuilder(queries).Build());

    /// <summary>Writes the prebuilt form, which <see cref="Load"/> maps into memory instead of building.</summary>
    public void Save(string path) => MatcherFile.Save(_tables, path);

    /// <summary>Maps a prebuilt matcher into memory, after a check of all of it (under 0.2 s for 500,000 queries).</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote; it must not be changed while the matcher is in use.</param>
    /// <param name="queries">The list that it must have been built of.</param>
    /// <exception cref="InvalidDataException">The file is damaged, of another version, or of another list.</exception>
    public static QueryMatcher Load(string path, IReadOnlyList<Query> queries)
    {
        var tables = MatcherFile.Load(path);
        return tables.Header.List == MatcherFile.Fingerprint(queries) ? new(tables) : throw new InvalidDataException(
            $"Matcher file '{path}' was built of another list ({tables.Header.QueryCount} queries, this one has {queries.Count}, "
            + "or other texts). Delete it; it is built again from the list.");
    }

    /// <summary>Adds every occurrence of every query to <paramref name="hits"/>, overlapping ones included.</summary>
    /// <param name="text">Any text, as it was found.</param>
    /// <param name="hits">Receives the occurrences by start, then by length, then by row. It is not cleared.</param>
    public void Match(ReadOnlySpan<char> text, List<QueryHit> hits)
    {
        var pass = _pass ??= new();
        pass.Run(_tables, text, hits);
        if (text.Length > MatcherPass.KeepUpTo)
            _pass = null;
    }

    /// <summary>The queries that occur in a text, each once, in the order of the list.</summary>
    public IReadOnlyList<QueryId> Match(string text)
    {
        List<QueryHit> hits = [];
        Match(text, hits);
        if (hits.Count == 0)
            return [];
        var rows = new QueryId[hits.Count];
        for (var at = 0; at < rows.Length; at++)
            rows[at] = hits[at].Query;
        Array.Sort(rows);
        var count = 1;
        foreach (var row in rows)
        {
            if (row != rows[count - 1])
                rows[count++] = row;
        }
        Array.Resize(ref rows, count);
        return rows;
    }
}
