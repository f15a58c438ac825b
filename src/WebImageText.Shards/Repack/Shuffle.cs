using System.Numerics;

namespace WebImageText.Shards.Repack;

/// <summary>
/// A shuffle of the numbers below a count that needs no memory: where each number goes is computed, and no two go to one place.
/// The same seed and count give the same order everywhere.
/// </summary>
/// <remarks>A Feistel network over the next even number of bits; what falls beyond the count is sent through it again (Black and Rogaway 2002).</remarks>
internal sealed class Shuffle
{
    private const int Rounds = 6;

    private readonly ulong[] _keys = new ulong[Rounds];
    private readonly int _half;
    private readonly ulong _mask;
    private readonly ulong _count;

    public Shuffle(long count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _count = (ulong)count;
        _half = Math.Max(1, (BitOperations.Log2(Math.Max(1, _count - 1)) + 2) / 2);
        _mask = (1UL << _half) - 1;
        for (var round = 0; round < Rounds; round++)
            _keys[round] = Mix(seed + ((ulong)(round + 1) * 0x9E3779B97F4A7C15));
    }

    /// <summary>Where a number goes.</summary>
    public long PlaceOf(long number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)number, _count);
        var place = (ulong)number;
        do
        {
            var (left, right) = (place >> _half, place & _mask);
            foreach (var key in _keys)
                (left, right) = (right, left ^ (Mix(right ^ key) & _mask));
            place = (left << _half) | right;
        }
        while (place >= _count);
        return (long)place;
    }

    // The finaliser of SplitMix64.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
