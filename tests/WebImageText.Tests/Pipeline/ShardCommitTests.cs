using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using WebImageText.Pipeline;
using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Copies;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Pipeline.Staging;
using WebImageText.Pipeline.Wire;
using WebImageText.Shards;
using WebImageText.Shards.Stores;
using WebImageText.Tests.Shards;

namespace WebImageText.Tests.Pipeline;

/// <summary>Commits of hand-made verdicts against the real ledger, claims and ranges of pictures, on a node that has nothing else.</summary>
public sealed class ShardCommitTests : IAsyncLifetime
{
    private const int Cap = 3;
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly Owners _owners = new();
    private readonly List<Verdict> _putBack = [];
    private ActorSystem _system = null!;
    private ShardCommit _commit = null!;

    // Of these two pictures one is a copy of the other; number 2 is like neither.
    private static readonly Pair One = SomePairs.Pair(0);
    private static readonly Pair Copy = SomePairs.Pair(1) with { Picture = SomePairs.Pair(1).Picture with { Pdq = One.Picture.Pdq } };
    private static readonly Pair Other = SomePairs.Pair(2);

    public async ValueTask InitializeAsync()
    {
        _system = ActorSystem.Create("wit", NodeSetup.Of(new() { Journal = Path.Combine(_folder.Path, "journal.db") }, shards: 64));
        var cluster = Cluster.Get(_system);
        await cluster.JoinAsync(cluster.SelfAddress, Stop);
        var store = new FolderStore(Path.Combine(_folder.Path, "data"));
        var files = new CommitFiles(store, new ShardNaming(100));
        _owners.Ledger = Node.Singleton(_system, "ledger", Roles.Write, Props.Create(() => new Ledger(Cap, _owners, files, TimeProvider.System)));
        Node.StartClaims(_system, _owners, TimeProvider.System);
        Node.StartCopies(_system, _owners, new(store, CopyRule.WithoutDescriptors));
        _commit = new(_owners, files, CopyRule.WithoutDescriptors, blocks: null, TimeProvider.System, TimeProvider.System);
    }

    [Fact]
    public async Task A_copy_beside_its_original_goes_with_it()
    {
        await LookAsync(One);

        Assert.True(await CommitAsync("a-1", new Verdict.Kept(One), DroppedAsCopyOf(Copy, One)));

        Assert.Empty(_putBack);
        Assert.Equal((1, 1), await CommittedAsync());
        Assert.Equal(ClaimState.Settled, await StateOfAsync(Copy));
    }

    [Fact]
    public async Task A_copy_whose_original_is_staged_elsewhere_waits_until_that_is_committed()
    {
        await LookAsync(One);
        await StageAsync(One);

        Assert.True(await CommitAsync("a-1", new Verdict.Kept(Other), DroppedAsCopyOf(Copy, One)));
        Assert.Equal((1, 0), await CommittedAsync());
        Assert.False(await CommitAsync("a-2", PutBack()));
        Assert.True(await CommitAsync("b-1", new Verdict.Kept(One)));
        Assert.True(await CommitAsync("a-3", PutBack()));

        Assert.Equal((2, 1), await CommittedAsync());
        Assert.Equal(ClaimState.Settled, await StateOfAsync(Copy));
    }

    // Its first verdict called it a copy; the range died, and what was done again is to be kept.
    [Fact]
    public async Task A_verdict_of_before_gives_way_to_one_by_which_the_picture_is_held()
    {
        await LookAsync(Copy);

        Assert.False(await CommitAsync("a-1", DroppedAsCopyOf(Copy, One)));
        Assert.Empty(_putBack);
        Assert.Equal(ClaimState.Unknown, await StateOfAsync(Copy));
        Assert.True(await CommitAsync("b-1", new Verdict.Kept(Copy)));
        Assert.True(await CommitAsync("a-2", new Verdict.Kept(One)));

        Assert.Equal((1, 1), await CommittedAsync());
    }

