using System.Buffers.Binary;

namespace WebImageText.Curate.Pixels;

/// <summary>
/// Reads every code of a JPEG's scans without making pixels of them, to find what a decoder would paper over: libvips shows
/// corrupt and torn scans as grey or shifted blocks and reports nothing. Used where libturbojpeg, which reports them, is missing.
/// </summary>
/// <remarks>Huffman-coded frames of 8 bits, sequential and progressive (ITU-T T.81, annexes F and G); other frames are not read.</remarks>
internal sealed class JpegScanCheck
{
    private const int MostScans = 500;

    private readonly ReadOnlyMemory<byte> _jpeg;
    private readonly HuffmanTable?[] _tables = new HuffmanTable?[8];
    private Component[] _components = [];
    private int _width, _height, _mostAcross, _mostDown, _restartInterval;
    private bool _isProgressive;

    private JpegScanCheck(ReadOnlyMemory<byte> jpeg) => _jpeg = jpeg;

    private sealed record Component(int Id, int Across, int Down)
    {
        /// <summary>One bit for each coefficient of each block that is not 0 yet; progressive frames only.</summary>
        public ulong[] NotZero { get; set; } = [];
        public int BlocksAcross { get; set; }
        public int BlocksDown { get; set; }
        public int PaddedAcross { get; set; }
    }

    /// <summary>What is wrong with the scans; null when nothing is, or when the frame is of a kind that is not read.</summary>
    public static string? Find(ReadOnlyMemory<byte> jpeg)
    {
        try
        {
            return new JpegScanCheck(jpeg).Run();
        }
        catch (CorruptScanException corrupt)
        {
            return corrupt.Message;
        }
    }

