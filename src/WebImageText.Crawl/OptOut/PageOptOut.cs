using WebImageText.Crawl.Extract;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Crawl.OptOut;

/// <summary>What a page and its answer say about the use of its images and links.</summary>
/// <param name="Images">Of the page; with all that is said, and the statement that opts them out, if there is one.</param>
/// <param name="FollowLinks">Its links may be followed.</param>
public sealed record PageOptOut(IReadOnlyList<Candidate> Images, bool FollowLinks)
{
    /// <param name="page">As it was read.</param>
    /// <param name="headers">Of the answer that held it.</param>
    /// <param name="at">When it came.</param>
    /// <param name="site">What its site says about its address in files beside it, where that is known.</param>
    public static PageOptOut Judge(PageContent page, ResponseHeaders headers, DateTimeOffset at, IReadOnlyList<OptOutSignal>? site = null)
    {
        var verdict = OptOutJudge.Judge([.. page.Signals, .. HeaderSignals.Of(headers.Fields), .. site ?? []], at);
        return new(
            verdict.Record is null ? page.Images : [.. page.Images.Select(image => image with { PageUse = verdict.OfPage(at), OptOut = verdict.Drop is { } refused ? refused.Detail ?? "the page opts out" : null })],
            verdict.FollowLinks);
    }
}
