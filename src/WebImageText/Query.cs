namespace WebImageText;

/// <summary>The row of a query in the data set's own list, from 0; it never changes once the data set has begun.</summary>
public readonly record struct QueryId(int Row) : IComparable<QueryId>
{
    /// <inheritdoc/>
    public int CompareTo(QueryId other) => Row.CompareTo(other.Row);

    /// <inheritdoc/>
    public override string ToString() => Row.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What is searched for, and what a caption must contain.</summary>
/// <param name="Id">Its row in the data set's list.</param>
/// <param name="Text">As a person would write it, Unicode NFC.</param>
/// <remarks>500,000 of them, with at most 20,000 pairs each: Radford et al. 2021, section 2.2 (arXiv:2103.00020).</remarks>
public sealed record Query(QueryId Id, string Text);

/// <summary>The queries that a caption contains, and the one whose cap counts the pair.</summary>
/// <param name="Owner">The matched query with the most room when the pair took its slot.</param>
/// <param name="All">Every matched query, in the order of the list; holds <paramref name="Owner"/>.</param>
public sealed record QueryMatch(Query Owner, IReadOnlyList<QueryId> All);
