using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Copies;

/// <summary>A picture and the pair that it belongs to.</summary>
internal readonly record struct PictureOf(PairUid Uid, PictureKeys Keys);

/// <summary>These pictures are in a commit, or will be in a moment.</summary>
internal sealed record PicturesConfirmed(string Commit, ImmutableArray<PictureOf> Pictures);

/// <summary>
/// Sole owner of the index of pictures. What it holds follows from the committed shards, which it reads when it starts, and
/// from the pictures it has confirmed for commits that are not published yet: these are events, and go with the publication.
/// </summary>
internal sealed class CopyKeeper : ReceivePersistentActor, IWithTimers
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly CopyIndex _index = new();
    private readonly CommittedPictures _committed;
    private readonly Dictionary<string, long> _confirmed = [];

    /// <summary>Is it a copy? Answered with <see cref="LookAnswer"/>; if not, the picture now belongs to the pair.</summary>
    public sealed record Look(PairUid Uid, PictureKeys Keys) : IEntityMessage
    {
        public string EntityId => "0";
    }

    /// <summary>Why it is dropped, or null.</summary>
    public sealed record LookAnswer(Drop? Drop);

    /// <summary>Are these still no copies? Answered with <see cref="ConfirmAnswer"/>, and those that are not stay in the index whatever dies.</summary>
    public sealed record Confirm(string Commit, IReadOnlyList<PictureOf> Pictures) : IEntityMessage
    {
        public string EntityId => "0";
    }

    /// <summary>Those that are copies.</summary>
    public sealed record ConfirmAnswer(IReadOnlyList<Copy> Copies);

    /// <summary>A pair that is dropped, and why.</summary>
    public sealed record Copy(PairUid Uid, Drop Drop);

    /// <summary>The commit's pictures can be read from its shard.</summary>
    public sealed record Published(string Commit) : IEntityMessage
    {
        public string EntityId => "0";
    }

    private sealed record LoadAgain
    {
        public static LoadAgain Instance { get; } = new();
    }

    private sealed record Loaded(IReadOnlyList<(PairUid Uid, PictureKeys Keys)> Pictures);

    public CopyKeeper(CommittedPictures committed)
    {
        _committed = committed;
        Recover<PicturesConfirmed>(Apply);
        Recover<RecoveryCompleted>(_ => Load());
        Loading();
    }

    public override string PersistenceId => "copies";

    public ITimerScheduler Timers { get; set; } = null!;

    private void Loading()
    {
        Command<Loaded>(loaded =>
        {
            foreach (var (uid, keys) in loaded.Pictures)
                _index.Add(uid, keys);
            Become(Working);
            Stash.UnstashAll();
        });
        Command<Status.Failure>(failed =>
        {
            Context.GetLogger().Warning(failed.Cause, "the pictures of the data set cannot be read yet");
            Timers.StartSingleTimer(nameof(LoadAgain), LoadAgain.Instance, RetryAfter);
        });
        Command<LoadAgain>(_ => Load());
        CommandAny(_ => Stash.Stash());
    }

    private void Load() => _committed.ReadAsync().PipeTo(Self, success: pictures => new Loaded(pictures));

    private void Working()
    {
        Command<Look>(look => Sender.Tell(new LookAnswer(_index.Add(look.Uid, look.Keys))));
        Command<Confirm>(OnConfirm);
        Command<Published>(OnPublished);
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(failed => Context.GetLogger().Warning(failed.Cause, "old events of the pictures stay"));
    }

    private void OnConfirm(Confirm confirm)
    {
        List<Copy> copies = [];
        var kept = ImmutableArray.CreateBuilder<PictureOf>();
        foreach (var picture in confirm.Pictures)
        {
            if (_index.Add(picture.Uid, picture.Keys) is { } drop)
                copies.Add(new(picture.Uid, drop));
            else
                kept.Add(picture);
        }
        var asker = Sender;
        Persist(new PicturesConfirmed(confirm.Commit, kept.ToImmutable()), confirmed =>
        {
            _confirmed[confirmed.Commit] = LastSequenceNr;
            asker.Tell(new ConfirmAnswer(copies));
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
        foreach (var (uid, keys) in confirmed.Pictures)
            _index.Add(uid, keys);
        _confirmed[confirmed.Commit] = LastSequenceNr;
    }
}
