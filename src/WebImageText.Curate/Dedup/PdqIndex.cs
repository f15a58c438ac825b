using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace WebImageText.Curate.Dedup;

/// <summary>A hash of an index that lies near another.</summary>
/// <param name="Id">Its place in the order in which hashes were added, from 0.</param>
/// <param name="Distance">Bits that differ, 0-256.</param>
public readonly record struct PdqNeighbour(int Id, int Distance);

/// <summary>
/// Hashes in memory, and every one of them within a distance of another: none is missed. Any number of threads may search while
/// none adds.
/// </summary>
/// <remarks>
/// Multi-index hashing (Norouzi, Punjani and Fleet 2012, arXiv:1307.2982): 16 parts of 16 bits. Two hashes that differ in 31 bits
/// or fewer differ in at most 1 bit of some part, so 16 x 17 buckets hold every neighbour; in 47 or fewer, 16 x 137 buckets do.
/// Few hashes, or far ones, are compared one by one. A hash takes about 120 bytes.
/// </remarks>
public sealed class PdqIndex
{
    private const int Parts = 16, Buckets = 1 << 16, PageSize = 1 << 14, BatchSize = 256;

    /// <summary>Up to here comparing with every hash is faster than the buckets, and takes less memory.</summary>
    private const int Few = 1 << 14;

    // Flips[r]: every 16-bit mask of r bits.
    private static readonly ushort[][] Flips = [.. Enumerable.Range(0, 3).Select(bits =>
        Enumerable.Range(0, Buckets).Where(mask => int.PopCount(mask) == bits).Select(mask => (ushort)mask).ToArray())];

    private readonly int _few;
    private PdqHash[][] _pages = [];
    private Bucket[]? _buckets;

    private struct Bucket
    {
        public int[]? Ids;
        public int Count;
    }

    /// <summary>An empty index.</summary>
    public PdqIndex() : this(Few) { }

    internal PdqIndex(int few) => _few = few;

    /// <summary>How many hashes it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The hash that was added as the <paramref name="id"/>-th.</summary>
    public PdqHash this[int id] => id < Count ? At(id) : throw new ArgumentOutOfRangeException(nameof(id));

    /// <summary>Adds a hash and gives its id.</summary>
    public int Add(PdqHash hash)
    {
        if (Count == _pages.Length * PageSize)
            _pages = [.. _pages, new PdqHash[PageSize]];
        At(Count) = hash;
        if (_buckets is not null)
            Fill(_buckets, Count, hash);
        Count++;
        if (_buckets is null && Count > _few)
        {
            _buckets = new Bucket[Parts * Buckets];
            for (var id = 0; id < Count; id++)
                Fill(_buckets, id, At(id));
        }
        return Count - 1;
    }

    /// <summary>The nearest hash within a distance, the first added of several; null when there is none.</summary>
    public PdqNeighbour? Nearest(PdqHash hash, int maxDistance = PdqHash.MatchDistance)
    {
        var best = new PdqNeighbour(int.MaxValue, maxDistance + 1);
        if (_buckets is null || !IsBucketed(maxDistance))
        {
            for (var id = 0; id < Count; id++)
                Offer(ref best, id, hash.Distance(At(id)));
            return best.Distance <= maxDistance ? best : null;
        }
        Span<int> candidates = stackalloc int[BatchSize];
        // After the buckets that differ in r bits, every hash nearer than 16 (r + 1) was seen.
        for (var bits = 0; Parts * bits <= Math.Min(best.Distance, maxDistance); bits++)
            for (var part = 0; part < Parts; part++)
                for (var walk = new Walk(this, _buckets, hash, part, bits); walk.Next(candidates) is > 0 and var count;)
                    foreach (var id in candidates[..count])
                        Offer(ref best, id, hash.Distance(At(id)));
        return best.Distance <= maxDistance ? best : null;
    }

