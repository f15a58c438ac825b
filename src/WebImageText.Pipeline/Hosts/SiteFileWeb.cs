using System.Text;
using Akka.Actor;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;
using WebImageText.Crawl.Robots;
using WebImageText.Pipeline.Flow;

namespace WebImageText.Pipeline.Hosts;

/// <summary>The way of one host's entity to the files of its sites. A redirect may lead to another host, and a licence may stand there.</summary>
/// <param name="host">Whose entity asks, in its turn.</param>
/// <param name="node">Of the entity.</param>
internal sealed class SiteFileWeb(string host, NodeParts node)
{
    private static readonly TimeSpan HopTime = TimeSpan.FromMinutes(1);

    /// <summary>Asks for a file, through its redirects; for a licence elsewhere only if nobody on this node has.</summary>
    /// <param name="file">Which.</param>
    /// <param name="before">What was known of it before.</param>
    public Task<KnownFile> FetchAsync(SiteFile file, KnownFile? before) => file.Kind == SiteFileKind.License && file.At.Host != host
        ? node.Licenses.GetAsync(file, known => AskForAsync(file, known ?? before), node.Stopping)
        : AskForAsync(file, before);

    private async Task<KnownFile> AskForAsync(SiteFile file, KnownFile? before)
    {
        var isRobots = file.Kind == SiteFileKind.Robots;
        var at = file.At;
        for (var redirects = 0; ; redirects++)
        {
            var result = await AskAsync(file.Kind, new(at, FetchKind.Robots)).ConfigureAwait(false);
            var now = node.Clock.GetUtcNow();
            var outcome = result switch
            {
                FetchResult.Failed failed => RobotsOutcome.Failed(failed.Drop),
                FetchResult.Redirect redirect => RobotsOutcome.Answered(redirect.Status, hasLocation: true, redirects),
                FetchResult.Answer answer => RobotsOutcome.Answered(answer.Status, false, redirects,
                    answer.Headers["Retry-After"] is { } wait ? RetryAfter.Parse(wait, now) : null),
                _ => throw new InvalidOperationException($"A fetch ends in an answer, a redirect or a failure, not in {result.GetType().Name}."),
            };
            var isUnreachable = outcome.Failure is not null || outcome.Status >= 500;
            var since = isUnreachable ? before?.UnreachableSince ?? now : (DateTimeOffset?)null;
            var trouble = isRobots ? null : HostTroubles.Of(outcome.Failure?.Reason ?? DropReason.HttpError, outcome.Status);
            var decision = isRobots ? RobotsPolicy.Decide(outcome, now - (since ?? now)) : RobotsPolicy.DecideUse(outcome, trouble is not null);
            if (decision.Access == RobotsAccess.Follow && result is FetchResult.Redirect next)
            {
                at = next.To;
                continue;
            }
            using var held = (result as FetchResult.Answer)?.Held;
            var content = decision.Access == RobotsAccess.Rules ? Parse(file.Kind, ((FetchResult.Answer)result).Body) : null;
            return new(file, decision, content, outcome.Failure, now, since, trouble, trouble is null ? 0 : (before?.Tries ?? 0) + 1, trouble is null ? null : outcome.RetryAfter);
        }
    }

    // Elsewhere whoever owns the way there asks, when it is its turn.
    private async Task<FetchResult> AskAsync(SiteFileKind kind, FetchRequest request)
    {
        if (request.Address.Host == host)
        {
            for (var tries = 1; ; tries++)
            {
                var result = await node.Fetcher.FetchAsync(request, node.Stopping).ConfigureAwait(false);
                node.Fetches.Count(host, result);
                // A fault of this machine says nothing of the site, which would be refused as a whole for it.
                if (result is not FetchResult.Failed { IsLocal: true } || tries == HostEntity.LocalTries)
                    return result;
            }
        }
        if ((node.Addresses.Judge(request.Address) ?? node.Blocks?.Judge(request.Address)) is { } refused)
            return new FetchResult.Failed(refused);
        var hop = new HostEntity.FetchData($"{kind} {host} {request.Address.Canonical}", "", IsService: kind == SiteFileKind.Robots, request);
        try
        {
            return (await node.Owners.Hosts.Ask<HostEntity.Data>(hop, HopTime, node.Stopping).ConfigureAwait(false)).Result;
        }
        catch (AskTimeoutException)
        {
            return new FetchResult.Failed(new(DropReason.Timeout, $"{request.Address.Host} had no time"));
        }
    }

    private object? Parse(SiteFileKind kind, ReadOnlyMemory<byte> body) => kind switch
    {
        SiteFileKind.Robots => RobotsTxt.Parse(body.Span, node.Fetch.Robots),
        SiteFileKind.TdmRep => TdmRepFile.Parse(body),
        SiteFileKind.AiTxt => AiTxtFile.Parse(Encoding.UTF8.GetString(body.Span)),
        _ => RslLicense.Parse(new MemoryStream(body.ToArray())),
    };
}
