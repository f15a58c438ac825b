using System.Collections;
using System.Text;

namespace WebImageText.Crawl.Queries;

/// <summary>What a list does with a row that is no good: empty, a duplicate, invalid UTF-8 or too long.</summary>
public enum BadRows
{
    /// <summary>The list is refused, with the line.</summary>
    Refuse,
    /// <summary>The row is left out and counted in <see cref="QueryList.Skipped"/>.</summary>
    Skip,
}

/// <summary>Rows that were left out of a list, by reason.</summary>
public readonly record struct SkippedRows(int Empty, int Duplicate, int InvalidUtf8, int TooLong)
{
    /// <summary>All of them.</summary>
    public int Total => Empty + Duplicate + InvalidUtf8 + TooLong;
}

/// <summary>The queries of a data set in the order of their rows: the row is the <see cref="QueryId"/>.</summary>
/// <remarks>
/// A file has one query a line; <c>.tsv</c> may have further columns, of which the second is where the query comes from:
/// <c>abaya[TAB]wordnet</c>. No header line. Queries are trimmed and brought to Unicode NFC.
/// </remarks>
public sealed class QueryList : IReadOnlyList<Query>
{
    /// <summary>UTF-16 code units of a query, at most.</summary>
    public const int MaxLength = 1024;

    private readonly List<Query> _queries = [];
    private readonly List<string> _sources = [];

    private QueryList()
    {
    }

    /// <inheritdoc/>
    public int Count => _queries.Count;

    /// <inheritdoc/>
    public Query this[int index] => _queries[index];

    /// <summary>For each row its second column, such as <c>wiki_word,wordnet</c>; empty where there is none.</summary>
    public IReadOnlyList<string> Sources => _sources;

    /// <summary>Rows that were left out.</summary>
    public SkippedRows Skipped { get; private set; }

    /// <summary>Reads a list: <c>.tsv</c>, <c>.txt</c> or <c>.parquet</c> (columns <c>query</c> and, if there, <c>sources</c>).</summary>
    /// <exception cref="InvalidDataException">A row is no good and <paramref name="badRows"/> says refuse, or no row is left.</exception>
    public static QueryList Load(string path, BadRows badRows = BadRows.Refuse)
    {
        using var file = File.OpenRead(path);
        return path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)
            ? Task.Run(() => ReadParquetAsync(file, path, badRows)).GetAwaiter().GetResult() // the package reads no other way
            : Read(file, path, badRows);
    }

    /// <summary>Reads a list, one query a line.</summary>
    /// <param name="file">UTF-8, with or without byte order mark.</param>
    /// <param name="name">What errors call the file.</param>
    /// <param name="badRows">What becomes of rows that are no good.</param>
    /// <exception cref="InvalidDataException">A row is no good and <paramref name="badRows"/> says refuse, or no row is left.</exception>
    public static QueryList Read(Stream file, string name, BadRows badRows = BadRows.Refuse)
    {
        var rows = new RowReader(name, badRows);
        var lines = new LineReader(file, MaxLength * 8);
        while (lines.TryRead(out var line, out var whole))
            rows.Add(line, whole);
        return rows.Finish();
    }

    private static async Task<QueryList> ReadParquetAsync(Stream file, string name, BadRows badRows)
    {
        var rows = new RowReader(name, badRows);
        await foreach (var (query, sources) in ParquetColumns.ReadAsync(file, name, "query", "sources").ConfigureAwait(false))
            rows.Add(query ?? "", sources ?? "");
        return rows.Finish();
    }

    /// <summary>A list of texts that are known to be good, for example in a test.</summary>
    /// <exception cref="InvalidDataException">A text is empty, too long or there twice.</exception>
    public static QueryList Of(IEnumerable<string> texts)
    {
        var rows = new RowReader("queries", BadRows.Refuse);
        foreach (var text in texts)
            rows.Add(text, "");
        return rows.Finish();
    }

    /// <inheritdoc/>
    public IEnumerator<Query> GetEnumerator() => _queries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds rows to a list, or says what is wrong with them.</summary>
    private sealed class RowReader(string name, BadRows badRows)
    {
        private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

        private readonly QueryList _list = new();
        private readonly Dictionary<string, int> _lineOf = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _known = []; // a few words, each kept once
        private SkippedRows _skipped;
        private int _line;

        public void Add(ReadOnlySpan<byte> line, bool whole)
        {
            var tab = line.IndexOf((byte)'\t');
            var column = tab < 0 ? line : line[..tab];
            var rest = tab < 0 ? default : line[(tab + 1)..];
            var end = rest.IndexOf((byte)'\t');
            string query, sources;
            try
            {
                query = Strict.GetString(column);
                sources = Strict.GetString(end < 0 ? rest : rest[..end]);
            }
            catch (DecoderFallbackException broken)
            {
                _line++;
                _skipped = _skipped with { InvalidUtf8 = _skipped.InvalidUtf8 + 1 };
                Refuse($"byte {broken.Index + 1} of the row is not valid UTF-8", "Convert the file to UTF-8");
                return;
            }
            if (whole)
                Add(query, sources);
            else
                TooLong();
        }

        public void Add(string text, string sources)
        {
            if (text.Length > MaxLength)
            {
                TooLong();
                return;
            }
            _line++;
            var query = text.Trim().Normalize(NormalizationForm.FormC);
            if (query.Length == 0)
            {
                _skipped = _skipped with { Empty = _skipped.Empty + 1 };
                Refuse("the row is empty", "Delete it");
            }
            else if (!_lineOf.TryAdd(query, _line))
            {
                _skipped = _skipped with { Duplicate = _skipped.Duplicate + 1 };
                Refuse($"'{query}' stands in line {_lineOf[query]} already", "Delete one of the two");
            }
            else
            {
                _list._queries.Add(new(new(_list.Count), query));
                if (!_known.TryGetValue(sources, out var known))
                    _known[sources] = known = sources;
                _list._sources.Add(known);
            }
        }

        public QueryList Finish()
        {
            if (_list.Count == 0)
                throw new InvalidDataException($"Query list '{name}' has no query. Write one query a line.");
            _list.Skipped = _skipped;
            return _list;
        }

        private void TooLong()
        {
            _line++;
            _skipped = _skipped with { TooLong = _skipped.TooLong + 1 };
            Refuse($"the query is longer than {MaxLength} characters", "Is this a list of queries? Shorten the row or delete it");
        }

        private void Refuse(string what, string remedy)
        {
            if (badRows == BadRows.Refuse)
                throw new InvalidDataException($"Query list '{name}', line {_line}: {what}. {remedy}, or skip such rows.");
        }
    }
}
