using System.Numerics.Tensors;
using WebImageText.Curate.Dedup.Index;

namespace WebImageText.Curate.Dedup.Search;

/// <summary>
/// When two stored descriptors are of one picture: their likeness reaches the least, and they share a list. It is the same on
/// every node and in both directions, bit by bit, and can be looked up.
/// </summary>
/// <remarks>
/// A product of two 16-bit floats is a whole number of 2^-48, and all partial sums of descriptors of length 1 stay below 2, so
/// that a 64-bit sum of them is exact in whatever order it is made.
/// </remarks>
public sealed class LikenessRule
{
    /// <summary>The smallest likeness that may be asked for: what is less alike would have to stand in very many lists to be found.</summary>
    public const float LeastLeast = 0.75f;

    /// <summary>More than a 32-bit sum of descriptors is ever off.</summary>
    private const float Slack = 1e-4f;

    // Half's rounding makes a descriptor a little longer than 1; what is far longer, or not finite, is none.
    private const double Most = 1.02;

    private readonly byte[] _mark;
    private readonly int _dimension;
    private readonly ListPlaces _places;

    /// <param name="least">Likeness from which on two are one picture, 0.75-1.</param>
    /// <param name="model">Hash of the model that made them: others are not compared.</param>
    /// <param name="dimension">Numbers in a descriptor.</param>
    public LikenessRule(float least, string model, int dimension) : this(least, model, dimension, ListPlaces.Lists) { }

    internal LikenessRule(float least, string model, int dimension, int lists)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(least, LeastLeast);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(least, 1);
        (Least, _mark, _dimension) = (least, StoredDescriptor.MarkOf(model), dimension);
        _places = new(dimension, Stands, lists);
    }

    /// <summary>Likeness from which on two are one picture.</summary>
    public float Least { get; }

    /// <summary>
    /// Lists that a descriptor stands in: the less alike two may be, the fewer they share. So many that of copies just alike enough
    /// 999 in 1,000 meet, as measured: <c>wit bench likeness</c>.
    /// </summary>
    public int Stands => Least switch { >= 0.95f => 8, >= 0.85f => 16, >= 0.8f => 28, _ => 40 };

    /// <summary>Numbers in a descriptor.</summary>
    internal int Dimension => _dimension;

    internal int Lists => _places.Count;

    /// <summary>The numbers in a cell of a data set; none where it is of another model.</summary>
    public ReadOnlySpan<Half> RowOf(ReadOnlySpan<byte> cell) => StoredDescriptor.IsOf(cell, _mark, _dimension) ? StoredDescriptor.Numbers(cell) : [];

    /// <summary>The lists that a descriptor stands in, ascending; none for an empty one, or one of zeros.</summary>
    internal int[] ListsOf(ReadOnlySpan<Half> row) => row.IndexOfAnyExcept(Half.Zero) < 0 ? [] : _places.Of(row);

    /// <summary>False for nearly all that are not of one picture, and for none that are: a look that costs little.</summary>
    public bool MayMatch(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => a.Length == b.Length && a.Length > 0 && TensorPrimitives.Dot(a, b) >= Least - Slack;

    /// <summary>How alike two descriptors are; null if they are not of one picture.</summary>
    public float? Match(ReadOnlySpan<Half> a, ReadOnlySpan<Half> b) =>
        Score(a, b) is { } score && DoMeet(ListsOf(a), ListsOf(b)) ? score : null;

    /// <summary>How alike two descriptors are; null if that is too little.</summary>
    internal float? Score(ReadOnlySpan<Half> a, ReadOnlySpan<Half> b)
    {
        if (a.IsEmpty || b.IsEmpty)
            return null;
        var sum = 0.0;
        for (var at = 0; at < a.Length; at++)
            sum += (double)a[at] * (double)b[at];
        return (float)sum >= Least && sum <= Most ? (float)sum : null;
    }

    private static bool DoMeet(int[] a, int[] b)
    {
        var (left, right) = (0, 0);
        while (left < a.Length && right < b.Length)
        {
            if (a[left] == b[right])
                return true;
            if (a[left] < b[right])
                left++;
            else
                right++;
        }
        return false;
    }
}
