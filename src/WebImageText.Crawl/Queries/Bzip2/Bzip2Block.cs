using System.Buffers.Binary;

namespace WebImageText.Crawl.Queries.Bzip2;

/// <summary>Decodes one block of a bzip2 stream; one instance is used again by one thread.</summary>
/// <remarks>The format is that of bzip2 1.0 (Seward); blocks are independent of each other, which is what lets several
/// be decoded at once. The randomised blocks of versions before 0.9.5 are refused.</remarks>
internal sealed class Bzip2Block
{
    private const int GroupSize = 50;
    private const int FastBits = 11;

    private readonly uint[] _links = new uint[900_000];
    private readonly byte[] _selectors = new byte[32_768];
    private readonly ushort[] _group = new ushort[GroupSize];
    private readonly Bzip2Unsorter _unsorter = new();
    private readonly HuffmanTable[] _tables = [new(), new(), new(), new(), new(), new()];
    private byte[] _output = new byte[1_000_000];

    // The compressed bits.
    private byte[] _input = [];
    private long _bits;
    private int _bitCount;
    private int _next;
    private int _end; // bits

    /// <summary>Decoded bytes of the last block; valid until the next one.</summary>
    public ReadOnlySpan<byte> Output => _output.AsSpan(0, Length);

    public int Length { get; private set; }

    /// <param name="input">Compressed bytes; 8 more may be read.</param>
    /// <param name="firstBit">First bit of the block's magic number.</param>
    /// <param name="endBit">One past the last bit that is there.</param>
    /// <param name="level">1 to 9 times 100,000 bytes a block, from the stream's header.</param>
    /// <returns>The block's checksum, which the stream's is made of.</returns>
    /// <exception cref="InvalidDataException">The block is damaged or cut.</exception>
    public uint Decode(byte[] input, int firstBit, int endBit, int level)
    {
        _input = input;
        _next = firstBit >> 3;
        _bits = 0;
        _bitCount = 0;
        _end = endBit;
        Take(firstBit & 7);
        if (((ulong)Take(24) << 24 | Take(24)) != Bzip2Splitter.BlockMagic)
            throw new InvalidDataException("a block does not begin as one");
        var expected = Take(16) << 16 | Take(16);
        if (Take(1) != 0)
            throw new InvalidDataException("a block is randomised, as bzip2 before 0.9.5 did; recompress the file");
        var origin = Take(24);
        var count = ReadSymbols(level * 100_000);
        if (origin >= count)
            throw new InvalidDataException("a block's origin is out of range");
        var actual = Unsort(count, origin);
        return actual == expected ? actual : throw new InvalidDataException("a block's checksum does not fit");
    }

    /// <summary>Huffman codes, runs of zeros and move-to-front back to the sorted bytes, kept in the low bits of the links.</summary>
    private int ReadSymbols(int limit)
    {
        Span<byte> front = stackalloc byte[256];
        var used = ReadUsedBytes(front);
        if (used == 0)
            throw new InvalidDataException("a block uses no byte");
        var tables = (int)Take(3);
        var selectors = (int)Take(15);
        if (tables is < 2 or > 6 || selectors < 1)
            throw new InvalidDataException("a block's tables are out of range");
        ReadSelectors(selectors, tables);
        for (var table = 0; table < tables; table++)
            ReadTable(_tables[table], used + 2);

        Span<int> counts = stackalloc int[256];
        counts.Clear();
        var links = _links;
        var endOfBlock = used + 1;
        var count = 0;
        var run = 0;
        var runBit = 0;
        for (var group = 0; group < selectors; group++)
        {
            ReadGroup(_tables[_selectors[group]]);
            foreach (int symbol in _group)
            {
                if (symbol <= 1)
                {
                    if (runBit > 20)
                        throw new InvalidDataException("a run is longer than a block");
                    run += symbol + 1 << runBit++;
                    continue;
                }
                if (runBit > 0)
                {
                    if (run > limit - count)
                        throw new InvalidDataException("a block is longer than its stream allows");
                    links.AsSpan(count, run).Fill(front[0]);
                    counts[front[0]] += run;
                    count += run;
                    run = runBit = 0;
                }
                if (symbol == endOfBlock)
                {
                    ToLinks(links.AsSpan(0, count), counts);
                    return count;
                }
                if (count >= limit || symbol > endOfBlock)
                    throw new InvalidDataException("a block is longer than its stream allows, or cut");
                var place = symbol - 1;
                var value = front[place];
                if (place < 16)
                {
                    for (; place > 0; place--)
                        front[place] = front[place - 1];
                }
                else
                    front[..place].CopyTo(front[1..]);
                front[0] = value;
                links[count++] = value;
                counts[value]++;
            }
        }
        throw new InvalidDataException("a block has no end");
    }

    /// <summary>Reads the symbols of a group ahead. After the block's end come bits of what follows, which nobody looks at.</summary>
    private void ReadGroup(HuffmanTable table)
    {
        var (bits, bitCount, fast) = (_bits, _bitCount, table.Fast);
        foreach (ref var symbol in _group.AsSpan())
        {
            if (bitCount < 20)
            {
                bits = bits << 32 | NextBits();
                bitCount += 32;
            }
            var window = (uint)(bits >> (bitCount - 20)) & 0xFFFFF;
            var entry = fast[window >> (20 - FastBits)];
            if (entry == 0)
                entry = table.FindLong(window);
            bitCount -= entry & 31;
            symbol = entry == 0 ? ushort.MaxValue : (ushort)(entry >> 5);
        }
        (_bits, _bitCount) = (bits, bitCount);
    }

