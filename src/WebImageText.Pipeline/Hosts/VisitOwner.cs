using Akka.Actor;
using Akka.Persistence;
using WebImageText.Pipeline.Flow;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Runs;

namespace WebImageText.Pipeline.Hosts;

/// <summary>What owners of jobs of the kind <see cref="JobKind.Visit"/> have in common: they tell the run how they get on, and look after what they wait for.</summary>
internal abstract class VisitOwner : ReceivePersistentActor, IWithTimers
{
    private WorkState _told = WorkState.Unknown;

    protected VisitOwner(string id, NodeParts node)
    {
        (Id, Node) = (id, node);
        Command<FrontierEntity.Wake>(_ =>
        {
            _told = WorkState.Unknown;
            Advance();
        });
        // Messages get lost with nodes and while entities move. What is waited for is asked after, now and then.
        Command<Look>(_ =>
        {
            if (Node.MayLookAfter)
                LookAfter();
        });
        SetReceiveTimeout(Patience.IdleTime);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Name of the entity.</summary>
    protected string Id { get; }

    protected NodeParts Node { get; }

    /// <summary>Goes on with whatever can be gone on with, and says how it stands.</summary>
    protected abstract void Advance();

    /// <summary>Asks after what it waits for.</summary>
    protected abstract void LookAfter();

    protected override void PreStart()
    {
        base.PreStart();
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, Patience.LookEvery);
    }

    /// <summary>The run is told what it does not know yet.</summary>
    protected void Say(WorkState state)
    {
        if (state != _told)
            SayAgain(state);
    }

    protected void SayAgain(WorkState state)
    {
        _told = state;
        Node.Owners.Run.Tell(new RunCoordinator.FrontierIs(Id, state));
    }
}