    [Fact]
    public async Task A_copy_of_what_was_lost_is_worked_on_anew()
    {
        await LookAsync(One);

        // Nobody works on the original: it is forgotten, and the copy is none.
        Assert.False(await CommitAsync("a-1", DroppedAsCopyOf(Copy, One)));
        Assert.False(await CommitAsync("a-2", PutBack()));

        Assert.Empty(_putBack);
        Assert.Equal(ClaimState.Unknown, await StateOfAsync(Copy));
        Assert.Equal((0, 0), await CommittedAsync());
        Assert.True(await CommitAsync("b-1", new Verdict.Kept(Copy)));
    }

    [Fact]
    public async Task Copies_are_not_written_off_with_an_original_whose_query_turns_out_to_be_full()
    {
        List<Verdict> full = [.. Enumerable.Range(1, Cap).Select(times => new Verdict.Kept(SomePairs.Pair(7 * times)))];
        Assert.True(await CommitAsync("a-1", [.. full]));
        await LookAsync(One);

        Assert.True(await CommitAsync("a-2", new Verdict.Kept(One), DroppedAsCopyOf(Copy, One)));
        Assert.Equal((Cap, 1), await CommittedAsync());
        Assert.False(await CommitAsync("a-3", PutBack()));

        Assert.Empty(_putBack);
        Assert.Equal(ClaimState.Unknown, await StateOfAsync(Copy));
    }

    [Fact]
    public async Task A_commit_that_was_decided_is_not_looked_at_again()
    {
        await LookAsync(One);
        Assert.True(await CommitAsync("a-1", new Verdict.Kept(One), DroppedAsCopyOf(Copy, One)));

        Assert.True(await CommitAsync("a-1", new Verdict.Kept(One), DroppedAsCopyOf(Copy, Other)));

        Assert.Empty(_putBack);
        Assert.Equal((1, 1), await CommittedAsync());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Verdict.Dropped DroppedAsCopyOf(Pair pair, Pair original) => new Verdict.Dropped(new(
        pair.Uid, pair.Candidate, pair.Match, new(DropReason.NearDuplicate, $"0 of 256 bits from {original.Uid}"), SomePairs.Start, pair.Fetch, pair.Picture));

    private Verdict[] PutBack()
    {
        Verdict[] waiting = [.. _putBack];
        _putBack.Clear();
        return waiting;
    }

    private Task<bool> CommitAsync(string name, params Verdict[] verdicts) => _commit.RunAsync(name, () => verdicts, waiting =>
    {
        _putBack.AddRange(waiting);
        return Task.CompletedTask;
    });

    private async Task LookAsync(Pair pair) => Assert.Null(
        (await _owners.Copies.AskAgain<CopyRange.LookAnswer>(new CopyRange.Look(pair.Uid, PictureKeys.Of(pair.Picture)), AnswerTime, Stop)).Drop);

    private async Task StageAsync(Pair pair)
    {
        _owners.Claims.Tell(new ClaimRange.Stage(ClaimRange.RangeOf(pair.Uid), [pair.Uid]));
        Assert.NotEqual(ClaimState.Unknown, await StateOfAsync(pair));
    }

    private async Task<ClaimState> StateOfAsync(Pair pair)
    {
        var progress = await _owners.Claims.Ask<ClaimRange.Progress>(new ClaimRange.AskProgress(ClaimRange.RangeOf(pair.Uid), [pair.Uid]), AnswerTime, Stop);
        return progress.Settled.Count > 0 ? ClaimState.Settled : progress.Unknown.Count > 0 ? ClaimState.Unknown : ClaimState.Staged;
    }

    private async Task<(int Pairs, int Rejections)> CommittedAsync()
    {
        var history = await _owners.Ledger.Ask<Ledger.History>(Ledger.AskHistory.Instance, AnswerTime, Stop);
        return (history.Commits.Sum(commit => commit.Pairs), history.Commits.Sum(commit => commit.Reasons.Values.Sum()));
    }

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        _folder.Dispose();
    }
}
