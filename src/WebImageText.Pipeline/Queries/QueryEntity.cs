using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using WebImageText.Crawl.Providers;
using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Flow;
using WebImageText.Pipeline.Hosts;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Pipeline.Runs;
using WebImageText.Pipeline.Staging;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Queries;

/// <summary>
/// Sole owner of one query: where it stands with each provider, and the slots of its pairs. It asks for the next page of
/// results once every candidate of the last one has a durable verdict, and stops asking when it is full.
/// </summary>
internal sealed class QueryEntity : ReceivePersistentActor, IWithTimers
{
    private readonly NodeParts _node;
    private readonly Expansion _expansion = new();
    private readonly Dictionary<PairUid, Work> _waiting = [];
    private QuerySlots? _slots;
    private Query _query = null!;
    private bool _started;
    private bool _inside;
    private WorkState _told = WorkState.Unknown;

    /// <summary>Begin, or go on, with the query.</summary>
    public sealed record Start(QueryId Query) : ToQuery(Query);

    /// <summary>A pair of this query wants a slot; answered with the query's <see cref="Room"/>.</summary>
    public sealed record Offer(QueryId Query, Work Work) : ToQuery(Query);

    /// <summary>The pair is durable on its node.</summary>
    public sealed record Staged(QueryId Query, PairUid Uid) : ToQuery(Query);

    /// <summary>The pair is dropped.</summary>
    public sealed record Free(QueryId Query, PairUid Uid) : ToQuery(Query);

    /// <summary>The pairs are in a committed shard, and the query owns so many in all.</summary>
    public sealed record Committed(QueryId Query, IReadOnlyList<PairUid> Uids, int Count) : ToQuery(Query);

    /// <summary>Slots that a new pair could take.</summary>
    /// <param name="Query">Which.</param>
    /// <param name="Slots">How many.</param>
    /// <param name="IsFinal">All are used up by committed pairs: there will never be more.</param>
    public sealed record Room(QueryId Query, int Slots, bool IsFinal);

    public abstract record ToQuery(QueryId Query) : IEntityMessage
    {
        public string EntityId => Query.ToString();
    }

    private sealed record Answered(string Job, ProviderPage Page);

    private sealed record Entered
    {
        public static Entered Instance { get; } = new();
    }

    public QueryEntity(string row, NodeParts node)
    {
        _node = node;
        PersistenceId = $"query-{row}";
        _query = node.Queries[int.Parse(row, System.Globalization.CultureInfo.InvariantCulture)];
        Recover<Advanced>(_expansion.Apply);
        Recover<RecoveryCompleted>(_ => _node.Owners.Ledger.Tell(new Ledger.AskCount(_query.Id)));
        Counting();
    }

    public override string PersistenceId { get; }

    /// <summary>The query's name at the gate.</summary>
    public static string NameOf(QueryId query) => $"query {query}";

    public ITimerScheduler Timers { get; set; } = null!;

    // Slots are given only once the ledger has said how many are used up.
    private void Counting()
    {
        Command<Ledger.Count>(count =>
        {
            _slots = new(_node.Options.Cap, count.Pairs);
            Become(Working);
            Timers.StartPeriodicTimer(nameof(Look), Look.Instance, Patience.LookEvery);
            SetReceiveTimeout(Patience.IdleTime);
            Stash.UnstashAll();
            Timers.Cancel(nameof(Ledger.AskCount));
        });
        Command<Ledger.AskCount>(ask => _node.Owners.Ledger.Tell(ask));
        CommandAny(_ => Stash.Stash());
        Timers?.StartPeriodicTimer(nameof(Ledger.AskCount), new Ledger.AskCount(_query.Id), TimeSpan.FromSeconds(5));
    }

    private void Working()
    {
        Command<Start>(_ =>
        {
            _started = true;
            _told = WorkState.Unknown;
            Advance();
        });
        Command<Offer>(OnOffer);
        Command<Staged>(staged => Settle(() => _slots!.Stage(staged.Uid)));
        Command<Free>(free => Settle(() => _slots!.Free(free.Uid)));
        Command<Committed>(committed => Settle(() => _slots!.Commit(committed.Uids, committed.Count)));
        Command<JobNews>(OnNews);
        Command<Entered>(_ => Search());
        Command<Answered>(OnAnswered);
        Command<Ledger.Count>(count => Settle(() => _slots!.Recount(count.Pairs)));
        Command<Look>(_ => LookAfter());
        Command<ReceiveTimeout>(_ =>
        {
            if (_expansion.IsSettled && !_inside && !_slots!.Held.Any())
                Context.Parent.Tell(new Passivate(PoisonPill.Instance));
        });
    }

    private void OnNews(JobNews news)
    {
        if (news.Job.Kind != JobKind.Slots)
        {
            _expansion.Learn(news);
            Advance();
        }
        else if (news.State is ClaimState.Unknown or ClaimState.Settled)
        {
            // Whoever held the slot is lost, or done and the word of it was lost: the ledger says what is used up.
            Settle(() => _slots!.Free(news.Uid));
            if (news.State == ClaimState.Settled)
                _node.Owners.Ledger.Tell(new Ledger.AskCount(_query.Id));
        }
    }

