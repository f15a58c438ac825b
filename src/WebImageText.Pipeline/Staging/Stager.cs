using Akka.Actor;
using Akka.Event;
using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Copies;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Queries;
using WebImageText.Pipeline.Runs;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Staging;

/// <summary>
/// Sole owner of this node's staged verdicts: makes them durable in small batches, tells claims and queries, and commits a
/// segment when it holds a shard's worth.
/// </summary>
internal sealed class Stager : ReceiveActor, IWithTimers, IWithStash
{
    private static readonly TimeSpan FlushAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WaitForOthers = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StageAgainEvery = TimeSpan.FromSeconds(30);

    private readonly StagingFolder _folder;
    private readonly StagingOptions _options;
    private readonly Owners _owners;
    private readonly ShardCommit _commit;
    private readonly CopyRule _copies;
    private readonly Tally _tally;
    private readonly Turns? _turns;
    private readonly List<StagedVerdict> _unflushed = [];
    private readonly List<IActorRef> _sealers = [];
    private bool _full;
    private int? _committing;

    /// <summary>A verdict to keep; answered with <see cref="Taken"/> once it is written, so that its sender waits for the disk.</summary>
    public sealed record Take(Verdict Verdict);

    /// <summary>The verdict is written, and will be durable in a moment.</summary>
    public sealed record Taken
    {
        public static Taken Instance { get; } = new();
    }

    /// <summary>Verdicts of a segment that is being committed are to wait for the next commit; answered with <see cref="Taken"/> once they are durable.</summary>
    public sealed record PutBack(IReadOnlyList<Verdict> Verdicts);

    /// <summary>Commit all there is, full or not; answered with <see cref="Sealed"/> when nothing is left.</summary>
    public sealed record Seal
    {
        public static Seal Instance { get; } = new();
    }

    /// <summary>No verdict is left in the node's staging.</summary>
    public sealed record Sealed(string Node);

    private sealed record StageAgain
    {
        public static StageAgain Instance { get; } = new();
    }

    private sealed record TryAgain
    {
        public static TryAgain Instance { get; } = new();
    }

    /// <summary>Make everything durable now; answered with <see cref="Taken"/>.</summary>
    public sealed record FlushNow
    {
        public static FlushNow Instance { get; } = new();
    }

    private sealed record CommitEnded(int Segment, bool IsDecided);

    private sealed record CommitFailed(int Segment, Exception Cause);

    private sealed record CommitNext
    {
        public static CommitNext Instance { get; } = new();
    }

