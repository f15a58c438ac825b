namespace WebImageText.Crawl.Providers;

/// <summary>What a provider is called, and what it declares about how it may be asked.</summary>
/// <param name="Name">As <c>--provider</c> names it, and as the data set stores it.</param>
public sealed record ProviderTraits(string Name)
{
    /// <summary>It is asked once for each query, and not once for all.</summary>
    public bool TakesQueries { get; init; }

    /// <summary>Files and addresses that it reads, for one that takes no queries: the same ones have the same cursors.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>Most candidates on a page.</summary>
    public required int PageSize { get; init; }

    /// <summary>Most pages of one query; null where the provider has no such bound.</summary>
    public int? Depth { get; init; }

    /// <summary>What the service allows; every one holds. Empty where only the pace of its host counts.</summary>
    public IReadOnlyList<RequestLimit> Limits { get; init; } = [];

    /// <summary>The environment variable with the key that the service takes; null where it takes none.</summary>
    public string? Key { get; init; }

    /// <summary>Where the service says how it may be used; null for what is the operator's own.</summary>
    public string? Terms { get; init; }
}

/// <summary>So many requests in so much time.</summary>
public sealed record RequestLimit(int Requests, TimeSpan Time);
