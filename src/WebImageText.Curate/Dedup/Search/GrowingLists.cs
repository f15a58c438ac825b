using System.Numerics.Tensors;

namespace WebImageText.Curate.Dedup.Search;

/// <summary>A descriptor of an index that is of one picture with another.</summary>
/// <param name="Id">Its place in the order in which descriptors were added, from 0.</param>
/// <param name="Score">How alike they are.</param>
public readonly record struct LikeNeighbour(int Id, float Score);

/// <summary>
/// Descriptors in memory, in inverted lists, and every one of them that by a <see cref="LikenessRule"/> is of one picture with
/// another: none is missed. Any number of threads may search while none adds.
/// </summary>
/// <param name="rule">Which are of one picture.</param>
public sealed class GrowingLists(LikenessRule rule)
{
    // Pages, so that no array is ever copied or longer than an array may be.
    private const int PageRows = 1 << 14;

    private readonly List<Half[]> _pages = [];
    private readonly (int[]? Ids, int Count)[] _lists = new (int[]?, int)[rule.Lists];

    /// <summary>How many descriptors it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The descriptor that was added as the <paramref name="id"/>-th; zeros for an empty one.</summary>
    public ReadOnlySpan<Half> this[int id] => id < Count ? At(id) : throw new ArgumentOutOfRangeException(nameof(id));

    /// <summary>Adds a descriptor and gives its id. An empty one is like none.</summary>
    public int Add(ReadOnlySpan<Half> row)
    {
        if (Count == _pages.Count * PageRows)
            _pages.Add(new Half[PageRows * rule.Dimension]);
        row.CopyTo(At(Count));
        foreach (var list in rule.ListsOf(row))
        {
            ref var ids = ref _lists[list];
            if (ids.Ids is null || ids.Ids.Length == ids.Count)
                Array.Resize(ref ids.Ids, Math.Max(2, ids.Count + ids.Count / 4 + 1));
            ids.Ids[ids.Count++] = Count;
        }
        return Count++;
    }

    /// <summary>Every descriptor that is of one picture with this one, in the order in which they were added.</summary>
    public IReadOnlyList<LikeNeighbour> Within(ReadOnlySpan<Half> row)
    {
        var found = new List<LikeNeighbour>();
        if (Count == 0 || row.IsEmpty)
            return found;
        float[] wide = new float[rule.Dimension], other = new float[rule.Dimension];
        TensorPrimitives.ConvertToSingle(row, wide);
        foreach (var list in rule.ListsOf(row))
        {
            var (ids, count) = _lists[list];
            foreach (var id in ids.AsSpan(0, count))
            {
                TensorPrimitives.ConvertToSingle(At(id), other);
                if (rule.MayMatch(wide, other) && rule.Score(row, At(id)) is { } score)
                    found.Add(new(id, score));
            }
        }
        return [.. found.Distinct().OrderBy(near => near.Id)];
    }

    /// <summary>How many a search for this one compares: what stands in more of its lists counts for each.</summary>
    public long Compared(ReadOnlySpan<Half> row)
    {
        var compared = 0L;
        foreach (var list in rule.ListsOf(row))
            compared += _lists[list].Count;
        return compared;
    }

    /// <summary>How alike a descriptor is to the <paramref name="id"/>-th; null if they are not of one picture.</summary>
    public float? Match(int id, ReadOnlySpan<Half> row) => rule.Match(row, At(id));

    private Span<Half> At(int id) => _pages[id / PageRows].AsSpan(id % PageRows * rule.Dimension, rule.Dimension);
}
