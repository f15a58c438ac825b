using System.Globalization;
using WebImageText.Shards.Rows;

namespace WebImageText.Shards.Select;

/// <summary>Which pairs of a data set are meant: all of the conditions that are given must hold.</summary>
public sealed class PairSelection
{
    private readonly HashSet<string> _queries = new(StringComparer.Ordinal);
    private readonly HashSet<UInt128>? _uids;
    private readonly RowFilter? _filter;

    /// <summary>Every pair.</summary>
    public static PairSelection All { get; } = new([], null, null);

    /// <summary>A selection.</summary>
    /// <param name="queries">Texts of queries that own the pairs; none for any.</param>
    /// <param name="uids">The pairs by their uids, 32 hexadecimal digits each; null for any.</param>
    /// <param name="filter">An expression over the row; null for any.</param>
    /// <exception cref="FormatException">An uid is none.</exception>
    public PairSelection(IEnumerable<string> queries, IEnumerable<string>? uids, RowFilter? filter)
    {
        _queries.UnionWith(queries);
        _uids = uids?.Select(Uid).ToHashSet();
        _filter = filter;
    }

    /// <summary>The columns that <see cref="Has"/> looks at.</summary>
    internal IReadOnlySet<string> Columns => new HashSet<string>([.. _filter?.Columns.AsEnumerable() ?? [], "key", "status", "query", "uid"]);

    /// <summary>The pair is meant. Rows of other writers that failed have no sample, and are never meant.</summary>
    public bool Has(PairRow row) =>
        row.Status is null or "success"
        && (_queries.Count == 0 || (row.Query is { } query && _queries.Contains(query)))
        && (_uids is null || (row.Uid is { Length: 32 } uid && UInt128.TryParse(uid, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) && _uids.Contains(number)))
        && (_filter is null || _filter.Matches(row));

    /// <inheritdoc/>
    public override string ToString()
    {
        string[] parts =
        [
            .. _queries.Count > 0 ? [$"{_queries.Count} queries"] : Array.Empty<string>(),
            .. _uids is null ? Array.Empty<string>() : [$"a list of {_uids.Count} uids"],
            .. _filter is null ? Array.Empty<string>() : [_filter.ToString()],
        ];
        return parts.Length == 0 ? "all" : string.Join(" and ", parts);
    }

    private static UInt128 Uid(string text) =>
        text.Length == 32 && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var uid)
            ? uid
            : throw new FormatException($"'{text}' is no uid: 32 hexadecimal digits.");
}
