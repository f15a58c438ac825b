using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace WebImageText.Crawl.Queries.Counting;

/// <summary>
/// Counts any number of distinct terms exactly in a fixed amount of memory: a hash table that is written to disk as a
/// sorted run whenever it is full. <see cref="TermMerge"/> adds the runs up.
/// </summary>
/// <remarks>
/// The table is kept in the order of the hashes (linear probing from the first bits of the hash, no wrap-around), so a run
/// is written by walking it; nothing is ever sorted. Terms are counted as they are written, and hashed as they are folded:
/// all written forms of a term stand together in every run. The table is far larger than any cache, so a term waits while
/// the next few come, until its place has arrived from memory. Not for several threads: each has its own.
/// </remarks>
internal sealed class TermCounter
{
    /// <summary>UTF-8 bytes of a term, at most; a longer one is not counted.</summary>
    public const int MaxTermBytes = 255;

    /// <summary>Places after the last home, for terms that are pushed on.</summary>
    private const int Overflow = 4096;

    /// <summary>Terms that wait; a power of two.</summary>
    private const int Ahead = 16;

    private readonly Func<string> _nextRun;
    private readonly Waiting[] _waiting = new Waiting[Ahead];
    private readonly byte[] _waitingTerms = new byte[Ahead * (MaxTermBytes + 1)];
    private uint _added;
    private readonly Slot[] _slots;
    private readonly byte[] _terms;
    private readonly int _shift;
    private readonly int _limit;
    private int _count;
    private int _termBytes;

    /// <param name="memory">Bytes to use, at least 64 KiB.</param>
    /// <param name="nextRun">Names a new file for a run.</param>
    public TermCounter(long memory, Func<string> nextRun)
    {
        _nextRun = nextRun;
        // Half for the slots, half for the terms: 16 bytes a slot, three of four in use, some 20 bytes a term.
        var bits = Math.Clamp(BitOperations.Log2((ulong)memory / 2 / 16), 8, 26);
        _shift = 64 - bits;
        _slots = new Slot[(1 << bits) + Overflow];
        _limit = (1 << bits) / 4 * 3;
        _terms = new byte[Math.Clamp(memory - _slots.Length * 16L, 1 << 14, 1 << 30)];
    }

    /// <summary>Bytes in use.</summary>
    public long Memory => _slots.Length * 16L + _terms.Length;

    private struct Slot
    {
        public ulong Hash;
        public uint Count; // 0 = empty
        public int Term; // in _terms: its length in one byte, then its bytes
    }

    private struct Waiting
    {
        public ulong Hash;
        public int Length;
        public uint Count; // 0 = nobody
    }

    /// <summary>Counts a term.</summary>
    /// <param name="hash"><see cref="HashOf"/> its folded form.</param>
    /// <param name="term">As it is written, UTF-8.</param>
    /// <param name="count">How often it occurs.</param>
    public void Add(ulong hash, ReadOnlySpan<byte> term, uint count = 1)
    {
        if (term.Length is 0 or > MaxTermBytes || count == 0)
            return;
        var place = (int)(_added++ % Ahead);
        AddWaiting(place);
        _waiting[place] = new() { Hash = hash, Length = term.Length, Count = count };
        term.CopyTo(_waitingTerms.AsSpan(place * (MaxTermBytes + 1)));
        Prefetch(ref _slots[hash >> _shift]);

        // Half-way: the slot is there, and says where the term's bytes are.
        ref readonly var half = ref _waiting[(place + Ahead / 2) % Ahead];
        ref readonly var slot = ref _slots[half.Hash >> _shift];
        if (half.Count != 0 && slot.Count != 0)
            Prefetch(ref _terms[slot.Term]);
    }

    private void AddWaiting(int place)
    {
        ref var waiting = ref _waiting[place];
        if (waiting.Count == 0)
            return;
        AddNow(waiting.Hash, _waitingTerms.AsSpan(place * (MaxTermBytes + 1), waiting.Length), waiting.Count);
        waiting.Count = 0;
    }

    private void AddNow(ulong hash, ReadOnlySpan<byte> term, uint count)
    {
        if (_count >= _limit || _termBytes + term.Length + 1 > _terms.Length)
            WriteRun();
        var at = (int)(hash >> _shift);
        while (true)
        {
            ref var slot = ref _slots[at];
            if (slot.Count == 0 || slot.Hash > hash)
                break;
            if (slot.Hash == hash && term.SequenceEqual(_terms.AsSpan(slot.Term + 1, _terms[slot.Term])))
            {
                if (slot.Count > uint.MaxValue - count)
                {
                    WriteRun();
                    AddNow(hash, term, count);
                    return;
                }
                slot.Count += count;
                return;
            }
            at++;
        }
        Insert(at, hash, term, count);
    }

    /// <summary>Writes what is counted so far as a run, and starts anew.</summary>
    public void Spill()
    {
        for (var place = 0; place < Ahead; place++)
            AddWaiting(place);
        WriteRun();
    }

    private void WriteRun()
    {
        if (_count == 0)
            return;
        using (var run = new TermRunWriter(_nextRun()))
        {
            foreach (ref readonly var slot in _slots.AsSpan())
            {
                if (slot.Count != 0)
                    run.Add(slot.Hash, slot.Count, _terms.AsSpan(slot.Term + 1, _terms[slot.Term]));
            }
        }
        Array.Clear(_slots);
        _count = 0;
        _termBytes = 0;
    }

    /// <summary>The hash by which terms are ordered.</summary>
    /// <param name="folded">The term in its folded form, UTF-8.</param>
    public static ulong HashOf(ReadOnlySpan<byte> folded)
    {
        var key = MatcherTables.LongKey(folded);
        return MatcherTables.TokenHash(key, (ulong)folded.Length);
    }

    private void Insert(int at, ulong hash, ReadOnlySpan<byte> term, uint count)
    {
        var free = at;
        while (free < _slots.Length && _slots[free].Count != 0)
            free++;
        if (free == _slots.Length)
        {
            WriteRun();
            AddNow(hash, term, count);
            return;
        }
        Array.Copy(_slots, at, _slots, at + 1, free - at);
        _slots[at] = new() { Hash = hash, Count = count, Term = _termBytes };
        _terms[_termBytes] = (byte)term.Length;
        term.CopyTo(_terms.AsSpan(_termBytes + 1));
        _termBytes += term.Length + 1;
        _count++;
    }

    // An address that the collector moves away meanwhile does no harm: nothing is read by it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Prefetch<T>(ref T place)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref place));
    }
}
