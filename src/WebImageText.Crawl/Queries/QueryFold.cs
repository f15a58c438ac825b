namespace WebImageText.Crawl.Queries;

/// <summary>When two queries are the same to a person: folded case, one apostrophe, single spaces.</summary>
internal static class QueryFold
{
    /// <summary>The form by which a list has each query once.</summary>
    public static string Of(string query) =>
        string.Join(' ', Folding.FoldAll(query).Replace('\u2019', '\'').Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
