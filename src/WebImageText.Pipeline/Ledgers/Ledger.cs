using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using WebImageText.Pipeline.Queries;
using WebImageText.Pipeline.Staging;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Ledgers;

/// <summary>
/// The one place where a commit is decided: a single event that names its pairs. Caps are enforced here, whatever was
/// granted before; every count of committed pairs comes from here.
/// </summary>
internal sealed class Ledger : ReceivePersistentActor, IWithTimers
{
    private const int SnapshotEvery = 500;

    private static readonly TimeSpan PublishAfter = TimeSpan.FromMinutes(2);

    private readonly int _cap;
    private readonly Owners _owners;
    private readonly CommitFiles _files;
    private readonly TimeProvider _clock;
    private LedgerState _state = new();

    /// <summary>Wants numbers for a commit; the answer is <see cref="Opened"/>, or <see cref="Decision"/> if it is decided already.</summary>
    public sealed record Open(string Commit, ImmutableDictionary<int, int> PairsByQuery, bool HasRejections);

    /// <summary>The numbers, and for each query how many of the pairs are too many.</summary>
    public sealed record Opened(int? Shard, int? Rejected, ImmutableDictionary<int, int> Excess);

    /// <summary>Decides a commit whose files are staged; the answer is <see cref="Decision"/> or <see cref="Refused"/>.</summary>
    public sealed record Decide(ShardCommitted Event);

    /// <summary>The commit must be opened anew.</summary>
    public sealed record Refused(string Why);

    /// <summary>The files of the commit are visible; the answer is the message itself.</summary>
    public sealed record Publish(string Commit);

    /// <summary>Is it decided? Answered with <see cref="Decision"/> if so, not at all while it is open.</summary>
    public sealed record Ask(string Commit);

    /// <summary>What was decided.</summary>
    public sealed record Decision(string Commit, bool Committed, CommitSummary? Summary);

    /// <summary>How many pairs does the query own? Answered with <see cref="Count"/>.</summary>
    public sealed record AskCount(QueryId Query);

    /// <summary>Committed pairs that the query owns.</summary>
    public sealed record Count(QueryId Query, int Pairs);

    /// <summary>All commits; answered with <see cref="History"/>.</summary>
    public sealed record AskHistory
    {
        public static AskHistory Instance { get; } = new();
    }

    /// <summary>All commits in their order.</summary>
    public sealed record History(ImmutableArray<CommitSummary> Commits);

    private sealed record PublishOthers
    {
        public static PublishOthers Instance { get; } = new();
    }

    public Ledger(int cap, Owners owners, CommitFiles files, TimeProvider clock)
    {
        (_cap, _owners, _files, _clock) = (cap, owners, files, clock);
        Recover<ShardCommitted>(committed => _state.Apply(committed));
        Recover<ShardPublished>(published => _state.Apply(published));
        Recover<SnapshotOffer>(offer => _state = LedgerState.From((LedgerSnapshot)offer.Snapshot));
        Command<Open>(OnOpen);
        Command<Decide>(OnDecide);
        Command<Publish>(OnPublish);
        Command<PublishOthers>(_ => OnPublishOthers());
        Command<Ask>(ask =>
        {
            if (_state.Find(ask.Commit) is { } summary)
                Sender.Tell(new Decision(ask.Commit, Committed: true, summary));
        });
        Command<AskCount>(ask => Sender.Tell(new Count(ask.Query, _state.CountOf(ask.Query))));
        Command<AskHistory>(_ => Sender.Tell(new History([.. _state.Commits])));
        Command<Status.Failure>(failed => Context.GetLogger().Warning(failed.Cause, "files of a commit are not visible yet"));
        Command<SaveSnapshotSuccess>(_ => { });
        Command<SaveSnapshotFailure>(failed => Context.GetLogger().Warning(failed.Cause, "no snapshot of the ledger"));
    }

    public override string PersistenceId => "ledger";

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        base.PreStart();
        Timers.StartPeriodicTimer(nameof(PublishOthers), PublishOthers.Instance, PublishAfter);
    }

    // A node that died between the decision and the publication left its files in the store: anyone can make them visible.
    private void OnPublishOthers()
    {
        var self = Self;
        foreach (var commit in _state.Unpublished.Where(commit => commit.At < _clock.GetUtcNow() - PublishAfter))
            _files.PublishAsync(commit.Shard, commit.Rejected, commit.Token).PipeTo(self, success: () => new Publish(commit.Commit));
    }

    private void OnOpen(Open open)
    {
        if (_state.Find(open.Commit) is { } summary)
        {
            Sender.Tell(new Decision(open.Commit, Committed: true, summary));
            return;
        }
        var (shard, rejected, excess) = _state.Open(open.Commit, open.PairsByQuery, open.HasRejections, _cap);
        Sender.Tell(new Opened(shard, rejected, excess.ToImmutableDictionary()));
    }

    private void OnDecide(Decide decide)
    {
        var asker = Sender;
        if (_state.Find(decide.Event.Commit) is { } known)
            asker.Tell(new Decision(known.Commit, Committed: true, known));
        else if (_state.Objection(decide.Event, _cap) is { } objection)
            asker.Tell(new Refused(objection));
        else
        {
            Persist(decide.Event, committed =>
            {
                _state.Apply(committed);
                asker.Tell(new Decision(committed.Commit, Committed: true, _state.Find(committed.Commit)));
                foreach (var owned in committed.Pairs.Where(pair => pair.Query >= 0).GroupBy(pair => new QueryId(pair.Query)))
                    _owners.Queries.Tell(new QueryEntity.Committed(owned.Key, [.. owned.Select(pair => pair.Uid)], _state.CountOf(owned.Key)));
                SnapshotNowAndThen();
            });
        }
    }

    private void OnPublish(Publish publish)
    {
        var asker = Sender;
        Persist(new ShardPublished(publish.Commit), published =>
        {
            _state.Apply(published);
            asker.Tell(publish);
            SnapshotNowAndThen();
        });
    }

    private void SnapshotNowAndThen()
    {
        if (LastSequenceNr % SnapshotEvery == 0)
            SaveSnapshot(_state.ToSnapshot());
    }
}
