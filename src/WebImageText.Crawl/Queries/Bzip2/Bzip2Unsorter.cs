using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WebImageText.Crawl.Queries.Bzip2;

/// <summary>Follows the links of a block, which lead through all of its bytes in their order; one instance is used again by one thread.</summary>
/// <remarks>
/// A link names a place anywhere in 3.6 MB and has to arrive from memory before the next one is known: that wait, not work, is
/// most of what unpacking costs. So the chain is entered in many places and followed from four of them in turn, each time as far
/// as the next entry; the pieces are then read in the order in which they lead to each other.
/// </remarks>
internal sealed class Bzip2Unsorter
{
    private const int Entries = 64;
    private const uint Mark = 1u << 31;

    private readonly int[] _entries = new int[Entries]; // in ascending order
    private readonly Piece[] _pieces = new Piece[Entries];
    private readonly Lane[] _lanes = [new(), new(), new(), new()];
    private int _count;
    private int _next; // entry that no lane has taken yet

    /// <summary>What was read between two entries.</summary>
    /// <param name="Lane">Whose bytes.</param>
    /// <param name="From">First of them.</param>
    /// <param name="To">One past the last of them.</param>
    /// <param name="Then">Place of the entry that it leads to.</param>
    private readonly record struct Piece(Lane Lane, int From, int To, int Then);

    private sealed class Lane
    {
        public byte[] Bytes = [];
        public int Used; // where its open piece begins
        public int Piece = -1; // which one is open
    }

    /// <summary>Number of the piece that begins the block.</summary>
    public int First { get; private set; }

    /// <summary>Finds all pieces.</summary>
    /// <param name="links">Bits 0-7: the byte; bits 8-27: the place of the next link, within these. Marks are left in bit 31.</param>
    /// <param name="origin">Place of the link that leads to the first byte.</param>
    public void Run(Span<uint> links, int origin)
    {
        var first = (int)(links[origin] >> 8);
        // No entry twice: every link is in one piece, so that no lane can have more bytes than the block.
        _count = 1;
        _entries[0] = first;
        for (var at = 1; at < Entries && links.Length >= Entries * Entries; at++)
        {
            if ((int)((long)links.Length * at / Entries) is var entry && entry != first)
                _entries[_count++] = entry;
        }
        _entries.AsSpan(0, _count).Sort();
        _next = 0;
        First = _entries.AsSpan(0, _count).BinarySearch(first);
        foreach (var entry in _entries.AsSpan(0, _count))
            links[entry] |= Mark;
        foreach (var lane in _lanes)
        {
            (lane.Used, lane.Piece) = (0, -1);
            if (lane.Bytes.Length < links.Length)
                lane.Bytes = new byte[Math.Max(links.Length, 900_000)];
        }
        Follow(ref MemoryMarshal.GetReference(links));
    }

    /// <summary>The bytes of a piece, and the number of the piece that follows.</summary>
    public ReadOnlySpan<byte> Read(int piece, out int next)
    {
        var it = _pieces[piece];
        next = _entries.AsSpan(0, _count).BinarySearch(it.Then);
        return it.Lane.Bytes.AsSpan(it.From, it.To - it.From);
    }

    private void Follow(ref uint links)
    {
        uint link0 = Mark, link1 = Mark, link2 = Mark, link3 = Mark;
        int at0 = 0, at1 = 0, at2 = 0, at3 = 0, place0 = 0, place1 = 0, place2 = 0, place3 = 0;
        ref var bytes0 = ref MemoryMarshal.GetArrayDataReference(_lanes[0].Bytes);
        ref var bytes1 = ref MemoryMarshal.GetArrayDataReference(_lanes[1].Bytes);
        ref var bytes2 = ref MemoryMarshal.GetArrayDataReference(_lanes[2].Bytes);
        ref var bytes3 = ref MemoryMarshal.GetArrayDataReference(_lanes[3].Bytes);
        while (true)
        {
            var all = TakeNext(ref links, 0, ref link0, at0, place0) & TakeNext(ref links, 1, ref link1, at1, place1)
                & TakeNext(ref links, 2, ref link2, at2, place2) & TakeNext(ref links, 3, ref link3, at3, place3);
            if (!all)
                break;
            do
            {
                Step(ref links, ref bytes0, ref link0, ref at0, ref place0);
                Step(ref links, ref bytes1, ref link1, ref at1, ref place1);
                Step(ref links, ref bytes2, ref link2, ref at2, ref place2);
                Step(ref links, ref bytes3, ref link3, ref at3, ref place3);
            }
            while ((int)(link0 | link1 | link2 | link3) >= 0);
        }
        Finish(ref links, 0, link0, at0, place0);
        Finish(ref links, 1, link1, at1, place1);
        Finish(ref links, 2, link2, at2, place2);
        Finish(ref links, 3, link3, at3, place3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(ref uint links, ref byte bytes, ref uint link, ref int at, ref int place)
    {
        Unsafe.Add(ref bytes, at++) = (byte)link;
        place = (int)(link >> 8);
        link = Unsafe.Add(ref links, place);
    }

    /// <summary>Where a lane has come to a mark, closes its piece and gives it the next; false when there is none.</summary>
    private bool TakeNext(ref uint links, int number, ref uint link, int at, int place)
    {
        if ((int)link >= 0)
            return true;
        var lane = _lanes[number];
        Close(lane, at, place);
        if (_next == _count)
            return false;
        lane.Piece = _next;
        link = Unsafe.Add(ref links, _entries[_next++]) & ~Mark;
        return true;
    }

    private void Finish(ref uint links, int number, uint link, int at, int place)
    {
        var lane = _lanes[number];
        if (lane.Piece < 0)
            return;
        while ((int)link >= 0)
            Step(ref links, ref MemoryMarshal.GetArrayDataReference(lane.Bytes), ref link, ref at, ref place);
        Close(lane, at, place);
    }

    private void Close(Lane lane, int at, int place)
    {
        if (lane.Piece >= 0)
            _pieces[lane.Piece] = new(lane, lane.Used, at, place);
        (lane.Used, lane.Piece) = (at, -1);
    }
}
