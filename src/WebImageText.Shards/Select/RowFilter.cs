using WebImageText.Shards.Rows;

namespace WebImageText.Shards.Select;

/// <summary>
/// A condition over a row, as in SQL after WHERE: <c>width * height &gt; 250000 AND license LIKE 'CC%' AND score('clip') &gt;= 0.28</c>.
/// </summary>
/// <remarks>
/// Columns by their names in the parquet; numbers, 'texts' (a quote inside is doubled), TRUE, FALSE, NULL; + - * /, = &lt;&gt; != &lt; &lt;= &gt; &gt;=,
/// [NOT] LIKE and ILIKE, [NOT] IN (...), [NOT] BETWEEN x AND y, IS [NOT] NULL, NOT, AND, OR. Functions: length(text) in characters,
/// lower(text), host(url), score('name'). What is null makes a comparison neither true nor false, and such a row is not selected.
/// Moments compare with texts such as '2026-01-31'. Division by zero is null. Texts compare by code points.
/// </remarks>
public sealed class RowFilter
{
    private readonly string _text;
    private readonly Term _term;

    private RowFilter(string text, Term term, IReadOnlySet<string> columns) => (_text, _term, Columns) = (text, term, columns);

    /// <summary>The columns that it names.</summary>
    internal IReadOnlySet<string> Columns { get; }

    /// <summary>Reads a condition.</summary>
    /// <exception cref="FormatException">It is none; the message says where.</exception>
    public static RowFilter Parse(string text)
    {
        var parser = new RowFilterParser(text);
        return new(text, parser.Parse(), parser.Columns);
    }

    /// <summary>The condition is true for the row.</summary>
    public bool Matches(PairRow row) => _term.Evaluate(row) is true;

    /// <inheritdoc/>
    public override string ToString() => _text;
}

/// <summary>A part of a condition: its type, and its value for a row: null, <see cref="bool"/>, <see cref="double"/>, <see cref="string"/> or <see cref="DateTimeOffset"/>.</summary>
internal sealed record Term(TermType Type, Func<PairRow, object?> Evaluate);

/// <summary>What a part of a condition is. Null fits everywhere.</summary>
internal enum TermType
{
    Null,
    Truth,
    Number,
    Text,
    Moment,
}
