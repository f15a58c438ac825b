using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Claims;

/// <summary>Sole owner of the claims of one range of uids; tells every job that asked how its candidates get on.</summary>
internal sealed class ClaimRange : ReceivePersistentActor, IWithTimers
{
    /// <summary>Ranges of a data set; fixed, because they are part of the names in the journal.</summary>
    public const int Ranges = 16;

    private const int SnapshotEvery = 200;
    private static readonly TimeSpan AskLedgerEvery = TimeSpan.FromSeconds(30);

    private readonly Owners _owners;
    private readonly TimeProvider _clock;
    private readonly ClaimTable _table = new();
    private readonly Dictionary<PairUid, HashSet<JobRef>> _waiting = [];

    /// <summary>May the job's candidate be worked on? The answer is a <see cref="ClaimAnswer"/>; news of it follow to the job.</summary>
    public sealed record Claim(PairUid Uid, JobRef Job) : IEntityMessage
    {
        public string EntityId => RangeOf(Uid);
    }

    /// <summary>Granted where the state before was unknown.</summary>
    public sealed record ClaimAnswer(PairUid Uid, bool Granted);

    /// <summary>Candidates of this range are still being worked on.</summary>
    public sealed record Renew(string EntityId, IReadOnlyList<PairUid> Uids) : IEntityMessage;

    /// <summary>How do the job's candidates get on? News of all but those that are being worked on follow to the job.</summary>
    public sealed record Check(string EntityId, JobRef Job, IReadOnlyList<PairUid> Uids) : IEntityMessage;

    /// <summary>Verdicts of this range are durable on a node.</summary>
    public sealed record Stage(string EntityId, IReadOnlyList<PairUid> Uids) : IEntityMessage;

    /// <summary>Verdicts of this range came to nothing: their candidates are to be worked on anew.</summary>
    public sealed record Free(string EntityId, IReadOnlyList<PairUid> Uids) : IEntityMessage;

    /// <summary>How far have these come? Answered with <see cref="Progress"/>.</summary>
    public sealed record AskProgress(string EntityId, IReadOnlyList<PairUid> Uids) : IEntityMessage;

    /// <summary>Those that are settled, and those that nobody works on; the others are under way.</summary>
    public sealed record Progress(IReadOnlyList<PairUid> Settled, IReadOnlyList<PairUid> Unknown);

    /// <summary>A commit wants to name these uids; the answer is <see cref="PrepareAnswer"/>.</summary>
    public sealed record Prepare(string EntityId, string Commit, IReadOnlyList<PairUid> Uids) : IEntityMessage;

    /// <summary>The uids that it may not name; all others are held for it.</summary>
    public sealed record PrepareAnswer(IReadOnlyList<PairUid> Conflicts);

    /// <summary>The ledger has decided; the answer is <see cref="Resolved"/>.</summary>
    public sealed record Resolve(string EntityId, string Commit, bool Committed) : IEntityMessage;

    /// <summary>The decision is taken over.</summary>
    public sealed record Resolved(string Commit);

    private sealed record AskLedger
    {
        public static AskLedger Instance { get; } = new();
    }

