using WebImageText.Crawl.Addresses;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Providers;
using WebImageText.Pipeline.Flow;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Hosts;

/// <summary>
/// A provider's way to the web: every request goes to the entity of its host, which keeps pace and robots.txt, and is repeated
/// when it was lost with a node. Redirects of sites are followed, each hop judged like a first address; those of services,
/// which may carry a key, are not.
/// </summary>
/// <param name="node">Of the asker.</param>
/// <param name="provider">Its name.</param>
/// <param name="asker">Lasting name of the entity that asks: two of them may want the same at once.</param>
internal sealed class ProviderWeb(NodeParts node, string provider, string asker)
{
    public async Task<FetchResult> FetchAsync(ProviderRequest wanted, CancellationToken stop)
    {
        var trail = new RedirectTrail(wanted.Request.Address, node.Addresses, node.Fetch.Redirects);
        for (var request = wanted.Request; ; request = wanted.Request with { Address = trail.Current })
        {
            if ((node.Addresses.Judge(request.Address) ?? node.Blocks?.Judge(request.Address)) is { } refused)
                return new FetchResult.Failed(refused);
            var ask = new HostEntity.FetchData($"{provider} {asker} {request.Address.Href} {request.Range}", provider, wanted.IsService, request);
            var (_, result) = await node.Owners.Hosts.AskAgain<HostEntity.Data>(ask, Patience.AnswerTime, stop).ConfigureAwait(false);
            if (wanted.IsService || result is not FetchResult.Redirect redirect)
                return result;
            if (trail.Follow(redirect.To.Href) is { } astray)
                return new FetchResult.Failed(astray);
        }
    }
}
