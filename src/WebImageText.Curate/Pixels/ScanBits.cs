using System.Buffers.Binary;

namespace WebImageText.Curate.Pixels;

/// <summary>Thrown and caught inside <see cref="JpegScanCheck"/>: a scan breaks in the middle of a block.</summary>
internal sealed class CorruptScanException(string message) : Exception(message);

/// <summary>The codes of a JPEG Huffman table (ITU-T T.81, annex C): short ones by their first bits, long ones by length.</summary>
internal sealed class HuffmanTable
{
    private const int Short = 10, Longest = 16;

    // Length of the code in the high byte, its value in the low one; 0 where no short code begins so.
    private readonly ushort[] _short = new ushort[1 << Short];
    private readonly byte[] _values;

    // Of the codes of a length, written as 16 bits: where they begin and end, and the first one's value among all.
    private readonly (int Start, int End, int Value)[] _lengths = new (int, int, int)[Longest + 1];

    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values)
    {
        _values = values.ToArray();
        var (next, used) = (0, 0);
        for (var length = 1; length <= Longest; length++)
        {
            var (count, span) = (counts[length - 1], 1 << Longest - length);
            var end = next + count * span;
            if (end > 1 << Longest)
                throw new CorruptScanException("a broken code table");
            _lengths[length] = (next, end, used);
            for (; next < end; next += span, used++)
                if (length <= Short)
                    _short.AsSpan(next >> Longest - Short, span >> Longest - Short).Fill((ushort)(length << 8 | _values[used]));
        }
    }

    /// <summary>Length and value, as in a byte each, of the code that 16 bits begin with; 0 when none does.</summary>
    public ushort this[int bits] => _short[bits >> Longest - Short] is > 0 and var code ? code : Long(bits);

    private ushort Long(int bits)
    {
        for (var length = Short + 1; length <= Longest; length++)
        {
            var (start, end, value) = _lengths[length];
            if (bits < end)
                return (ushort)(length << 8 | _values[value + (bits - start >> Longest - length)]);
        }
        return 0;
    }
}

/// <summary>The bits of a scan, without the zeros stuffed after 255, up to the next marker.</summary>
internal ref struct ScanBits(ReadOnlySpan<byte> bytes, int start)
{
    private const string NoCode = "a code that no table has";
    private const string EndsInside = "the scan ends inside a block";
    private const int CodeAndBits = 31;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at = start, _count;
    private ulong _bits;

    /// <summary>Reads one code.</summary>
    public int Code(HuffmanTable? table)
    {
        if (_count < CodeAndBits)
            Fill();
        // Past the end the decoder would read zeros; a code that reaches into them is torn.
        var next = _count >= 16 ? (int)(_bits >> _count - 16) & 0xFFFF : (int)(_bits << 16 - _count) & 0xFFFF;
        var code = table is null ? 0 : table[next];
        if (code == 0)
            throw new CorruptScanException(NoCode);
        if (code >> 8 > _count)
            throw new CorruptScanException(EndsInside);
        _count -= code >> 8;
        return code & 0xFF;
    }

    /// <summary>Passes over a block of a sequential scan (T.81, F.2.2): codes, and after each as many bits as it says.</summary>
    public void Block(HuffmanTable? dc, HuffmanTable? ac)
    {
        Skip(Code(dc) & 15);
        var (bits, count) = (_bits, _count);
        for (var at = 1; at < 64; at++)
        {
            if (count < CodeAndBits)
            {
                _count = count;
                Fill();
                (bits, count) = (_bits, _count);
            }
            var next = count >= 16 ? (int)(bits >> count - 16) & 0xFFFF : (int)(bits << 16 - count) & 0xFFFF;
            var code = ac is null ? 0 : ac[next];
            if (code == 0)
                throw new CorruptScanException(NoCode);
            if ((count -= code >> 8) < 0)
                throw new CorruptScanException(EndsInside);
            var size = code & 15;
            if (size == 0 && (code & 0xFF) != 0xF0)
                break;
            at += code >> 4 & 15;
            if (at > 63)
                throw new CorruptScanException("a block of more than 64 coefficients");
            if ((count -= size) < 0)
                throw new CorruptScanException(EndsInside);
        }
        _count = count;
    }

    /// <summary>Reads up to 15 bits.</summary>
    public int Take(int count)
    {
        Skip(count);
        return (int)(_bits >> _count) & (1 << count) - 1;
    }

    /// <summary>Passes over up to 15 bits.</summary>
    public void Skip(int count)
    {
        if (_count < count)
            Fill();
        if (_count < count)
            throw new CorruptScanException(EndsInside);
        _count -= count;
    }

    /// <summary>Passes over the restart marker that must stand here.</summary>
    public void Restart(int number)
    {
        _at = End() + 2;
        if (_at > _bytes.Length || _bytes[_at - 1] != 0xD0 + number)
            throw new CorruptScanException("a restart marker is missing");
        (_count, _bits) = (0, 0);
    }

    /// <summary>Where the next marker stands. Whole bytes before it are more than the scan had.</summary>
    public int End()
    {
        Fill();
        if (_count >= 8)
            throw new CorruptScanException("bytes after the end of a scan");
        while (_at + 1 < _bytes.Length && _bytes[_at + 1] == 0xFF)
            _at++;
        return _at;
    }

    private void Fill()
    {
        if (_count > 56)
            return;
        if (_at + 8 <= _bytes.Length && BinaryPrimitives.ReadUInt64BigEndian(_bytes[_at..]) is var word && !Has255(word))
        {
            var taken = 64 - _count >> 3;
            _bits = taken == 8 ? word : _bits << 8 * taken | word >> 64 - 8 * taken;
            (_count, _at) = (_count + 8 * taken, _at + taken);
            return;
        }
        while (_count <= 48 && _at < _bytes.Length)
        {
            var value = _bytes[_at];
            if (value == 0xFF)
            {
                if (_at + 1 >= _bytes.Length || _bytes[_at + 1] != 0)
                    return;
                _at++;
            }
            _bits = _bits << 8 | value;
            _count += 8;
            _at++;
        }
    }

    // A byte of the complement is 0: taking 1 from it borrows.
    private static bool Has255(ulong word) => (~word - 0x0101_0101_0101_0101 & word & 0x8080_8080_8080_8080) != 0;
}
