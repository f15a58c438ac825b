using WebImageText.Crawl.Extract;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Pipeline.Hosts;

/// <summary>Reads a fetched page. Pure.</summary>
internal static class PageVisit
{
    /// <summary>The provider of candidates that were found on crawled pages.</summary>
    public const string Provider = "pages";

    private static readonly PageLimits Limits = new();

    public static ReadPage Read(Visit visit, FetchResult.Answer answer, CancellationToken stop) =>
        new(visit, PageReader.Read(answer.Body, answer.Headers["Content-Type"], visit.At, Provider, Limits, stop), answer.Headers, answer.At);
}
