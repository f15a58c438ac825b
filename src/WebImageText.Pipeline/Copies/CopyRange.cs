using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Copies;

/// <summary>These pictures are in a commit, or will be in a moment. Without a commit: a range has been opened.</summary>
internal sealed record PicturesConfirmed(string Commit, ImmutableArray<PictureOf> Pictures);

/// <summary>
/// Sole owner of one range of the pictures. What it holds follows from the committed shards, which it reads when it starts, and
/// from the pictures it has confirmed for commits that are not published yet: these are events, and go with the publication.
/// </summary>
internal sealed class CopyRange : ReceivePersistentActor, IWithTimers
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReviewEvery = TimeSpan.FromMilliseconds(50);

    private readonly int _range;
    private readonly Owners _owners;
    private readonly CommittedPictures _committed;
    private readonly NearRanges _near;
    private readonly CopyTable _table;
    private readonly Dictionary<PictureOf, List<IActorRef>> _looking = [];
    private readonly List<Confirming> _confirming = [];
    private readonly Dictionary<string, (long Event, ImmutableArray<PictureOf> Pictures)> _confirmed = [];
    private bool _isAsking;

    /// <summary>Is it a copy? Answered with <see cref="LookAnswer"/>; if not, the picture now belongs to the pair.</summary>
    public sealed record Look(PairUid Uid, PictureKeys Keys) : IEntityMessage
    {
        public string EntityId => CopyTable.NameOf(Keys.Home);
    }

    /// <summary>Why it is dropped, or null.</summary>
    public sealed record LookAnswer(Drop? Drop);

    /// <summary>Are these still no copies? Answered with <see cref="ConfirmAnswer"/>, and those that are not stay held whatever dies.</summary>
    public sealed record Confirm(string EntityId, string Commit, IReadOnlyList<PictureOf> Pictures) : IEntityMessage;

    /// <summary>
    /// These were dropped as copies: are they still? Answered with <see cref="ConfirmAnswer"/>. Those that are not keep a place, so
    /// that whoever does their work again finds it free.
    /// </summary>
    public sealed record Recheck(string EntityId, IReadOnlyList<PictureOf> Pictures) : IEntityMessage;

    /// <summary>Those that are copies.</summary>
    public sealed record ConfirmAnswer(IReadOnlyList<Copy> Copies);

    /// <summary>A pair that is dropped, and why.</summary>
    /// <param name="Uid">The pair.</param>
    /// <param name="Drop">Why.</param>
    /// <param name="Of">The pair that it is a copy of.</param>
    public sealed record Copy(PairUid Uid, Drop Drop, PairUid Of);

    /// <summary>The commit's pictures can be read from its shard. Answered with the message itself.</summary>
    /// <param name="EntityId">The range.</param>
    /// <param name="Commit">Name of the commit.</param>
    /// <param name="Rejected">Its rejections: what is held for one of them, from a time when it was to be kept, is free.</param>
    public sealed record Published(string EntityId, string Commit, IReadOnlyList<PairUid> Rejected) : IEntityMessage;

    /// <summary>Nobody works on these pairs any more: what is held for them, and is in no commit, is free.</summary>
    public sealed record Forget(string EntityId, IReadOnlyList<PairUid> Uids) : IEntityMessage;

    /// <summary>The range will be asked soon: it may read what it holds.</summary>
    public sealed record Wake(string EntityId) : IEntityMessage;

    private sealed record LoadAgain
    {
        public static LoadAgain Instance { get; } = new();
    }

    private sealed record Loaded(IReadOnlyList<PictureOf> Pictures);

    private sealed record AskNow
    {
        public static AskNow Instance { get; } = new();
    }

    private sealed record Review
    {
        public static Review Instance { get; } = new();
    }

    public CopyRange(string range, Owners owners, CommittedPictures committed, NearRanges near)
    {
        _range = int.Parse(range, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        (_owners, _committed, _near) = (owners, committed, near);
        _table = new(_range, near.Looks);
        Recover<PicturesConfirmed>(Apply);
        Recover<RecoveryCompleted>(_ => Load());
        Loading();
    }

    // The first one has the name that the index had when it was one: what its journal holds, wherever it is at home, is asked about there.
    public override string PersistenceId => _range == 0 ? "copies" : $"copies-{CopyTable.NameOf(_range)}";

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PostStop()
    {
        _near.Close(_range, _table);
        base.PostStop();
    }

    private void Loading()
    {
        Command<Loaded>(loaded =>
        {
            foreach (var picture in loaded.Pictures)
                _table.Hold(picture);
            // Its number in the journal is taken: one that opened before, and still lives on a node that is out of reach, confirms nothing more.
            Persist(new PicturesConfirmed("", []), _ =>
            {
                _near.Open(_range, _table);
                Become(Working);
                Stash.UnstashAll();
            });
        });
        Command<Status.Failure>(failed =>
        {
            Context.GetLogger().Warning(failed.Cause, "the pictures of the data set cannot be read yet");
            Timers.StartSingleTimer(nameof(LoadAgain), LoadAgain.Instance, RetryAfter);
        });
        Command<LoadAgain>(_ => Load());
        CommandAny(_ => Stash.Stash());
    }

    private void Load() => _committed.ReadAsync(_range).PipeTo(Self, success: pictures => new Loaded(pictures));

    private void Working()
    {
        Command<Look>(OnLook);
        Command<Confirm>(confirm => Begin(new(confirm.Commit, Sender), confirm.Pictures));
        Command<Recheck>(recheck => Begin(new(null, Sender), recheck.Pictures));
        Command<CopyQuestion>(question => Sender.Tell(_table.Answer(question)));
        Command<CopyFindings>(findings =>
        {
            _table.Hear(findings);
            Settle();
        });
        Command<AskNow>(_ => Ask());
        Command<Review>(_ =>
        {
            _table.Review();
            Ask();
        });
        Command<Published>(OnPublished);
        Command<Forget>(forget => _table.Forget(forget.Uids));
        Command<Wake>(_ => { });
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(failed => Context.GetLogger().Warning(failed.Cause, "old events of the pictures stay"));
    }

    private void OnLook(Look look)
    {
        var picture = new PictureOf(look.Uid, look.Keys);
        if (_table.Knows(picture, out var copy))
        {
            Sender.Tell(new LookAnswer(copy?.ToDrop()));
            return;
        }
        if (!_looking.TryGetValue(picture, out var askers))
            _looking[picture] = askers = [];
        askers.Add(Sender);
        Begin(picture);
    }

    private void Begin(Confirming confirming, IReadOnlyList<PictureOf> pictures)
    {
        foreach (var picture in pictures)
        {
            if (_table.Knows(picture, out var copy))
            {
                confirming.Take(new(picture, copy));
                continue;
            }
            confirming.WaitFor(picture);
            Begin(picture);
        }
        _confirming.Add(confirming);
        End();
    }

    private void Begin(PictureOf picture)
    {
        _table.Begin(picture);
        if (_isAsking)
            return;
        // What has come meanwhile goes with it: one message to each range, however many pictures.
        _isAsking = true;
        Self.Tell(AskNow.Instance);
    }

    private void Ask()
    {
        _isAsking = false;
        foreach (var (range, question) in _table.Ask())
        {
            if (_near.Answer(range, question) is { } findings)
                _table.Hear(findings);
            else
                _owners.Copies.Tell(question, Self);
        }
        Settle();
        if (_table.Open > 0 && !Timers.IsTimerActive(nameof(Review)))
            Timers.StartSingleTimer(nameof(Review), Review.Instance, ReviewEvery);
    }

    private void Settle()
    {
        var decisions = _table.Decide();
        if (decisions.Count == 0)
            return;
        foreach (var decision in decisions)
        {
            if (_looking.Remove(decision.Picture, out var askers))
                askers.ForEach(asker => asker.Tell(new LookAnswer(decision.Of?.ToDrop())));
            foreach (var confirming in _confirming)
                confirming.Hear(decision);
        }
        End();
    }

    private void End()
    {
        var ended = _confirming.Where(confirming => confirming.IsDecided).ToList();
        _confirming.RemoveAll(confirming => confirming.IsDecided);
        foreach (var asked in ended.Where(confirming => confirming.Kept is null))
            asked.Asker.Tell(new ConfirmAnswer(asked.Copies));
        var kept = new Queue<Confirming>(ended.Where(confirming => confirming.Kept is not null));
        if (kept.Count == 0)
            return;
        PersistAll(kept.Select(confirming => confirming.Kept!).ToList(), confirmed =>
        {
            _confirmed[confirmed.Commit] = (LastSequenceNr, confirmed.Pictures);
            var confirming = kept.Dequeue();
            confirming.Asker.Tell(new ConfirmAnswer(confirming.Copies));
        });
    }

    // Events go up to the oldest commit that is not published.
    private void OnPublished(Published published)
    {
        _table.Forget(published.Rejected);
        Sender.Tell(published);
        if (!_confirmed.Remove(published.Commit, out var done))
            return;
        var rejected = published.Rejected.ToHashSet();
        foreach (var picture in done.Pictures.Where(picture => !rejected.Contains(picture.Uid)))
            _table.Hold(picture);
        var upTo = _confirmed.Count == 0 ? done.Event : Math.Min(done.Event, _confirmed.Values.Min(open => open.Event) - 1);
        if (upTo > 0)
            DeleteMessages(upTo);
    }

    private void Apply(PicturesConfirmed confirmed)
    {
        foreach (var picture in confirmed.Pictures)
            _table.Promise(picture);
        if (confirmed.Commit.Length > 0)
            _confirmed[confirmed.Commit] = (LastSequenceNr, confirmed.Pictures);
    }
}
