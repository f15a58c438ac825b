namespace WebImageText.Crawl.Queries.Balance;

/// <summary>What a cap keeps of texts whose matches are known.</summary>
/// <param name="Texts">Texts with at least one match.</param>
/// <param name="Kept">Texts that are kept; of a draw the expected number.</param>
/// <param name="PerQuery">Of each query the kept texts that count for it; of a draw the expected number.</param>
/// <param name="Over">Queries with more than the cap afterwards.</param>
public sealed record CapPlan(long Texts, double Kept, IReadOnlyList<double> PerQuery, int Over)
{
    /// <summary>The hard cap: a text has one owner, the matched query with the most room (of equals the longest, as
    /// in a crawl), and is kept if there is any.</summary>
    /// <param name="lists">Rows of the matched queries of each text, in the order in which the texts come.</param>
    /// <param name="lengths">UTF-16 code units of each query.</param>
    /// <param name="cap">Texts that a query owns, at most.</param>
    public static CapPlan Hard(IEnumerable<ArraySegment<int>> lists, IReadOnlyList<int> lengths, int cap)
    {
        var owned = new double[lengths.Count];
        var (texts, kept) = (0L, 0L);
        foreach (var list in lists.Where(list => list.Count > 0))
        {
            texts++;
            var owner = list[0];
            foreach (var query in list)
                owner = owned[query] < owned[owner] || (owned[query] == owned[owner] && lengths[query] > lengths[owner]) ? query : owner;
            if (owned[owner] >= cap)
                continue;
            owned[owner]++;
            kept++;
        }
        return new(texts, kept, owned, 0);
    }

    /// <summary>
    /// MetaCLIP's draw (Xu et al. 2023, arXiv:2309.16671, algorithm 1): a text is kept with probability 1 - prod(1 - p) over its matched
    /// queries, where p is 1 for a query in fewer than <paramref name="t"/> texts and t / count otherwise.
    /// </summary>
    /// <param name="lists">Rows of the matched queries of each text.</param>
    /// <param name="counts">Of each query the texts in which it occurs.</param>
    /// <param name="t">The threshold.</param>
    /// <returns>Expected numbers: no random draw is made. A kept text counts for each of its queries.</returns>
    public static CapPlan Draw(IEnumerable<ArraySegment<int>> lists, IReadOnlyList<long> counts, int t)
    {
        var drop = counts.Select(count => count < t ? 0 : 1 - (double)t / count).ToArray();
        var expected = new double[counts.Count];
        var (texts, kept) = (0L, 0d);
        foreach (var list in lists)
        {
            texts++;
            var dropped = 1d;
            foreach (var query in list)
                dropped *= drop[query];
            kept += 1 - dropped;
            foreach (var query in list)
                expected[query] += 1 - dropped;
        }
        return new(texts, kept, expected, expected.Count(count => count > t + 0.5));
    }

    /// <summary>All that either way can keep when only the counts are known: no query gives more than the cap.</summary>
    public static long AtMost(IReadOnlyList<long> counts, int cap) => counts.Sum(count => Math.Min(count, cap));
}
