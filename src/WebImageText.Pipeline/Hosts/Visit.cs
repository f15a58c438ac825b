using WebImageText.Pipeline.Jobs;

namespace WebImageText.Pipeline.Hosts;

/// <summary>A page to be read for its images and links.</summary>
/// <param name="Host">Host of the page, whose frontier owns the visit.</param>
/// <param name="Page">The page as it was found.</param>
/// <param name="Depth">Links followed from a given address to this one.</param>
/// <param name="At">Where it is to be fetched now: the page, or where a redirect sent us.</param>
/// <param name="Visited">The addresses that redirected, in order.</param>
internal sealed record Visit(string Host, WebAddress Page, int Depth, WebAddress At, IReadOnlyList<WebAddress> Visited)
{
    public JobRef Job => new(JobKind.Visit, Host, Page.Canonical);
}

/// <summary>A page that is to be visited.</summary>
internal sealed record FoundPage(WebAddress Address, int Depth);
