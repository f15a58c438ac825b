namespace WebImageText.Curate.Dedup.Groups;

/// <summary>Union-find: which of many things hang together. 8 bytes a thing.</summary>
/// <param name="count">Things, numbered from 0.</param>
internal sealed class DisjointSets(int count)
{
    private readonly int[] _parents = [.. Enumerable.Range(0, count)];
    private readonly int[] _sizes = [.. Enumerable.Repeat(1, count)];

    /// <summary>The number that stands for everything that hangs together with <paramref name="thing"/>.</summary>
    public int Find(int thing)
    {
        while (_parents[thing] != thing)
            thing = _parents[thing] = _parents[_parents[thing]];
        return thing;
    }

    /// <summary>Ties two things together; false when they were already.</summary>
    public bool Join(int one, int other)
    {
        (one, other) = (Find(one), Find(other));
        if (one == other)
            return false;
        if (_sizes[one] < _sizes[other])
            (one, other) = (other, one);
        (_parents[other], _sizes[one]) = (one, _sizes[one] + _sizes[other]);
        return true;
    }
}
