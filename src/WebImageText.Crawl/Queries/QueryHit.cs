namespace WebImageText.Crawl.Queries;

/// <summary>One place in a text where a query occurs.</summary>
/// <param name="Query">The query that occurs there.</param>
/// <param name="Start">First UTF-16 code unit of the occurrence in the text as it was given.</param>
/// <param name="Length">UTF-16 code units of the occurrence in the text as it was given.</param>
public readonly record struct QueryHit(QueryId Query, int Start, int Length);