    private int ReadUsedBytes(Span<byte> used)
    {
        var count = 0;
        var ranges = Take(16);
        for (var range = 0; range < 16; range++)
        {
            if ((ranges >> (15 - range) & 1) == 0)
                continue;
            var bytes = Take(16);
            for (var at = 0; at < 16; at++)
            {
                if ((bytes >> (15 - at) & 1) != 0)
                    used[count++] = (byte)(range * 16 + at);
            }
        }
        return count;
    }

    private void ReadSelectors(int count, int tables)
    {
        Span<byte> front = [0, 1, 2, 3, 4, 5];
        for (var at = 0; at < count; at++)
        {
            var place = 0;
            while (Take(1) != 0)
            {
                if (++place >= tables)
                    throw new InvalidDataException("a selector is out of range");
            }
            var value = front[place];
            front[..place].CopyTo(front[1..]);
            front[0] = value;
            _selectors[at] = value;
        }
    }

    private void ReadTable(HuffmanTable table, int symbols)
    {
        Span<byte> lengths = stackalloc byte[258];
        var length = (int)Take(5);
        for (var symbol = 0; symbol < symbols; symbol++)
        {
            while (true)
            {
                if (length is < 1 or > HuffmanTable.MaxLength)
                    throw new InvalidDataException("a code length is out of range");
                if (Take(1) == 0)
                    break;
                length += Take(1) == 0 ? 1 : -1;
            }
            lengths[symbol] = (byte)length;
        }
        table.Build(lengths[..symbols]);
    }

    // What follows the byte in sorted order: the inverse of the Burrows-Wheeler transform, one link a byte.
    private static void ToLinks(Span<uint> links, Span<int> counts)
    {
        var sum = 0;
        foreach (ref var count in counts)
            (count, sum) = (sum, sum + count);
        for (var at = 0; at < links.Length; at++)
            links[counts[(int)(links[at] & 0xFF)]++] |= (uint)at << 8;
    }

    /// <summary>Follows the links, and undoes the first run-length coding: four equal bytes are followed by a count.</summary>
    private uint Unsort(int count, uint origin)
    {
        _unsorter.Run(_links.AsSpan(0, count), (int)origin);
        var output = _output;
        var length = 0;
        var same = 0;
        var last = -1;
        // Round and round: a block that repeats itself has a chain only as long as what it repeats.
        for (int left = count, piece = _unsorter.First; left > 0;)
        {
            var bytes = _unsorter.Read(piece, out piece);
            bytes = bytes[..Math.Min(bytes.Length, left)];
            left -= bytes.Length;
            if (output.Length - length < bytes.Length)
                Array.Resize(ref output, Math.Max(output.Length * 2, length + bytes.Length));
            foreach (var value in bytes)
            {
                if (same == 4)
                {
                    if (output.Length - length < 256 + bytes.Length)
                        Array.Resize(ref output, output.Length * 2 + bytes.Length);
                    output.AsSpan(length, value).Fill((byte)last);
                    length += value;
                    same = 0;
                    last = -1;
                    continue;
                }
                output[length++] = value;
                same = value == last ? same + 1 : 1;
                last = value;
            }
        }
        _output = output;
        Length = length;
        return Bzip2Checksum.Of(output.AsSpan(0, length));
    }

    private uint Take(int count)
    {
        if (count == 0)
            return 0;
        Fill();
        _bitCount -= count;
        return _bitCount >= 0 ? (uint)(_bits >> _bitCount) & (1u << count) - 1
            : throw new InvalidDataException("the file is cut");
    }

    // At least 32 bits afterwards, zeros beyond the end.
    private void Fill()
    {
        if (_bitCount > 31)
            return;
        if (_next * 8L >= _end + 64L)
            throw new InvalidDataException("the file is cut");
        _bits = _bits << 32 | NextBits();
        _bitCount += 32;
    }

    private uint NextBits()
    {
        _next += 4;
        return _next <= _input.Length ? BinaryPrimitives.ReadUInt32BigEndian(_input.AsSpan(_next - 4)) : 0;
    }

    private sealed class HuffmanTable
    {
        public const int MaxLength = 20;

        /// <summary>By the next bits: symbol * 32 + length; 0 where the code is longer.</summary>
        public readonly ushort[] Fast = new ushort[1 << FastBits];

        private readonly uint[] _limits = new uint[MaxLength + 2]; // first window value beyond the codes of a length
        private readonly int[] _offsets = new int[MaxLength + 2];
        private readonly ushort[] _symbols = new ushort[258];

        public void Build(ReadOnlySpan<byte> lengths)
        {
            Array.Clear(Fast);
            var code = 0u;
            var place = 0;
            for (var length = 1; length <= MaxLength; length++)
            {
                _offsets[length] = place - (int)code;
                for (var symbol = 0; symbol < lengths.Length; symbol++)
                {
                    if (lengths[symbol] != length)
                        continue;
                    if (code >> length != 0)
                        throw new InvalidDataException("the codes of a table overlap");
                    if (length <= FastBits)
                        Fast.AsSpan((int)(code << (FastBits - length)), 1 << (FastBits - length)).Fill((ushort)(symbol << 5 | length));
                    _symbols[place++] = (ushort)symbol;
                    code++;
                }
                _limits[length] = code << (MaxLength - length);
                code <<= 1;
            }
        }

        public ushort FindLong(uint window)
        {
            for (var length = FastBits + 1; length <= MaxLength; length++)
            {
                if (window < _limits[length])
                    return (ushort)(_symbols[_offsets[length] + (int)(window >> (MaxLength - length))] << 5 | length);
            }
            return 0;
        }
    }
}
