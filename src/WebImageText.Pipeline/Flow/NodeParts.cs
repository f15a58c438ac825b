using Akka.Actor;
using WebImageText.Crawl.Addresses;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;
using WebImageText.Crawl.Providers;
using WebImageText.Crawl.Trace;
using WebImageText.Curate.Filter;
using WebImageText.Pipeline.Copies;
using WebImageText.Pipeline.Hosts;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Queries;
using WebImageText.Pipeline.Runs;
using WebImageText.Pipeline.Staging;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Flow;

/// <summary>What the actors of one node share: options, the stages' plain code, the ways in and out.</summary>
internal sealed class NodeParts
{
    public required RunOptions Options { get; init; }
    public required IReadOnlyList<Query> Queries { get; init; }
    public required IReadOnlyList<IProvider> Providers
    {
        get;
        init
        {
            field = value;
            (Searched, Lists) = ([.. value.Where(provider => provider.Traits.TakesQueries)], [.. value.Where(provider => !provider.Traits.TakesQueries)]);
        }
    }

    /// <summary>Of the providers those that are asked once for each query.</summary>
    public IReadOnlyList<IProvider> Searched { get; private init; } = [];

    /// <summary>Of the providers those that are asked once for all queries.</summary>
    public IReadOnlyList<IProvider> Lists { get; private init; } = [];

    public required FetchOptions Fetch { get; init; }
    public required IFetcher Fetcher { get; init; }
    public required FetchTally Fetches { get; init; }
    public required AddressPolicy Addresses { get; init; }

    /// <summary>Hears of hosts that will be asked soon; null where nothing is to be made ready.</summary>
    public Action<string>? Expect { get; init; }

    public required IJobGate Gate { get; init; }
    public required Owners Owners { get; init; }
    public required Tally Tally { get; init; }

    /// <summary>For waits and leases.</summary>
    public required SteadyClock Clock { get; init; }

    /// <summary>When what is stored was seen: now, or at the time of the trace.</summary>
    public required TimeProvider WebClock { get; init; }
    public required DataSetFiles DataSet { get; init; }

    /// <summary>Which pictures are copies.</summary>
    public required CopyRule Copies { get; init; }

    /// <summary>Addresses that are not fetched; null for none.</summary>
    public BlockList? Blocks { get; init; }

    /// <summary>The list of opt-outs that is asked before an image is fetched; null for none.</summary>
    public SpawningList? Spawning { get; init; }

    /// <summary>RSL licences that many sites name.</summary>
    public required SharedLicenses Licenses { get; init; }

    /// <summary>Keeps what the web answers, and what it was not asked; null for nothing.</summary>
    public TraceWriter? Trace { get; init; }

    /// <summary>The order of a replay: answers come from a trace, and nobody waits for hosts. Null when the web itself is asked.</summary>
    public Turns? Turns { get; init; }

    /// <summary>Takes candidates; set when its stream is built.</summary>
    public CandidateDesk Desk { get; set; } = null!;

    /// <summary>Takes fetched images; set when its stream is built.</summary>
    public JudgeFlow Judge { get; set; } = null!;

    /// <summary>No new work is begun once this is cancelled.</summary>
    public required CancellationToken Stopping { get; init; }

    /// <summary>What is waited for may be asked after. A replay loses no messages, and its candidates take turns.</summary>
    public bool MayLookAfter => Turns is null && !Stopping.IsCancellationRequested;

    /// <summary>The provider of that name; null when this run has none.</summary>
    public IProvider? Provider(string name) => Providers.FirstOrDefault(provider => provider.Traits.Name == name);

    /// <summary>
    /// Sends work on its way to its image: by the site of its page, which may say something about use, where the page itself was
    /// not visited but named by a search, a list or an archive.
    /// </summary>
    public void SendForImage(Work work) => Owners.Hosts.Tell(
        IsOfUnvisitedPage(work) ? new HostEntity.JudgePage(work) : new HostEntity.FetchImage(work), ActorRefs.NoSender);

    private bool IsOfUnvisitedPage(Work work) =>
        work.Candidate is { Page: { IsWeb: true } page, OptOut: null }
        && (work.Job.Kind == JobKind.Search || ListEntity.IsList(work.Job.Owner))
        && Addresses.Judge(page) is null && Blocks?.Judge(page) is null;

    /// <summary>The verdict on work that is dropped before its image was decoded.</summary>
    public Verdict.Dropped Reject(Work work, Drop drop, FetchFacts? fetch = null) =>
        new(new(work.Uid, work.Candidate, work.Match, drop, WebClock.GetUtcNow(), fetch));

    /// <summary>Drops work before its image was decoded: the slot is free, the verdict is staged.</summary>
    public void Drop(Work work, Drop drop, FetchFacts? fetch = null)
    {
        if (work.Match is { Owner.Id: var owner })
            Owners.Queries.Tell(new QueryEntity.Free(owner, work.Uid), ActorRefs.NoSender);
        Owners.Staging.Tell(new Stager.Take(Reject(work, drop, fetch)), ActorRefs.NoSender);
    }
}
