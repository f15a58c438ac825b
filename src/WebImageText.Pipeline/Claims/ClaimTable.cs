namespace WebImageText.Pipeline.Claims;

/// <summary>How far the candidate of a uid has come.</summary>
internal enum ClaimState : byte
{
    /// <summary>Nobody claimed it, or whoever did has not been heard of since its lease ended.</summary>
    Unknown,
    /// <summary>Somewhere between its discovery and its verdict.</summary>
    Open,
    /// <summary>Its verdict is durable on the node that reached it.</summary>
    Staged,
    /// <summary>Part of a commit that the ledger has yet to decide.</summary>
    Prepared,
    /// <summary>In a committed shard, or in a committed file of rejections. Final.</summary>
    Settled,
}

/// <summary>
/// Which candidates of one range of uids are under way or settled: the reason why a pair is in one shard only.
/// </summary>
/// <remarks>
/// Open and staged claims are leases: whoever holds the work renews them, and what a dead node held is free again. Prepared
/// and settled ones are events. A commit that names a uid which another commit has prepared or settled is told so, and
/// leaves it out: so work done twice is still written once.
/// </remarks>
internal sealed class ClaimTable
{
    /// <summary>Work that nobody has renewed for so long is lost.</summary>
    public static readonly TimeSpan OpenLease = TimeSpan.FromSeconds(90);

    /// <summary>A node that holds verdicts may be away for so long; then their candidates are worked on anew.</summary>
    public static readonly TimeSpan StagedLease = TimeSpan.FromMinutes(10);

    private readonly Dictionary<PairUid, DateTimeOffset> _leases = [];
    private readonly Dictionary<PairUid, ClaimState> _states = [];
    private readonly Dictionary<string, IReadOnlyList<PairUid>> _prepared = [];
    private readonly Dictionary<PairUid, string> _commitOf = [];

    public int Count => _states.Count;

    /// <summary>Commits that are prepared here and not decided.</summary>
    public IReadOnlyCollection<string> Undecided => _prepared.Keys;

    public ClaimState StateOf(PairUid uid, DateTimeOffset now) =>
        _leases.TryGetValue(uid, out var until) && now >= until ? ClaimState.Unknown : _states.GetValueOrDefault(uid);

    /// <summary>Takes the uid, if it is free.</summary>
    /// <returns>Its state before: <see cref="ClaimState.Unknown"/> means that it is granted.</returns>
    public ClaimState Claim(PairUid uid, DateTimeOffset now)
    {
        var before = StateOf(uid, now);
        if (before == ClaimState.Unknown)
            Lease(uid, ClaimState.Open, now + OpenLease);
        return before;
    }

    /// <summary>It is still being worked on.</summary>
    public void Renew(PairUid uid, DateTimeOffset now)
    {
        if (StateOf(uid, now) is ClaimState.Unknown or ClaimState.Open)
            Lease(uid, ClaimState.Open, now + OpenLease);
    }

    /// <summary>Its verdict is durable, or still is.</summary>
    public void Stage(PairUid uid, DateTimeOffset now)
    {
        if (StateOf(uid, now) is ClaimState.Unknown or ClaimState.Open or ClaimState.Staged)
            Lease(uid, ClaimState.Staged, now + StagedLease);
    }

    /// <summary>Its verdict came to nothing: whoever waits for it does the work again.</summary>
    /// <returns>It was under way or staged.</returns>
    public bool Free(PairUid uid)
    {
        var isFreed = _leases.Remove(uid);
        if (isFreed)
            _states.Remove(uid);
        return isFreed;
    }

    /// <summary>The uids that this commit may not hold, because another one does. Changes nothing.</summary>
    public IReadOnlyList<PairUid> Conflicts(string commit, IReadOnlyList<PairUid> uids) =>
    [
        .. uids.Where(uid => _states.GetValueOrDefault(uid) switch
        {
            ClaimState.Settled => true,
            ClaimState.Prepared => _commitOf[uid] != commit,
            _ => false,
        }),
    ];

    /// <summary>The commit holds these uids until it is decided. Repeated, it replaces what it held.</summary>
    public void Prepare(string commit, IReadOnlyList<PairUid> uids, DateTimeOffset now)
    {
        Resolve(commit, committed: false, now);
        _prepared[commit] = uids;
        foreach (var uid in uids)
        {
            Fix(uid, ClaimState.Prepared);
            _commitOf[uid] = commit;
        }
    }

    /// <summary>The ledger has decided. A commit that is not known here was decided before.</summary>
    /// <returns>The uids that it held.</returns>
    public IReadOnlyList<PairUid> Resolve(string commit, bool committed, DateTimeOffset now)
    {
        if (!_prepared.Remove(commit, out var uids))
            return [];
        foreach (var uid in uids)
        {
            _commitOf.Remove(uid);
            if (committed)
                Fix(uid, ClaimState.Settled);
            else
                Lease(uid, ClaimState.Staged, now + StagedLease);
        }
        return uids;
    }

    /// <summary>The settled uids, for a snapshot; prepared ones are in the events after it.</summary>
    public IEnumerable<PairUid> Settled => _states.Where(entry => entry.Value == ClaimState.Settled).Select(entry => entry.Key);

    /// <summary>What each undecided commit holds, for a snapshot.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PairUid>> Prepared => _prepared;

    /// <summary>Takes over the settled uids of a snapshot.</summary>
    public void Restore(IEnumerable<PairUid> settled)
    {
        foreach (var uid in settled)
            Fix(uid, ClaimState.Settled);
    }

    private void Lease(PairUid uid, ClaimState state, DateTimeOffset until) => (_states[uid], _leases[uid]) = (state, until);

    private void Fix(PairUid uid, ClaimState state)
    {
        _states[uid] = state;
        _leases.Remove(uid);
    }
}