    private string? Run()
    {
        var bytes = _jpeg.Span;
        var scans = 0;
        for (var at = 2; ;)
        {
            while (at < bytes.Length && bytes[at] != 0xFF)
                at++; // before the first scan decoders skip such bytes; a scan checks what follows it itself
            while (at + 1 < bytes.Length && bytes[at + 1] == 0xFF)
                at++;
            if (at + 1 >= bytes.Length)
                return "the end is missing";
            var marker = bytes[at + 1];
            at += 2;
            if (marker == 0xD9)
                return scans > 0 ? null : "no scan";
            if (marker is 0 or 1 or >= 0xD0 and <= 0xD8)
                continue;
            if (at + 2 > bytes.Length || BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]) is var length && at + length > bytes.Length)
                return "a segment is torn";
            if (length < 2)
                return "a segment without length";
            var segment = bytes.Slice(at + 2, length - 2);
            at += length;
            switch (marker)
            {
                case 0xC4:
                    Tables(segment);
                    break;
                case 0xC0 or 0xC1 or 0xC2:
                    Frame(segment, marker == 0xC2);
                    break;
                case >= 0xC3 and <= 0xCF and not 0xC8 and not 0xCC:
                    return null;
                case 0xDD when segment.Length >= 2:
                    _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case 0xDA:
                    if (++scans > MostScans)
                        return $"more than {MostScans} scans";
                    at = Scan(segment, at);
                    break;
            }
        }
    }

    private void Tables(ReadOnlySpan<byte> segment)
    {
        while (segment.Length >= 17)
        {
            var (kind, id) = (segment[0] >> 4, segment[0] & 15);
            var count = 0;
            foreach (var codes in segment.Slice(1, 16))
                count += codes;
            if (kind > 1 || id > 3 || count > 256 || segment.Length < 17 + count)
                throw new CorruptScanException("a broken code table");
            _tables[kind * 4 + id] = new HuffmanTable(segment.Slice(1, 16), segment.Slice(17, count));
            segment = segment[(17 + count)..];
        }
    }

    private void Frame(ReadOnlySpan<byte> segment, bool isProgressive)
    {
        if (_components.Length > 0 || segment.Length < 6 || segment[5] is 0 or > 4 || segment.Length < 6 + 3 * segment[5] || segment[0] != 8)
            throw new CorruptScanException("a broken frame");
        _isProgressive = isProgressive;
        (_height, _width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]));
        _components = new Component[segment[5]];
        for (var at = 0; at < _components.Length; at++)
        {
            var part = segment.Slice(6 + 3 * at, 3);
            _components[at] = new(part[0], part[1] >> 4, part[1] & 15);
            if (_components[at] is { Across: 0 or > 4 } or { Down: 0 or > 4 })
                throw new CorruptScanException("a broken frame");
        }
        (_mostAcross, _mostDown) = (_components.Max(part => part.Across), _components.Max(part => part.Down));
        foreach (var part in _components)
        {
            part.BlocksAcross = Up(Up(_width * part.Across, _mostAcross), 8);
            part.BlocksDown = Up(Up(_height * part.Down, _mostDown), 8);
            part.PaddedAcross = Up(_width, 8 * _mostAcross) * part.Across;
            if (isProgressive)
                part.NotZero = new ulong[part.PaddedAcross * Up(_height, 8 * _mostDown) * part.Down];
        }
    }

    private int Scan(ReadOnlySpan<byte> segment, int at)
    {
        if (segment.Length < 1 || segment[0] is 0 or > 4 || segment.Length < 4 + 2 * segment[0])
            throw new CorruptScanException("a broken scan header");
        var parts = new (Component Component, HuffmanTable? Dc, HuffmanTable? Ac)[segment[0]];
        for (var index = 0; index < parts.Length; index++)
        {
            var (id, tables) = (segment[1 + 2 * index], segment[2 + 2 * index]);
            var component = _components.FirstOrDefault(part => part.Id == id) ?? throw new CorruptScanException("a scan of no component");
            parts[index] = (component, _tables[tables >> 4 & 3], _tables[4 + (tables & 3)]);
        }
        var rest = segment[(1 + 2 * parts.Length)..];
        var coefficients = _isProgressive
            ? new Spectral(rest[0], rest[1], rest[2] >> 4)
            : new Spectral(0, 63, 0);
        if (coefficients.First > coefficients.Last || coefficients.Last > 63 || coefficients.First > 0 && parts.Length > 1)
            throw new CorruptScanException("a broken scan header");
        var single = parts.Length == 1 ? parts[0].Component : null;
        var across = single?.BlocksAcross ?? Up(_width, 8 * _mostAcross);
        var down = single?.BlocksDown ?? Up(_height, 8 * _mostDown);
        var bits = new ScanBits(_jpeg.Span, at);
        var (run, left, restart) = (0, _restartInterval, 0);
        for (var y = 0; y < down; y++)
            for (var x = 0; x < across; x++)
            {
                if (_restartInterval > 0 && left-- == 0)
                {
                    bits.Restart(restart++ & 7);
                    (run, left) = (0, _restartInterval - 1);
                }
                foreach (var (component, dc, ac) in parts)
                {
                    var blocks = single is null ? component.Across * component.Down : 1;
                    for (var block = 0; block < blocks; block++)
                    {
                        if (!_isProgressive)
                            bits.Block(dc, ac);
                        else if (coefficients.First == 0)
                            Dc(ref bits, dc, coefficients);
                        else
                            Ac(ref bits, ac, coefficients, ref component.NotZero[y * component.PaddedAcross + x], ref run); // a scan of one component
                    }
                }
            }
        return bits.End();
    }

    private static void Dc(ref ScanBits bits, HuffmanTable? dc, Spectral coefficients) =>
        bits.Skip(coefficients.IsFirst ? bits.Code(dc) & 15 : 1);

    // T.81 G.1.2.2 and G.1.2.3: runs of blocks without coefficients, and one bit more for each coefficient known not to be 0.
    private static void Ac(ref ScanBits bits, HuffmanTable? ac, Spectral coefficients, ref ulong notZero, ref int run)
    {
        var at = coefficients.First;
        while (run == 0 && at <= coefficients.Last)
        {
            var code = bits.Code(ac);
            var (zeros, size) = (code >> 4, code & 15);
            if (size == 0 && zeros < 15)
            {
                run = (1 << zeros) + bits.Take(zeros);
                break;
            }
            if (size > 0)
                bits.Skip(coefficients.IsFirst ? size : 1);
            for (; at <= coefficients.Last; at++)
            {
                if ((notZero >> at & 1) != 0 && !coefficients.IsFirst)
                    bits.Skip(1);
                else if (zeros-- == 0)
                    break;
            }
            if (at > coefficients.Last && size > 0)
                throw new CorruptScanException("a block of more than 64 coefficients");
            if (size > 0)
                notZero |= 1UL << at;
            at++;
        }
        if (run == 0)
            return;
        for (; at <= coefficients.Last && !coefficients.IsFirst; at++)
            bits.Skip((int)(notZero >> at & 1));
        run--;
    }

    private static int Up(int length, int step) => (length + step - 1) / step;

    private readonly record struct Spectral(int First, int Last, int Above)
    {
        public bool IsFirst => Above == 0;
    }
}