    /// <summary>Every hash within a distance, in the order in which they were added.</summary>
    public IReadOnlyList<PdqNeighbour> Within(PdqHash hash, int maxDistance = PdqHash.MatchDistance)
    {
        var found = new List<PdqNeighbour>();
        if (_buckets is null || !IsBucketed(maxDistance))
        {
            for (var id = 0; id < Count; id++)
                if (hash.Distance(At(id)) is var distance && distance <= maxDistance)
                    found.Add(new(id, distance));
            return found;
        }
        Span<int> candidates = stackalloc int[BatchSize];
        var most = maxDistance / Parts;
        for (var part = 0; part < Parts; part++)
            for (var bits = 0; bits <= most; bits++)
                for (var walk = new Walk(this, _buckets, hash, part, bits); walk.Next(candidates) is > 0 and var count;)
                    foreach (var id in candidates[..count])
                        if (hash.Distance(At(id)) is var distance && distance <= maxDistance && !WasInEarlierPart(hash, At(id), part, most))
                            found.Add(new(id, distance));
        found.Sort((a, b) => a.Id.CompareTo(b.Id));
        return found;
    }

    // With more flipped bits the buckets outnumber the hashes.
    private static bool IsBucketed(int maxDistance) => maxDistance < Parts * Flips.Length;

    private ref PdqHash At(int id) => ref _pages[id / PageSize][id % PageSize];

    private static void Offer(ref PdqNeighbour best, int id, int distance)
    {
        if (distance < best.Distance || distance == best.Distance && id < best.Id)
            best = new(id, distance);
    }

    private static bool WasInEarlierPart(PdqHash a, PdqHash b, int part, int most)
    {
        for (var earlier = 0; earlier < part; earlier++)
            if (int.PopCount(Part(a, earlier) ^ Part(b, earlier)) <= most)
                return true;
        return false;
    }

    private static void Fill(Bucket[] buckets, int id, PdqHash hash)
    {
        for (var part = 0; part < Parts; part++)
        {
            ref var bucket = ref buckets[part * Buckets + Part(hash, part)];
            if (bucket.Ids is null || bucket.Ids.Length == bucket.Count)
                Array.Resize(ref bucket.Ids, Math.Max(2, bucket.Count + bucket.Count / 2));
            bucket.Ids[bucket.Count++] = id;
        }
    }

    private static int Part(PdqHash hash, int part) => (ushort)((part / 4) switch
    {
        0 => hash.W0,
        1 => hash.W1,
        2 => hash.W2,
        _ => hash.W3,
    } >> part % 4 * 16);

    /// <summary>
    /// The ids in the buckets of one part that differ in some bits, in batches: the memory of a batch's hashes is on its way
    /// before the first is compared.
    /// </summary>
    private struct Walk
    {
        private readonly PdqIndex _index;
        private readonly Bucket[] _buckets;
        private readonly ushort[] _flips;
        private readonly int _first, _value;
        private int _flip, _at;

        public Walk(PdqIndex index, Bucket[] buckets, PdqHash hash, int part, int bits)
        {
            (_index, _buckets, _flips, _first, _value) = (index, buckets, Flips[bits], part * Buckets, Part(hash, part));
            foreach (var flip in _flips)
                Prefetch(ref _buckets[_first + (_value ^ flip)]);
        }

        public int Next(scoped Span<int> candidates)
        {
            var count = 0;
            while (_flip < _flips.Length && count < candidates.Length)
            {
                ref var bucket = ref _buckets[_first + (_value ^ _flips[_flip])];
                for (; _at < bucket.Count && count < candidates.Length; _at++)
                {
                    candidates[count] = bucket.Ids![_at];
                    Prefetch(ref _index.At(candidates[count++]));
                }
                if (_at == bucket.Count)
                    (_flip, _at) = (_flip + 1, 0);
            }
            return count;
        }

        private static unsafe void Prefetch<T>(ref T value)
        {
            if (Sse.IsSupported)
                Sse.Prefetch0(Unsafe.AsPointer(ref value)); // a hint: a moved address is harmless
        }
    }
}
