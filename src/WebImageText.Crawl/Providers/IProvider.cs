using WebImageText.Crawl.Fetch;

namespace WebImageText.Crawl.Providers;

/// <summary>Asks for something a provider needs; whoever gives it sees to pace and robots.txt.</summary>
/// <returns>How the request ended; redirects of sites are followed, those of services are not.</returns>
public delegate Task<FetchResult> ProviderFetch(ProviderRequest request, CancellationToken stop);

/// <summary>Where images are found: a query and an opaque cursor in, candidates and the next cursor out.</summary>
public interface IProvider
{
    /// <summary>What it is called, and how it may be asked.</summary>
    ProviderTraits Traits { get; }

    /// <summary>One page of what it has.</summary>
    /// <param name="query">What is searched for; null for a provider that takes no queries.</param>
    /// <param name="cursor">From the page before, in this run or an earlier one; null for the first page.</param>
    /// <param name="fetch">The way to the web.</param>
    /// <param name="stop">Gives up.</param>
    Task<ProviderPage> FindAsync(Query? query, string? cursor, ProviderFetch fetch, CancellationToken stop);
}

/// <summary>What a provider asks for.</summary>
/// <param name="Request">The request itself.</param>
/// <param name="IsService">
/// The operator named the service to be asked like this, so its robots.txt, which is for crawlers, is not asked.
/// </param>
public sealed record ProviderRequest(FetchRequest Request, bool IsService)
{
    /// <summary>A page of a service.</summary>
    public static ProviderRequest Service(WebAddress address, params IReadOnlyList<KeyValuePair<string, string>> headers) =>
        new(new FetchRequest(address, FetchKind.Page) { Headers = headers }, IsService: true);

    /// <summary>A page of a site, under its robots.txt.</summary>
    public static ProviderRequest Site(WebAddress address) => new(new FetchRequest(address, FetchKind.Page), IsService: false);
}

/// <summary>One page of what a provider has.</summary>
/// <param name="Candidates">Images with texts; not judged.</param>
/// <param name="Next">Cursor of the next page; null when there is none.</param>
/// <param name="Fault">Why this is no page, in words that help whoever runs the provider; null when it is one.</param>
public sealed record ProviderPage(IReadOnlyList<Candidate> Candidates, string? Next, string? Fault = null)
{
    /// <summary>Pages of the web to be visited; not judged.</summary>
    public IReadOnlyList<WebAddress> Pages { get; init; } = [];

    /// <summary>What went wrong on the way without ending it, for the log.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Rows and records that could not be used, by reason.</summary>
    public IReadOnlyDictionary<string, int> Skipped { get; init; } = new Dictionary<string, int>();

    /// <summary>The provider did not answer as it should: the page is asked for again in another run.</summary>
    public static ProviderPage Failed(string fault) => new([], null, fault);
}
