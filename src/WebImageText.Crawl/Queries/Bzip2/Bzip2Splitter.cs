namespace WebImageText.Crawl.Queries.Bzip2;

/// <summary>A compressed block, cut out of its stream.</summary>
/// <param name="Bytes">The bytes that hold it.</param>
/// <param name="FirstBit">Where its magic number begins in them.</param>
/// <param name="EndBit">Where the next magic number begins, or the bytes end.</param>
/// <param name="Level">1 to 9, from the stream's header.</param>
/// <param name="Offset">Byte of the file in which it begins.</param>
/// <param name="StreamChecksum">After the last block of a stream: what the checksums of its blocks must come to.</param>
internal sealed record CompressedBlock(byte[] Bytes, int FirstBit, int EndBit, int Level, long Offset, uint? StreamChecksum);

/// <summary>
/// Cuts a bzip2 file into its blocks without decoding them: each begins with the same 48 bits, at any bit of a byte.
/// Several streams one after the other (as pbzip2 and Wikipedia's multistream dumps have them) are one file.
/// </summary>
internal sealed class Bzip2Splitter(Stream file)
{
    public const ulong BlockMagic = 0x314159265359;
    private const ulong EndMagic = 0x177245385090;
    private const ulong MagicMask = (1UL << 48) - 1;

    /// <summary>Bytes of one compressed block, at most: what does not shrink grows a little.</summary>
    private const int MaxBlock = 1_500_000;

    // A byte that lies wholly inside a magic number, for each of the 8 ways it can lie: most bytes rule all of them out.
    private static readonly bool[] Inside = MakeInside();

    private byte[] _buffer = new byte[4 * MaxBlock];
    private int _from; // bytes before it are done with
    private int _to;
    private long _offset; // of _buffer[0] in the file
    private bool _ended;
    private bool _isOpen;
    private int _level;
    private long _bit; // where the next block begins, from _buffer[0]

    /// <summary>The next block, or null at the end of the file.</summary>
    /// <exception cref="InvalidDataException">This is no bzip2 file, or it is cut or damaged.</exception>
    public CompressedBlock? Next()
    {
        while (true)
        {
            if (!_isOpen && !OpenStream())
                return null;
            Need(_bit / 8, 10 + 8);
            if (_to - _bit / 8 < 10)
                throw Broken("the file ends within a stream: it is cut");
            if (PeekBits(_bit) != EndMagic)
                break;
            _isOpen = false; // a stream without a block
            _from = (int)((_bit + 80 + 7) / 8);
        }
        if (PeekBits(_bit) != BlockMagic)
            throw Broken("neither a block nor the end of the stream begins here");
        return Cut(FindMagic(_bit + 48));
    }

    /// <summary>A block with the next one's bits: what looked like a magic number between them was part of it.</summary>
    public static CompressedBlock Join(CompressedBlock block, CompressedBlock next)
    {
        var whole = block.EndBit / 8; // the next block's first byte is the one in which this one ends
        return next with
        {
            Bytes = [.. block.Bytes.AsSpan(0, whole), .. next.Bytes],
            FirstBit = block.FirstBit,
            EndBit = whole * 8 + next.EndBit,
            Offset = block.Offset,
        };
    }

    private bool OpenStream()
    {
        Need(_from, 4);
        if (_from >= _to)
            return _offset + _from == 0 ? throw Broken("the file is empty") : false;
        if (_to - _from < 4 || !_buffer.AsSpan(_from, 3).SequenceEqual("BZh"u8) || _buffer[_from + 3] is < (byte)'1' or > (byte)'9')
            throw Broken("no bzip2 stream begins here");
        _level = _buffer[_from + 3] - '0';
        _bit = (_from + 4) * 8L;
        _isOpen = true;
        return true;
    }

    private CompressedBlock Cut(long end)
    {
        var first = _bit / 8;
        var bytes = new byte[(end + 7) / 8 - first + 8];
        Array.Copy(_buffer, first, bytes, 0, Math.Min(bytes.Length, _to - first));
        uint? checksum = null;
        if (PeekBits(end) == EndMagic)
        {
            checksum = (uint)(PeekBits(end + 48) >> 16);
            _isOpen = false;
        }
        var block = new CompressedBlock(bytes, (int)(_bit & 7), (int)(end - first * 8), _level, _offset + first, checksum);
        _bit = end;
        _from = (int)(_isOpen ? end / 8 : (end + 80 + 7) / 8);
        return block;
    }

    /// <summary>The first bit of the next magic number at or after a bit.</summary>
    private long FindMagic(long bit)
    {
        var at = bit / 8;
        while (true)
        {
            for (; at + 16 <= _to; at++)
            {
                if (!Inside[_buffer[at + 2]])
                    continue;
                for (var shift = 0; shift < 8; shift++)
                {
                    var found = at * 8 + shift;
                    if (found >= bit && PeekBits(found) is BlockMagic or EndMagic)
                        return found;
                }
            }
            if (_ended)
            {
                if (at + 10 > _to) // the end mark and its checksum are 10 bytes
                    throw Broken("the file ends within a block: it is cut");
                Array.Resize(ref _buffer, Math.Max(_buffer.Length, _to + 32));
                _buffer.AsSpan(_to, 16).Clear();
                for (; at + 10 <= _to; at++)
                {
                    for (var shift = 0; shift < 8; shift++)
                    {
                        if (at * 8 + shift + 80 <= _to * 8L && PeekBits(at * 8 + shift) == EndMagic)
                            return at * 8 + shift;
                    }
                }
                throw Broken("the file ends within a block: it is cut");
            }
            if (at - _bit / 8 > MaxBlock)
                throw Broken("no block is as long as what follows here");
            var moved = Need(at, 16 + (1 << 16));
            (at, bit) = (at - moved, bit - moved * 8L);
        }
    }

    /// <summary>48 bits from a bit on.</summary>
    private ulong PeekBits(long bit)
    {
        var bytes = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(_buffer.AsSpan((int)(bit / 8)));
        return bytes >> (16 - (int)(bit & 7)) & MagicMask;
    }

    /// <summary>Reads until so many bytes follow <paramref name="at"/>; returns by how much the buffer's content moved.</summary>
    private int Need(long at, int count)
    {
        if (_to - at >= count || _ended)
            return 0;
        var keep = _isOpen ? (int)(_bit / 8) : _from;
        _buffer.AsSpan(keep, _to - keep).CopyTo(_buffer);
        _offset += keep;
        _to -= keep;
        _from = 0;
        _bit -= keep * 8L;
        if (_buffer.Length < at - keep + count + 16)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        while (_to < _buffer.Length - 16 && !_ended)
        {
            var read = file.Read(_buffer, _to, _buffer.Length - 16 - _to);
            _ended = read == 0;
            _to += read;
        }
        return keep;
    }

    private InvalidDataException Broken(string what) => new($"byte {_offset + (_isOpen ? _bit / 8 : _from)}: {what}");

    private static bool[] MakeInside()
    {
        var inside = new bool[256];
        foreach (var magic in (ReadOnlySpan<ulong>)[BlockMagic, EndMagic])
        {
            for (var shift = 0; shift < 8; shift++)
                inside[(byte)(magic >> (24 + shift))] = true;
        }
        return inside;
    }
}
