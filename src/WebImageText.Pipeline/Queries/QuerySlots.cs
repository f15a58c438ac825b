namespace WebImageText.Pipeline.Queries;

/// <summary>What an offered pair is told.</summary>
internal enum SlotAnswer
{
    /// <summary>It has a slot: go on.</summary>
    Granted,
    /// <summary>Every slot is taken, but some pairs that hold one may still be dropped.</summary>
    Wait,
    /// <summary>Every slot is used by a pair that is staged or committed.</summary>
    Full,
}

/// <summary>
/// The slots of one query. A pair takes one by reservation, makes it firm when it is staged, uses it up when its shard
/// commits, and gives it back when it is dropped; a waiting pair then gets it.
/// </summary>
/// <remarks>
/// Reserved, staged and committed together never pass the cap. What is lost with a crash are reservations only: the ledger
/// refuses a commit that would pass the cap, whatever was granted here.
/// </remarks>
internal sealed class QuerySlots(int cap, int committed)
{
    private readonly HashSet<PairUid> _reserved = [];
    private readonly HashSet<PairUid> _staged = [];
    private readonly Queue<PairUid> _waiting = [];
    private readonly HashSet<PairUid> _waits = [];

    public int Committed { get; private set; } = committed;

    /// <summary>Pairs that hold a slot and are not committed.</summary>
    public IEnumerable<PairUid> Held => _reserved.Concat(_staged);

    /// <summary>Takes over what the ledger counts, which alone knows. A count that comes late is no news.</summary>
    public void Recount(int committed) => Committed = Math.Max(Committed, committed);

    /// <summary>Slots that a new pair could take.</summary>
    public int Room => Math.Max(0, cap - Committed - _staged.Count - _reserved.Count);

    /// <summary>No pair can come in any more, unless a staged one is lost with its node.</summary>
    public bool IsFull => Committed + _staged.Count >= cap;

    /// <summary>Asks for a slot. A repeated offer is a retry after a lost message: it is answered again and counted once.</summary>
    public SlotAnswer Offer(PairUid uid)
    {
        if (_reserved.Contains(uid) || _staged.Contains(uid))
            return SlotAnswer.Granted;
        if (_waits.Contains(uid))
            return SlotAnswer.Wait;
        if (IsFull)
            return SlotAnswer.Full;
        if (Room > 0)
        {
            _reserved.Add(uid);
            return SlotAnswer.Granted;
        }
        _waits.Add(uid);
        _waiting.Enqueue(uid);
        return SlotAnswer.Wait;
    }

    /// <summary>The pair is durable on its node. A pair that is told twice, or found in the staging after a restart, counts once.</summary>
    public void Stage(PairUid uid)
    {
        _reserved.Remove(uid);
        _waits.Remove(uid);
        _staged.Add(uid);
    }

    /// <summary>The pairs are in a committed shard, and the query owns so many in all.</summary>
    public void Commit(IEnumerable<PairUid> uids, int committed)
    {
        foreach (var uid in uids)
            Free(uid);
        Recount(committed);
    }

    /// <summary>The pair is dropped: its slot is free again.</summary>
    public void Free(PairUid uid)
    {
        _reserved.Remove(uid);
        _staged.Remove(uid);
        _waits.Remove(uid);
    }

    /// <summary>
    /// The next waiting pair whose answer is known: granted where a slot is free, full where none will be. Null while all wait.
    /// </summary>
    public (PairUid Uid, SlotAnswer Answer)? NextAnswer()
    {
        while (_waiting.TryPeek(out var uid))
        {
            if (!_waits.Contains(uid))
            {
                _waiting.Dequeue();
                continue;
            }
            if (Room == 0 && !IsFull)
                return null;
            _waiting.Dequeue();
            _waits.Remove(uid);
            if (IsFull)
                return (uid, SlotAnswer.Full);
            _reserved.Add(uid);
            return (uid, SlotAnswer.Granted);
        }
        return null;
    }
}