    // Messages get lost with nodes and while entities move. What is waited for is asked after, now and then.
    private void LookAfter()
    {
        if (!_node.MayLookAfter)
            return;
        foreach (var (job, uids) in _expansion.Unsettled)
            _node.Owners.Check(new(JobKind.Search, _query.Id.ToString(), job), uids);
        _node.Owners.Check(new(JobKind.Slots, _query.Id.ToString(), ""), _slots!.Held);
        _node.Owners.Renew(_waiting.Keys);
        foreach (var (job, provider, cursor) in _expansion.Again(_node.Clock.GetUtcNow()))
            Find(job, _node.Provider(provider)!, cursor);
    }

    // The answer goes out before the pair does: in a replay it must be there when the next pair chooses its query.
    private void OnOffer(Offer offer)
    {
        var answer = _slots!.Offer(offer.Work.Uid);
        Sender.Tell(new Room(_query.Id, _slots.Room, _slots.Committed >= _node.Options.Cap));
        switch (answer)
        {
            case SlotAnswer.Granted:
                Fetch(offer.Work);
                break;
            case SlotAnswer.Wait:
                _waiting[offer.Work.Uid] = offer.Work;
                break;
            default:
                TurnAway(offer.Work);
                break;
        }
    }

    private void Settle(Action change)
    {
        change();
        while (_slots!.NextAnswer() is var (uid, answer))
        {
            if (!_waiting.Remove(uid, out var work))
                continue;
            if (answer == SlotAnswer.Granted)
                Fetch(work);
            else
                TurnAway(work);
        }
        Advance();
    }

    private void Fetch(Work work) => _node.SendForImage(work with { Match = work.Match! with { Owner = _query }, Others = [] });

    private void TurnAway(Work work)
    {
        if (work.Others.Count > 0)
            _node.Owners.Queries.Tell(new Offer(work.Others[0], work with { Others = [.. work.Others.Skip(1)] }), Sender);
        else
            _node.Owners.Staging.Tell(new Stager.Take(_node.Reject(work, new(DropReason.QueryFull, $"'{_query.Text}' owns {_node.Options.Cap} pairs"))));
    }

    private void Advance()
    {
        if (_expansion.Settled() is { Count: > 0 } settled)
            PersistAllAsync(settled, _ => { });
        if (!_started || _node.Stopping.IsCancellationRequested)
            return;
        if (_inside && _expansion.IsQuiet)
        {
            _node.Gate.Leave();
            _inside = false;
        }
        var wantsMore = !_slots!.IsFull && _expansion.Next(_node.Searched) is not null;
        if (wantsMore && _expansion.IsQuiet && !_inside)
        {
            _inside = true;
            _node.Gate.EnterAsync(NameOf(_query.Id), _node.Stopping).PipeTo(Self, success: () => Entered.Instance, failure: _ => Entered.Instance);
        }
        Say(wantsMore || !_expansion.IsQuiet ? WorkState.Busy
            : !_expansion.IsSettled ? WorkState.Quiet
            : _expansion.HasFailed ? WorkState.Failed : WorkState.Done);
    }

    private void Say(WorkState state)
    {
        if (state == _told)
            return;
        _told = state;
        _node.Owners.Run.Tell(new RunCoordinator.QueryIs(_query.Id, state));
    }

    private void Search()
    {
        if (_node.Stopping.IsCancellationRequested || _expansion.Next(_node.Searched) is not var (provider, cursor))
            return;
        Find(_expansion.Open(provider.Traits.Name, cursor), provider, cursor);
    }

    private void Find(string job, IProvider provider, string? cursor) =>
        provider.FindAsync(_query, cursor, new ProviderWeb(_node, provider.Traits.Name, PersistenceId).FetchAsync, _node.Stopping)
            .PipeTo(Self, success: page => new Answered(job, page), failure: cause => new Answered(job, ProviderPage.Failed(cause.Message)));

    private void OnAnswered(Answered answered)
    {
        if (_node.Stopping.IsCancellationRequested || _expansion.Find(answered.Job) is not var (provider, _))
            return;
        var page = answered.Page;
        if (page.Fault is { } fault)
        {
            Context.GetLogger().Warning("{0}, query '{1}': {2}", provider, _query.Text, fault);
            _node.Owners.Run.Tell(new RunCoordinator.ProviderFailed(provider, _query.Id, fault));
            _expansion.Fail(answered.Job);
        }
        else
        {
            var job = new JobRef(JobKind.Search, _query.Id.ToString(), answered.Job);
            _expansion.Answer(answered.Job, page.Next, page.Candidates.Select(candidate => candidate.Uid), [], _node.Clock.GetUtcNow());
            foreach (var candidate in page.Candidates)
                _node.Desk.Consider(job, candidate);
        }
        Advance();
    }

    protected override void PostStop()
    {
        if (_inside)
            _node.Gate.Leave();
        base.PostStop();
    }
}
