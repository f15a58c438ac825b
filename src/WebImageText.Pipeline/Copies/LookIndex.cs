using WebImageText.Curate.Dedup;
using WebImageText.Curate.Dedup.Search;

namespace WebImageText.Pipeline.Copies;

/// <summary>
/// The looks and descriptors that are held on one node, whichever of its ranges holds them: one search serves them all. Thread-safe.
/// </summary>
/// <param name="rule">Which pictures are copies.</param>
internal sealed class LookIndex(CopyRule rule)
{
    private const int Remembered = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<PictureOf, (CopyMatch? Nearest, int UpTo)> _searched = [];
    private readonly Queue<PictureOf> _order = [];
    private readonly HashSet<byte> _gone = [];
    private readonly HashSet<int> _removed = [];
    private Held _held = new(rule);

    /// <summary>Which pictures are copies.</summary>
    public CopyRule Rule => rule;

    /// <summary>Takes in the look that a range holds, and what goes with it.</summary>
    public void Add(int range, PictureOf picture)
    {
        lock (_gate)
        {
            Clear();
            _held.Add((byte)range, picture.Uid, picture.Keys.Look!.Value, rule.RowOf(picture.Keys));
        }
    }

    /// <summary>The nearest picture of another pair that is a copy: by its look, or else by its descriptor.</summary>
    public CopyMatch? Nearest(PictureOf picture)
    {
        lock (_gate)
        {
            Clear();
            // All ranges are asked about a picture at nearly one moment: whoever is asked first searches, the others see what has come since.
            var nearest = _searched.TryGetValue(picture, out var last) ? Since(last.UpTo, last.Nearest, picture) : Search(picture);
            if (!_searched.ContainsKey(picture))
            {
                _order.Enqueue(picture);
                if (_order.Count > Remembered)
                    _searched.Remove(_order.Dequeue());
            }
            _searched[picture] = (nearest, _held.Count);
            return nearest;
        }
    }

    /// <summary>The range holds the picture no more. Rare: it stays in the index, and is passed over.</summary>
    public void Remove(int range, PictureOf picture)
    {
        lock (_gate)
        {
            Clear();
            for (var id = _held.Count - 1; id >= 0; id--)
            {
                if (_held.Uids[id] != picture.Uid || _held.Ranges[id] != range || _held.Looks[id] != picture.Keys.Look || !_removed.Add(id))
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
        var before = _held;
        _held = new(rule);
        _searched.Clear();
        _order.Clear();
        for (var id = 0; id < before.Count; id++)
            if (!_gone.Contains(before.Ranges[id]) && !_removed.Contains(id))
                _held.AddFrom(before, id);
        _gone.Clear();
        _removed.Clear();
    }

    private CopyMatch? Search(PictureOf picture)
    {
        var look = picture.Keys.Look!.Value;
        if (_held.Looks.Nearest(look) is not { } nearest)
            return SearchLike(picture);
        // The pair's own picture, as it was before, hides no other, nor does one that is gone.
        return IsOther(picture.Uid, nearest.Id) ? Match(nearest) : Best(_held.Looks.Within(look).Where(near => IsOther(picture.Uid, near.Id)).Select(Match)) ?? SearchLike(picture);
    }

    private CopyMatch? SearchLike(PictureOf picture) => _held.Descriptors is null ? null
        : Best(_held.Descriptors.Within(rule.RowOf(picture.Keys)).Where(near => IsOther(picture.Uid, near.Id)).Select(near => Match(near.Id, near.Score)));

    private CopyMatch? Since(int first, CopyMatch? nearest, PictureOf picture)
    {
        var look = picture.Keys.Look!.Value;
        var row = rule.RowOf(picture.Keys);
        for (var id = first; id < _held.Count; id++)
        {
            if (!IsOther(picture.Uid, id))
                continue;
            if (look.Distance(_held.Looks[id]) is var distance && distance <= PdqHash.MatchDistance)
                nearest = CopyMatch.Best(nearest, Match(new(id, distance)));
            else if (_held.Descriptors?.Match(id, row) is { } score)
                nearest = CopyMatch.Best(nearest, Match(id, score));
        }
        return nearest;
    }

    private static CopyMatch? Best(IEnumerable<CopyMatch> matches) => matches.Aggregate((CopyMatch?)null, (best, match) => CopyMatch.Best(best, match));

    // There, and another pair's.
    private bool IsOther(PairUid uid, int id) => _held.Uids[id] != uid && !_removed.Contains(id);

    private CopyMatch Match(PdqNeighbour near) => new(CopyKind.Look, near.Distance, _held.Uids[near.Id]);

    private CopyMatch Match(int id, float score) => new(CopyKind.Likeness, 0, _held.Uids[id], score);

    /// <summary>What is held, by one number a picture.</summary>
    private sealed class Held(CopyRule rule)
    {
        public PdqIndex Looks { get; } = new();
        public GrowingLists? Descriptors { get; } = rule.Likeness is null ? null : new(rule.Likeness);
        public List<PairUid> Uids { get; } = [];
        public List<byte> Ranges { get; } = [];
        public int Count => Uids.Count;

        public void Add(byte range, PairUid uid, PdqHash look, ReadOnlySpan<Half> row)
        {
            Looks.Add(look);
            Descriptors?.Add(row);
            Uids.Add(uid);
            Ranges.Add(range);
        }

        public void AddFrom(Held other, int id) => Add(other.Ranges[id], other.Uids[id], other.Looks[id], other.Descriptors is null ? [] : other.Descriptors[id]);
    }
}
