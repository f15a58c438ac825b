using System.Numerics;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;

namespace WebImageText.Curate.Dedup.Search;

/// <summary>
/// The lists that a descriptor stands in: those of its nearest centres. The centres are fixed, so that every node, at any time,
/// puts a descriptor where every other one does, and a data set that is empty yet has lists.
/// </summary>
/// <remarks>
/// Cross-polytopes (Andoni et al. 2015, arXiv:1509.02897): the centres are the axes, in both directions, of many turned
/// spaces. A turn is signs of chance, a Hadamard transform, and twice more; the first two are shared. All in whole numbers, because
/// two processors need not round alike.
/// </remarks>
internal sealed class ListPlaces
{
    /// <summary>Enough that a list of 25 million descriptors, each in 16 of them, has 6,000.</summary>
    public const int Lists = 1 << 16;

    /// <summary>A descriptor's numbers are rounded to so many parts of 1: what stays below 2^31 after three transforms of 8,192.</summary>
    private const float Parts = 2048;

    private readonly int _width, _stands, _turns;
    private readonly int[] _first, _second, _signs;

    /// <param name="dimension">Numbers in a descriptor, up to 8,192.</param>
    /// <param name="stands">Lists that each stands in.</param>
    /// <param name="lists">Lists in all.</param>
    public ListPlaces(int dimension, int stands, int lists = Lists)
    {
        _width = (int)BitOperations.RoundUpToPowerOf2((uint)dimension);
        _stands = stands;
        _turns = Math.Max(1, lists / (2 * _width));
        Count = _turns * 2 * _width;
        (_first, _second, _signs) = (Signs("first", _width), Signs("second", _width), Signs("turns", _turns * _width));
    }

    /// <summary>Lists in all.</summary>
    public int Count { get; }

    /// <summary>The lists of a descriptor, ascending.</summary>
    public int[] Of(ReadOnlySpan<Half> row)
    {
        Span<int> turned = new int[_width], turn = new int[_width];
        for (var at = 0; at < row.Length; at++)
            turned[at] = (int)MathF.Round(Math.Clamp((float)row[at], -1, 1) * Parts);
        Turn(turned, _first, turned);
        Turn(turned, _second, turned);
        var nearest = new Nearest(_stands);
        for (var number = 0; number < _turns; number++)
        {
            Turn(turned, _signs.AsSpan(number * _width, _width), turn);
            for (var axis = 0; axis < _width; axis++)
                if (Math.Abs(turn[axis]) is var nearness && nearness > nearest.Least)
                    nearest.Take(nearness, 2 * (number * _width + axis) + (turn[axis] < 0 ? 1 : 0));
        }
        return nearest.Lists();
    }

    private static void Turn(ReadOnlySpan<int> row, ReadOnlySpan<int> signs, Span<int> turned)
    {
        TensorPrimitives.Multiply(row, signs, turned);
        for (var half = turned.Length / 2; half > 0; half /= 2)
            for (var at = 0; at < turned.Length; at += 2 * half)
                AddAndSubtract(turned.Slice(at, half), turned.Slice(at + half, half));
    }

    private static void AddAndSubtract(Span<int> left, Span<int> right)
    {
        var at = 0;
        for (; at + Vector<int>.Count <= left.Length; at += Vector<int>.Count)
        {
            var (a, b) = (new Vector<int>(left[at..]), new Vector<int>(right[at..]));
            (a + b).CopyTo(left[at..]);
            (a - b).CopyTo(right[at..]);
        }
        for (; at < left.Length; at++)
            (left[at], right[at]) = (left[at] + right[at], left[at] - right[at]);
    }

    // Bits of hashes: the same for ever, which a generator of random numbers does not promise.
    private static int[] Signs(string name, int count)
    {
        var signs = new int[count];
        for (var at = 0; at < count; at += 256)
        {
            var bits = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"lists of descriptors, version 1, {name}, {at / 256}")));
            for (var bit = 0; bit < Math.Min(256, count - at); bit++)
                signs[at + bit] = (bits[bit / 8] >> bit % 8 & 1) == 0 ? 1 : -1;
        }
        return signs;
    }

    /// <summary>The nearest centres so far, by nearness and then by number.</summary>
    private struct Nearest(int most)
    {
        private readonly (int Nearness, int List)[] _taken = new (int, int)[most];
        private int _count;

        /// <summary>What is not nearer than this is not taken. Of equals the first stays.</summary>
        public int Least { get; private set; } = -1;

        public void Take(int nearness, int list)
        {
            var at = _count < _taken.Length ? _count++ : _taken.Length - 1;
            for (; at > 0 && _taken[at - 1].Nearness < nearness; at--)
                _taken[at] = _taken[at - 1];
            _taken[at] = (nearness, list);
            if (_count == _taken.Length)
                Least = _taken[^1].Nearness;
        }

        public readonly int[] Lists()
        {
            var lists = new int[_count];
            for (var at = 0; at < _count; at++)
                lists[at] = _taken[at].List;
            Array.Sort(lists);
            return lists;
        }
    }
}
