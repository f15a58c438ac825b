using System.Numerics.Tensors;

namespace WebImageText.Curate.Dedup;

/// <summary>Descriptors of evaluation images in memory, and the one nearest to a picture's. Any number of threads may search while none adds.</summary>
/// <param name="dimension">Numbers in a descriptor.</param>
internal sealed class GuardedRows(int dimension)
{
    // Pages, so that no array is ever copied or longer than an array may be.
    private const int PageRows = 4096;

    private readonly List<float[]> _pages = [];
    private readonly List<string> _names = [];

    /// <summary>Adds the descriptors of an image and its views.</summary>
    public void Add(string name, ReadOnlySpan<float> rows)
    {
        for (var at = 0; at < rows.Length; at += dimension)
        {
            if (_names.Count == _pages.Count * PageRows)
                _pages.Add(new float[PageRows * dimension]);
            rows.Slice(at, dimension).CopyTo(_pages[^1].AsSpan(_names.Count % PageRows * dimension));
            _names.Add(name);
        }
    }

    /// <summary>The image most like a descriptor; null when there is none.</summary>
    public (string Name, float Score)? Nearest(ReadOnlySpan<float> row)
    {
        var (best, where) = (float.NegativeInfinity, -1);
        for (var at = 0; at < _names.Count; at++)
        {
            var score = TensorPrimitives.Dot(row, _pages[at / PageRows].AsSpan(at % PageRows * dimension, dimension));
            if (score > best)
                (best, where) = (score, at);
        }
        return where < 0 ? null : (_names[where], best);
    }
}