    public ClaimRange(string range, Owners owners, TimeProvider clock)
    {
        (_owners, _clock) = (owners, clock);
        PersistenceId = $"claims-{range}";
        Recover<ClaimsPrepared>(prepared => _table.Prepare(prepared.Commit, prepared.Uids, Now));
        Recover<ClaimsResolved>(resolved => _table.Resolve(resolved.Commit, resolved.Committed, Now));
        Recover<SnapshotOffer>(offer => Restore((ClaimsSnapshot)offer.Snapshot));
        Command<Claim>(OnClaim);
        Command<Stage>(OnStage);
        Command<Renew>(renew =>
        {
            foreach (var uid in renew.Uids)
                _table.Renew(uid, Now);
        });
        Command<Free>(free =>
        {
            foreach (var uid in free.Uids.Where(_table.Free))
                Tell(uid);
        });
        Command<AskProgress>(ask => Sender.Tell(new Progress(
            [.. ask.Uids.Where(uid => _table.StateOf(uid, Now) == ClaimState.Settled)],
            [.. ask.Uids.Where(uid => _table.StateOf(uid, Now) == ClaimState.Unknown)])));
        Command<Check>(OnCheck);
        Command<Prepare>(OnPrepare);
        Command<Resolve>(OnResolve);
        Command<AskLedger>(_ => OnAskLedger());
        Command<Ledger.Decision>(decision => Decide(decision.Commit, decision.Committed, ActorRefs.Nobody));
        Command<SaveSnapshotSuccess>(saved => DeleteMessages(saved.Metadata.SequenceNr));
        Command<SaveSnapshotFailure>(failed => Context.GetLogger().Warning(failed.Cause, "no snapshot of {0}", PersistenceId));
        Command<DeleteMessagesSuccess>(_ => { });
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    private DateTimeOffset Now => _clock.GetUtcNow();

    public static string RangeOf(PairUid uid) => ((int)(uid.Value >> 124)).ToString("x", System.Globalization.CultureInfo.InvariantCulture);

    protected override void PreStart()
    {
        base.PreStart();
        // A commit whose node died between its preparation and its end is decided by the ledger, which alone knows.
        Timers.StartPeriodicTimer(nameof(AskLedger), AskLedger.Instance, TimeSpan.FromSeconds(1), AskLedgerEvery);
    }

    private void OnClaim(Claim claim)
    {
        var before = _table.Claim(claim.Uid, Now);
        var granted = before == ClaimState.Unknown;
        if (before != ClaimState.Settled)
            Waiting(claim.Uid).Add(claim.Job);
        if (!granted && before != ClaimState.Open)
            _owners.Tell(new JobNews(claim.Job, claim.Uid, before));
        Sender.Tell(new ClaimAnswer(claim.Uid, granted));
    }

    private void OnCheck(Check check)
    {
        foreach (var uid in check.Uids)
        {
            var state = _table.StateOf(uid, Now);
            if (state is not (ClaimState.Settled or ClaimState.Unknown))
                Waiting(uid).Add(check.Job);
            if (state != ClaimState.Open)
                _owners.Tell(new JobNews(check.Job, uid, state));
        }
    }

    private void OnStage(Stage stage)
    {
        foreach (var uid in stage.Uids)
        {
            _table.Stage(uid, Now);
            Tell(uid);
        }
    }

    private void OnPrepare(Prepare prepare)
    {
        var conflicts = _table.Conflicts(prepare.Commit, prepare.Uids);
        var held = conflicts.Count == 0 ? prepare.Uids : [.. prepare.Uids.Except(conflicts)];
        var asker = Sender;
        Persist(new ClaimsPrepared(prepare.Commit, [.. held]), prepared =>
        {
            _table.Prepare(prepared.Commit, prepared.Uids, Now);
            asker.Tell(new PrepareAnswer(conflicts));
        });
    }

    private void OnResolve(Resolve resolve)
    {
        if (_table.Undecided.Contains(resolve.Commit))
            Decide(resolve.Commit, resolve.Committed, Sender);
        else
            Sender.Tell(new Resolved(resolve.Commit));
    }

    private void Decide(string commit, bool committed, IActorRef asker)
    {
        if (!_table.Undecided.Contains(commit))
            return;
        Persist(new ClaimsResolved(commit, committed), resolved =>
        {
            foreach (var uid in _table.Resolve(resolved.Commit, resolved.Committed, Now))
                Tell(uid);
            asker.Tell(new Resolved(commit));
            if (LastSequenceNr % SnapshotEvery == 0)
                SaveSnapshot(new ClaimsSnapshot([.. _table.Settled], [.. _table.Prepared.Select(entry => new ClaimsPrepared(entry.Key, [.. entry.Value]))]));
        });
    }

    private void OnAskLedger()
    {
        foreach (var commit in _table.Undecided)
            _owners.Ledger.Tell(new Ledger.Ask(commit));
    }

    private void Tell(PairUid uid)
    {
        if (!_waiting.TryGetValue(uid, out var jobs))
            return;
        var state = _table.StateOf(uid, Now);
        foreach (var job in jobs)
            _owners.Tell(new JobNews(job, uid, state));
        if (state == ClaimState.Settled)
            _waiting.Remove(uid);
    }

    private HashSet<JobRef> Waiting(PairUid uid)
    {
        if (!_waiting.TryGetValue(uid, out var jobs))
            _waiting[uid] = jobs = [];
        return jobs;
    }

    private void Restore(ClaimsSnapshot snapshot)
    {
        _table.Restore(snapshot.Settled);
        foreach (var prepared in snapshot.Prepared)
            _table.Prepare(prepared.Commit, prepared.Uids, Now);
    }
}
