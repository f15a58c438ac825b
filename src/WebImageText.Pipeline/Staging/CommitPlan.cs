using System.Collections.Immutable;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Shards;

namespace WebImageText.Pipeline.Staging;

/// <summary>
/// What a commit holds: its pairs in the order of the rows, and its rejections, those included that turned out to be copies
/// or whose query turned out to be full.
/// </summary>
internal sealed class CommitPlan
{
    private readonly HashSet<PairUid> _pairs;
    private readonly HashSet<PairUid> _rejections;
    private readonly IReadOnlyDictionary<PairUid, Drop> _turnedDown;

    private CommitPlan(IReadOnlyList<StagedVerdict> staged, IReadOnlyDictionary<PairUid, Drop> turnedDown)
    {
        _turnedDown = turnedDown;
        Pairs =
        [
            .. staged.Where(verdict => verdict.Reason is null && !turnedDown.ContainsKey(verdict.Uid))
                .Select(verdict => new CommittedPair(verdict.Uid, verdict.Owner)),
        ];
        _pairs = [.. Pairs.Select(pair => pair.Uid)];
        var rejected = staged.Where(verdict => !_pairs.Contains(verdict.Uid)).ToList();
        _rejections = [.. rejected.Select(verdict => verdict.Uid)];
        Reasons = rejected.GroupBy(verdict => verdict.Reason ?? turnedDown[verdict.Uid].Reason)
            .ToImmutableSortedDictionary(group => group.Key, group => group.Count());
    }

    /// <summary>Rows of the shard.</summary>
    public ImmutableArray<CommittedPair> Pairs { get; }

    /// <summary>Every pair that the commit rejects.</summary>
    public IReadOnlyCollection<PairUid> Rejections => _rejections;

    /// <summary>The pair is in the shard.</summary>
    public bool Keeps(PairUid uid) => _pairs.Contains(uid);

    /// <summary>Rejections by reason.</summary>
    public ImmutableSortedDictionary<DropReason, int> Reasons { get; }

    /// <param name="staged">Each uid once, in the order in which they were staged.</param>
    /// <param name="copies">Pairs that turned out to be copies of what is kept elsewhere.</param>
    /// <param name="excess">For each query, how many of its other pairs are too many: the last ones go.</param>
    public static CommitPlan Of(
        IReadOnlyList<StagedVerdict> staged, IReadOnlyDictionary<PairUid, Drop> copies, IReadOnlyDictionary<int, int> excess)
    {
        var turnedDown = new Dictionary<PairUid, Drop>(copies);
        foreach (var (query, count) in excess)
        {
            foreach (var verdict in staged.Where(verdict => verdict.Reason is null && verdict.Owner == query && !copies.ContainsKey(verdict.Uid)).TakeLast(count))
                turnedDown[verdict.Uid] = new(DropReason.QueryFull);
        }
        return new(staged, turnedDown);
    }

    /// <summary>The pairs of the shard, out of all verdicts of the segment.</summary>
    public IEnumerable<Pair> PairsOf(IEnumerable<Verdict> verdicts)
    {
        var seen = new HashSet<PairUid>();
        return verdicts.OfType<Verdict.Kept>().Select(kept => kept.Pair).Where(pair => _pairs.Contains(pair.Uid) && seen.Add(pair.Uid));
    }

    /// <summary>The rejections, out of all verdicts of the segment.</summary>
    /// <param name="verdicts">From the start of the segment.</param>
    /// <param name="now">When pairs that were kept are turned down.</param>
    public IEnumerable<Rejection> RejectionsOf(IEnumerable<Verdict> verdicts, DateTimeOffset now)
    {
        var seen = new HashSet<PairUid>();
        foreach (var verdict in verdicts)
        {
            var rejection = verdict switch
            {
                Verdict.Dropped dropped => dropped.Rejection,
                Verdict.Kept { Pair: var pair } when _turnedDown.TryGetValue(pair.Uid, out var drop) => new Rejection(
                    pair.Uid, pair.Candidate, pair.Match, drop, now, pair.Fetch, pair.Picture, pair.Evaluation),
                _ => null,
            };
            if (rejection is not null && _rejections.Contains(rejection.Uid) && seen.Add(rejection.Uid))
                yield return rejection;
        }
    }

    /// <summary>When the first and the last image of the shard came.</summary>
    public ShardTimes Times(IEnumerable<Verdict> verdicts)
    {
        var (first, last) = (DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        foreach (var pair in PairsOf(verdicts))
            (first, last) = (first < pair.Fetch.At ? first : pair.Fetch.At, last > pair.Fetch.At ? last : pair.Fetch.At);
        return new(first, last);
    }
}
