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
    private readonly Dictionary<string, long> _confirmed = [];
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

    /// <summary>Those that are copies.</summary>
    public sealed record ConfirmAnswer(IReadOnlyList<Copy> Copies);

    /// <summary>A pair that is dropped, and why.</summary>
    public sealed record Copy(PairUid Uid, Drop Drop);

    /// <summary>The commit's pictures can be read from its shard.</summary>
    public sealed record Published(string EntityId, string Commit) : IEntityMessage;

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
        Command<Confirm>(OnConfirm);
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
        Command<Wake>(_ => { });
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(failed => Context.GetLogger().Warning(failed.Cause, "old events of the pictures stay"));
    }

    private void OnLook(Look look)
    {
        var picture = new PictureOf(look.Uid, look.Keys);
        if (_table.Knows(picture, out var drop))
        {
            Sender.Tell(new LookAnswer(drop));
            return;
        }
        if (!_looking.TryGetValue(picture, out var askers))
            _looking[picture] = askers = [];
        askers.Add(Sender);
        Begin(picture);
    }

    private void OnConfirm(Confirm confirm)
    {
        var confirming = new Confirming(confirm.Commit, Sender);
        foreach (var picture in confirm.Pictures)
        {
            if (_table.Knows(picture, out var drop))
            {
                confirming.Take(new(picture, drop));
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
                askers.ForEach(asker => asker.Tell(new LookAnswer(decision.Drop)));
            foreach (var confirming in _confirming)
                confirming.Hear(decision);
        }
        End();
    }

    private void End()
    {
        var ended = new Queue<Confirming>(_confirming.Where(confirming => confirming.IsDecided));
        if (ended.Count == 0)
            return;
        _confirming.RemoveAll(confirming => confirming.IsDecided);
        PersistAll(ended.Select(confirming => confirming.Kept).ToList(), confirmed =>
        {
            _confirmed[confirmed.Commit] = LastSequenceNr;
            var confirming = ended.Dequeue();
            confirming.Asker.Tell(new ConfirmAnswer(confirming.Copies));
        });
    }

    // Events go up to the oldest commit that is not published.
    private void OnPublished(Published published)
    {
        if (!_confirmed.Remove(published.Commit, out var done))
            return;
        var upTo = _confirmed.Count == 0 ? done : Math.Min(done, _confirmed.Values.Min() - 1);
        if (upTo > 0)
            DeleteMessages(upTo);
    }

    private void Apply(PicturesConfirmed confirmed)
    {
        foreach (var picture in confirmed.Pictures)
            _table.Hold(picture);
        if (confirmed.Commit.Length > 0)
            _confirmed[confirmed.Commit] = LastSequenceNr;
    }
}