    public Stager(StagingFolder folder, StagingOptions options, Owners owners, ShardCommit commit, CopyRule copies, Tally tally, Turns? turns)
    {
        (_folder, _options, _owners, _commit, _copies, _tally, _turns) = (folder, options, owners, commit, copies, tally, turns);
        Receive<Take>(OnTake);
        Receive<PutBack>(OnPutBack);
        Receive<StageAgain>(_ => Tell([.. _folder.SummariesWithout(_committing)]));
        Receive<TryAgain>(_ =>
        {
            _full = false;
            Stash.UnstashAll();
        });
        Receive<FlushNow>(_ =>
        {
            Flush();
            Sender.Tell(Taken.Instance);
        });
        Receive<Seal>(_ =>
        {
            _sealers.Add(Sender);
            CloseSegment();
            CommitOne();
        });
        Receive<CommitNext>(_ => CommitOne());
        Receive<CommitEnded>(OnCommitEnded);
        Receive<CommitFailed>(OnCommitFailed);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    protected override void PreStart()
    {
        // What was staged before a restart takes its claims, slots and pictures again before new work can.
        Flush();
        Tell([.. _folder.ReadAll().Select(verdict =>
        {
            if (verdict is Verdict.Kept { Pair: var pair })
                _owners.Copies.Tell(new CopyRange.Look(pair.Uid, _copies.KeysOf(pair.Picture)));
            return StagingFolder.Summary(verdict);
        })]);
        Self.Tell(CommitNext.Instance);
        Timers.StartPeriodicTimer(nameof(StageAgain), StageAgain.Instance, StageAgainEvery);
    }

    private void OnTake(Take take)
    {
        var verdict = take.Verdict;
        if (!TryAppend(verdict))
            return;
        _tally.Count(verdict);
        Sender.Tell(Taken.Instance);
        if (_turns is not null || _unflushed.Count >= _options.FlushEvery)
            Flush();
        else if (!Timers.IsTimerActive(nameof(FlushNow)))
            Timers.StartSingleTimer(nameof(FlushNow), FlushNow.Instance, FlushAfter);
        if (_options.IsFull(_folder))
        {
            CloseSegment();
            CommitOne();
        }
    }

    private void OnPutBack(PutBack back)
    {
        // One that does not fit brings all of them once more: of two verdicts of a pair the first one counts.
        if (!back.Verdicts.All(TryAppend))
            return;
        Flush();
        Sender.Tell(Taken.Instance);
    }

    // A full disk is waited for: whoever brings verdicts waits for its answer, and fetches nothing more meanwhile.
    private bool TryAppend(Verdict verdict)
    {
        if (_full)
        {
            Stash.Stash();
            return false;
        }
        try
        {
            _folder.Append(verdict);
        }
        catch (IOException fault)
        {
            _full = true;
            Stash.Stash();
            Context.GetLogger().Warning("verdicts cannot be staged, next try in {0} s: {1}", RetryAfter.TotalSeconds, fault.Message);
            Timers.StartSingleTimer(nameof(TryAgain), TryAgain.Instance, RetryAfter);
            return false;
        }
        _unflushed.Add(StagingFolder.Summary(verdict));
        return true;
    }

    private void Flush()
    {
        Timers.Cancel(nameof(FlushNow));
        if (_unflushed.Count == 0)
            return;
        _folder.Flush();
        Tell(_unflushed);
        foreach (var verdict in _unflushed)
            _turns?.End(verdict.Uid);
        _unflushed.Clear();
    }

    private void CloseSegment()
    {
        Flush();
        if (_folder.Open.Count > 0)
            _folder.Close();
    }

    private void Tell(IReadOnlyList<StagedVerdict> staged)
    {
        foreach (var range in staged.GroupBy(verdict => ClaimRange.RangeOf(verdict.Uid)))
            _owners.Claims.Tell(new ClaimRange.Stage(range.Key, [.. range.Select(verdict => verdict.Uid)]));
        foreach (var owned in staged.Where(verdict => verdict is { Reason: null, Owner: >= 0 }))
            _owners.Queries.Tell(new QueryEntity.Staged(new(owned.Owner), owned.Uid));
    }

    private void CommitOne()
    {
        if (_committing is not null)
            return;
        if (_folder.Closed is not [var segment, ..])
        {
            if (_folder.Open.Count == 0)
            {
                _sealers.ForEach(sealer => sealer.Tell(new Sealed(_folder.Node)));
                _sealers.Clear();
            }
            return;
        }
        _committing = segment;
        var self = Self;
        _commit.RunAsync(_folder.CommitOf(segment), () => _folder.Read(segment), verdicts => self.Ask<Taken>(new PutBack(verdicts), Timeout.InfiniteTimeSpan))
            .PipeTo(Self, success: isDecided => new CommitEnded(segment, isDecided), failure: cause => new CommitFailed(segment, cause));
    }

    private void OnCommitEnded(CommitEnded ended)
    {
        _folder.Delete(ended.Segment);
        _committing = null;
        if (_sealers.Count > 0)
            CloseSegment();
        // All that it held waits for what other nodes commit.
        if (ended.IsDecided)
            CommitOne();
        else
            Timers.StartSingleTimer(nameof(CommitNext), CommitNext.Instance, WaitForOthers);
    }

    private void OnCommitFailed(CommitFailed failed)
    {
        Context.GetLogger().Warning(failed.Cause, "segment {0} is not committed yet, next try in {1} s", failed.Segment, RetryAfter.TotalSeconds);
        _committing = null;
        Timers.StartSingleTimer(nameof(CommitNext), CommitNext.Instance, RetryAfter);
    }
}
