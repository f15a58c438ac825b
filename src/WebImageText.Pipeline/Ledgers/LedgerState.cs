using System.Collections.Immutable;
using WebImageText.Shards.Manifest;

namespace WebImageText.Pipeline.Ledgers;

/// <summary>A commit: what became of one segment of staged verdicts. The one event that decides.</summary>
/// <param name="Commit">Name of the commit: node and segment. A repeated commit of one name counts once.</param>
/// <param name="Token">Token under which its files are staged in the store.</param>
/// <param name="Pairs">The pairs of the shard in the order of its rows, each with its owner query, -1 for none.</param>
/// <param name="Reasons">Rejections by reason.</param>
/// <param name="At">When it was decided, UTC.</param>
/// <param name="Shard">Number of its shard; null when it holds no pair.</param>
/// <param name="Rejected">Number of its file of rejections; null when it holds none.</param>
/// <param name="Files">The shard's files; null without a shard.</param>
internal sealed record ShardCommitted(
    string Commit, string Token, ImmutableArray<CommittedPair> Pairs, ImmutableSortedDictionary<DropReason, int> Reasons,
    DateTimeOffset At, int? Shard = null, int? Rejected = null, LedgerLine? Files = null);

/// <summary>A pair as the ledger names it.</summary>
internal readonly record struct CommittedPair(PairUid Uid, int Query);

/// <summary>The files of a commit are visible under their names.</summary>
internal sealed record ShardPublished(string Commit);

/// <summary>A decided commit without the names of its pairs: what stays in memory.</summary>
internal sealed record CommitSummary(
    string Commit, string Token, int Pairs, ImmutableSortedDictionary<DropReason, int> Reasons, DateTimeOffset At,
    int? Shard = null, int? Rejected = null, LedgerLine? Files = null);

/// <summary>All that the events before it say.</summary>
internal sealed record LedgerSnapshot(
    ImmutableArray<CommitSummary> Commits, ImmutableArray<string> Unpublished, ImmutableDictionary<int, int> Counts);

/// <summary>The truth of a data set: its commits in order, and what follows from them: counts, caps, numbers.</summary>
internal sealed class LedgerState
{
    private readonly Dictionary<int, int> _counts = [];
    private readonly Dictionary<string, CommitSummary> _commits = [];
    private readonly List<CommitSummary> _order = [];
    private readonly HashSet<string> _unpublished = [];
    private readonly SortedSet<int> _shards = [];
    private readonly SortedSet<int> _rejected = [];
    private readonly Dictionary<string, OpenCommit> _open = [];

    private sealed record OpenCommit(int? Shard, int? Rejected, IReadOnlyDictionary<int, int> Pairs);

    public IReadOnlyList<CommitSummary> Commits => _order;

    public int CountOf(QueryId query) => _counts.GetValueOrDefault(query.Row);

    public long Pairs => _order.Sum(commit => (long)commit.Pairs);

    public CommitSummary? Find(string commit) => _commits.GetValueOrDefault(commit);

    /// <summary>Decided, but perhaps not visible yet: publishing them again does no harm.</summary>
    public IEnumerable<CommitSummary> Unpublished => _order.Where(commit => _unpublished.Contains(commit.Commit));

    /// <summary>
    /// Gives a commit its numbers, and holds room for its pairs until it is decided or opened again.
    /// </summary>
    /// <param name="commit">Name of the commit.</param>
    /// <param name="pairs">Pairs by owner query.</param>
    /// <param name="hasRejections">It needs a number for a file of rejections.</param>
    /// <param name="cap">Most pairs a query may own.</param>
    /// <returns>The numbers, and for each query how many of its pairs are too many.</returns>
    public (int? Shard, int? Rejected, IReadOnlyDictionary<int, int> Excess) Open(
        string commit, IReadOnlyDictionary<int, int> pairs, bool hasRejections, int cap)
    {
        _open.Remove(commit);
        var room = pairs.ToDictionary(pair => pair.Key, pair => Math.Clamp(cap - Taken(pair.Key), 0, pair.Value));
        var excess = pairs.Where(pair => pair.Value > room[pair.Key]).ToDictionary(pair => pair.Key, pair => pair.Value - room[pair.Key]);
        int? shard = room.Values.Any(count => count > 0) ? LeastFree(_shards, _open.Values.Select(open => open.Shard)) : null;
        int? rejected = hasRejections || excess.Count > 0 ? LeastFree(_rejected, _open.Values.Select(open => open.Rejected)) : null;
        _open[commit] = new(shard, rejected, room);
        return (shard, rejected, excess);
    }

    /// <summary>Why a commit cannot be decided as it is; null when it can. It must then be opened anew.</summary>
    public string? Objection(ShardCommitted commit, int cap)
    {
        if (commit.Shard is { } shard && _shards.Contains(shard))
            return $"shard number {shard} is taken";
        if (commit.Rejected is { } rejected && _rejected.Contains(rejected))
            return $"rejection file number {rejected} is taken";
        foreach (var owned in commit.Pairs.Where(pair => pair.Query >= 0).GroupBy(pair => pair.Query))
        {
            if (_counts.GetValueOrDefault(owned.Key) + owned.Count() > cap)
                return $"query {owned.Key} would own more than {cap} pairs";
        }
        return null;
    }

    public void Apply(ShardCommitted commit)
    {
        _open.Remove(commit.Commit);
        Add(new(
            commit.Commit, commit.Token, commit.Pairs.Length, commit.Reasons, commit.At, commit.Shard, commit.Rejected, commit.Files));
        _unpublished.Add(commit.Commit);
        foreach (var pair in commit.Pairs.Where(pair => pair.Query >= 0))
            _counts[pair.Query] = _counts.GetValueOrDefault(pair.Query) + 1;
    }

    public void Apply(ShardPublished published) => _unpublished.Remove(published.Commit);

    public LedgerSnapshot ToSnapshot() => new([.. _order], [.. _unpublished], _counts.ToImmutableDictionary());

    public static LedgerState From(LedgerSnapshot snapshot)
    {
        var state = new LedgerState();
        foreach (var summary in snapshot.Commits)
            state.Add(summary);
        state._unpublished.UnionWith(snapshot.Unpublished);
        foreach (var (query, count) in snapshot.Counts)
            state._counts[query] = count;
        return state;
    }

    private void Add(CommitSummary summary)
    {
        _commits.Add(summary.Commit, summary);
        _order.Add(summary);
        if (summary.Shard is { } shard)
            _shards.Add(shard);
        if (summary.Rejected is { } rejected)
            _rejected.Add(rejected);
    }

    private int Taken(int query) => query < 0 ? int.MinValue / 2
        : _counts.GetValueOrDefault(query) + _open.Values.Sum(open => open.Pairs.GetValueOrDefault(query));

    private static int LeastFree(SortedSet<int> taken, IEnumerable<int?> open)
    {
        var held = open.OfType<int>().ToHashSet();
        var number = 0;
        while (taken.Contains(number) || held.Contains(number))
            number++;
        return number;
    }
}
