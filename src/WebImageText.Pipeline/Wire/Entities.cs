using Akka.Actor;
using Akka.Cluster.Sharding;
using WebImageText.Pipeline.Claims;

namespace WebImageText.Pipeline.Wire;

/// <summary>A message for one entity of a region.</summary>
internal interface IEntityMessage
{
    /// <summary>The entity's name within its region.</summary>
    string EntityId { get; }
}

/// <summary>Places entities by the hash of their names; the number of shards is fixed for the life of a data set.</summary>
internal sealed class EntityPlaces(int shards) : HashCodeMessageExtractor(shards)
{
    public override string? EntityId(object message) => (message as IEntityMessage)?.EntityId;
}

/// <summary>Where the owners of state are reached from this node; set once the regions have started.</summary>
internal sealed class Owners
{
    /// <summary>One entity a query: cursor and slots.</summary>
    public IActorRef Queries { get; set; } = ActorRefs.Nobody;

    /// <summary>One entity a host: pace, robots.txt, what is to be fetched there.</summary>
    public IActorRef Hosts { get; set; } = ActorRefs.Nobody;

    /// <summary>One entity a host: its pages that are to be visited. And one a list: how far it is read.</summary>
    public IActorRef Frontiers { get; set; } = ActorRefs.Nobody;

    /// <summary>One entity a range of uids.</summary>
    public IActorRef Claims { get; set; } = ActorRefs.Nobody;

    /// <summary>One entity a range of the pictures: what is kept, by bytes, pixels and look.</summary>
    public IActorRef Copies { get; set; } = ActorRefs.Nobody;

    /// <summary>The one ledger.</summary>
    public IActorRef Ledger { get; set; } = ActorRefs.Nobody;

    /// <summary>The one coordinator of the run.</summary>
    public IActorRef Run { get; set; } = ActorRefs.Nobody;

    /// <summary>This node's own staging.</summary>
    public IActorRef Staging { get; set; } = ActorRefs.Nobody;

    /// <summary>Asks how the candidates of a job get on; the answers are <see cref="Jobs.JobNews"/> to its owner.</summary>
    public void Check(Jobs.JobRef job, IEnumerable<PairUid> uids)
    {
        foreach (var range in uids.GroupBy(ClaimRange.RangeOf))
            Claims.Tell(new ClaimRange.Check(range.Key, job, [.. range]));
    }

    /// <summary>Says that these candidates are still being worked on.</summary>
    public void Renew(IEnumerable<PairUid> uids)
    {
        foreach (var range in uids.GroupBy(ClaimRange.RangeOf))
            Claims.Tell(new ClaimRange.Renew(range.Key, [.. range]));
    }

    /// <summary>Tells the owner of a job.</summary>
    public void Tell(Jobs.JobNews news) => (news.Job.Kind == Jobs.JobKind.Visit ? Frontiers : Queries).Tell(news);
}
