using WebImageText.Curate.Dedup;

namespace WebImageText.Pipeline.Copies;

/// <summary>The looks that are held on one node, whichever of its ranges holds them: one search serves them all. Thread-safe.</summary>
internal sealed class LookIndex
{
    private const int Remembered = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<(PairUid Uid, PdqHash Look), (CopyMatch? Nearest, int UpTo)> _searched = [];
    private readonly Queue<(PairUid Uid, PdqHash Look)> _order = [];
    private readonly HashSet<byte> _gone = [];
    private readonly HashSet<int> _removed = [];
    private PdqIndex _looks = new();
    private List<PairUid> _uids = [];
    private List<byte> _ranges = [];

    /// <summary>Takes in a look that a range holds.</summary>
    public void Add(int range, PairUid uid, PdqHash look)
    {
        lock (_gate)
        {
            Clear();
            Append((byte)range, uid, look);
        }
    }

    /// <summary>The nearest look of another pair within the distance of copies.</summary>
    public CopyMatch? Nearest(PairUid uid, PdqHash look)
    {
        lock (_gate)
        {
            Clear();
            // All ranges are asked about a picture at nearly one moment: whoever is asked first searches, the others see what has come since.
            var nearest = _searched.TryGetValue((uid, look), out var last) ? Since(last.UpTo, last.Nearest, uid, look) : Search(uid, look);
            if (!_searched.ContainsKey((uid, look)))
            {
                _order.Enqueue((uid, look));
                if (_order.Count > Remembered)
                    _searched.Remove(_order.Dequeue());
            }
            _searched[(uid, look)] = (nearest, _looks.Count);
            return nearest;
        }
    }

    /// <summary>The range holds the look no more. Rare: the look stays in the index, and is passed over.</summary>
    public void Remove(int range, PairUid uid, PdqHash look)
    {
        lock (_gate)
        {
            Clear();
            for (var id = _uids.Count - 1; id >= 0; id--)
            {
                if (_uids[id] != uid || _ranges[id] != range || _looks[id] != look || !_removed.Add(id))
                    continue;
                _searched.Clear();
                _order.Clear();
                return;
            }
        }
    }

    /// <summary>The range is held elsewhere from now on.</summary>
    public void Remove(int range)
    {
        lock (_gate)
            _gone.Add((byte)range);
    }

    // Only when somebody asks again: a node that ends loses all its ranges, one by one.
    private void Clear()
    {
        if (_gone.Count == 0)
            return;
        var (looks, uids, ranges) = (_looks, _uids, _ranges);
        (_looks, _uids, _ranges) = (new(), [], []);
        _searched.Clear();
        _order.Clear();
        for (var id = 0; id < uids.Count; id++)
            if (!_gone.Contains(ranges[id]) && !_removed.Contains(id))
                Append(ranges[id], uids[id], looks[id]);
        _gone.Clear();
        _removed.Clear();
    }

    private void Append(byte range, PairUid uid, PdqHash look)
    {
        _looks.Add(look);
        _uids.Add(uid);
        _ranges.Add(range);
    }

    private CopyMatch? Search(PairUid uid, PdqHash look)
    {
        if (_looks.Nearest(look) is not { } nearest)
            return null;
        // The pair's own picture, as it was before, hides no other, nor does one that is gone.
        return IsOther(uid, nearest.Id)
            ? Match(nearest)
            : _looks.Within(look).Where(near => IsOther(uid, near.Id)).Select(Match).Aggregate((CopyMatch?)null, (best, match) => CopyMatch.Best(best, match));
    }

    private CopyMatch? Since(int first, CopyMatch? nearest, PairUid uid, PdqHash look)
    {
        for (var id = first; id < _looks.Count; id++)
            if (look.Distance(_looks[id]) is var distance && distance <= PdqHash.MatchDistance && IsOther(uid, id))
                nearest = CopyMatch.Best(nearest, Match(new(id, distance)));
        return nearest;
    }

    // There, and another pair's.
    private bool IsOther(PairUid uid, int id) => _uids[id] != uid && !_removed.Contains(id);

    private CopyMatch Match(PdqNeighbour near) => new(CopyKind.Look, near.Distance, _uids[near.Id]);
}
