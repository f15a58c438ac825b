namespace WebImageText.Crawl.Queries;

/// <summary>Whether tables from a file can be walked safely: no index may lead out of them, no search may go on for ever.</summary>
internal static unsafe class MatcherCheck
{
    /// <summary>The first thing that is wrong, or null.</summary>
    public static string? FirstFault(MatcherTables tables) =>
        FaultInBuckets(tables) ?? FaultInTokens(tables) ?? FaultInEdges(tables) ?? FaultInRows(tables);

    private static string? FaultInBuckets(MatcherTables tables)
    {
        var hasEnd = false;
        for (var at = 0L; at < 1L << tables.Header.BucketBits; at++)
        {
            var bucket = tables.Buckets + at;
            for (var place = 0; place < TokenBucket.Places; place++)
            {
                if (bucket->Tokens[place] == Token.None)
                    hasEnd = true;
                else if ((bucket->Tokens[place] & ~TokenBucket.HashOnly) >= tables.Header.TokenCount)
                    return $"word bucket {at} names a word that is not there";
                else if (!IsGood(tables, bucket->Info[place]))
                    return $"word bucket {at} names rows that are not there";
            }
        }
        return hasEnd ? null : "its word table is full: a search would not end";
    }

    private static string? FaultInTokens(MatcherTables tables)
    {
        for (var at = 0; at < tables.Header.TokenCount; at++)
        {
            ref readonly var token = ref tables.Tokens[at];
            if (token.Length < 1 || (token.Length > Token.ShortLength
                && (token.Length > tables.Header.LongWordBytes || token.Key1 > (ulong)(tables.Header.LongWordBytes - token.Length))))
            {
                return $"word {at} leads out of the file";
            }
        }
        return null;
    }

    private static string? FaultInEdges(MatcherTables tables)
    {
        var hasEnd = false;
        for (var at = 0L; at < 1L << tables.Header.EdgeBits; at++)
        {
            var edge = tables.Edges + at;
            if (edge->Node == Token.None)
                hasEnd = true;
            else if (!IsGood(tables, edge->Info))
                return $"phrase {at} names rows that are not there";
        }
        return hasEnd ? null : "its phrase table is full: a search would not end";
    }

    private static string? FaultInRows(MatcherTables tables)
    {
        var header = tables.Header;
        for (var at = 0; at < header.RowCount; at++)
        {
            if ((tables.Rows[at] & ~NodeInfo.LastRow) >= header.QueryCount)
                return $"row {at} names a query that is not there";
            // A phrase has at most as many gaps as the longest query has words.
            if (tables.GapsAt[at] > 0 && tables.GapsAt[at] - 1 + (long)QueryMatcher.MaxWords > header.GapBytes)
                return $"row {at} leads out of the file";
        }
        return header.RowCount > 0 && (tables.Rows[header.RowCount - 1] & NodeInfo.LastRow) == 0 ? "its rows have no end" : null;
    }

    private static bool IsGood(MatcherTables tables, uint info) => (info & NodeInfo.KindMask) switch
    {
        NodeInfo.One => info >> NodeInfo.ValueShift < tables.Header.QueryCount,
        NodeInfo.List => info >> NodeInfo.ValueShift < tables.Header.RowCount,
        0 => info >> NodeInfo.ValueShift == 0,
        _ => false,
    };
}
