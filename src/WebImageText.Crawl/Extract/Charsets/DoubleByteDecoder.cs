using System.Text;

namespace WebImageText.Crawl.Extract.Charsets;

/// <summary>Big5, EUC-KR, Shift_JIS and EUC-JP: a byte from 0x80 leads a pair, or in EUC-JP a triple.</summary>
/// <remarks>
/// The tables are the framework's, the way through them is the standard's: a pair that is no character is one U+FFFD, and a
/// second byte that is ASCII stands for itself. The framework swallows that byte, so a stray byte before a quotation mark
/// would open an attribute's end to what follows. Big5 has no HKSCS characters here; the framework has no table of them.
/// </remarks>
internal sealed class DoubleByteDecoder : TextDecoder
{
    private const char None = '\0';
    private const byte ThreeByteLead = 0x8F;

    // Shift_JIS codes whose character has another code too: the framework decodes only one of them.
    private const string NecRow13 = "\u8790≒\u8791≡\u8792∫\u8795√\u8796⊥\u8797∠\u879A∵\u879B∩\u879C∪";
    private const string IbmExtensions = "\uFA54￢\uFA58㈱\uFA59№\uFA5A℡\uFA5B∵\uEEF9￢\uEEFA￤\uEEFB＇\uEEFC＂";

    private readonly char[] _pairs = new char[0x80 * 0x100];
    private readonly char[]? _triples;
    private readonly bool _katakana;

    private DoubleByteDecoder(int codePage, bool privateUse, bool katakana = false, int? tripleCodePage = null)
    {
        _katakana = katakana;
        Fill(_pairs, codePage, privateUse, firstTrail: 0x40, mask: 0xFF);
        if (tripleCodePage is { } triples)
            Fill(_triples = new char[_pairs.Length], triples, privateUse: false, firstTrail: 0xA1, mask: 0x7F);
    }

    public static DoubleByteDecoder Big5() => new(950, privateUse: false);

    public static DoubleByteDecoder EucKr() => new(949, privateUse: false);

    public static DoubleByteDecoder ShiftJis()
    {
        var decoder = new DoubleByteDecoder(932, privateUse: true, katakana: true);
        decoder.Patch(NecRow13);
        decoder.Patch(IbmExtensions);
        for (var i = 0; i < 10; i++)
        {
            decoder._pairs[At(0xFA, 0x4A + i)] = (char)('Ⅰ' + i);
            decoder._pairs[At(0xEE, 0xEF + i)] = (char)('ⅰ' + i);
        }
        // NEC's copy of IBM's 360 ideographs: 0xED40 is 0xFA5C, and so on
        for (var i = 0; i < 360; i++)
            decoder._pairs[ShiftJisAt(8272 + i)] = decoder._pairs[ShiftJisAt(10744 + i)];
        return decoder;
    }

    public static DoubleByteDecoder EucJp()
    {
        var decoder = new DoubleByteDecoder(51932, privateUse: false, tripleCodePage: 20932);
        decoder._triples![At(0xA2, 0xB7)] = '～';
        decoder._triples[At(0xA2, 0xF1)] = '№';
        decoder.Patch("\uADF0≒\uADF1≡\uADF2∫\uADF5√\uADF6⊥\uADF7∠\uADFA∵\uADFB∩\uADFC∪\uFCFB￢");
        for (var i = 0xA1; i <= 0xDF; i++)
            decoder._pairs[At(0x8E, i)] = (char)(0xFF61 + i - 0xA1);
        return decoder;
    }

    /// <inheritdoc/>
    public override int Decode(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        var written = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var lead = bytes[i];
            if (lead < 0x80)
            {
                chars[written++] = (char)lead;
                continue;
            }
            if (_katakana && lead is >= 0xA1 and <= 0xDF or 0x80)
            {
                chars[written++] = lead == 0x80 ? (char)lead : (char)(0xFF61 + lead - 0xA1);
                continue;
            }
            var table = _pairs;
            if (_triples is not null && lead == ThreeByteLead && i + 1 < bytes.Length && bytes[i + 1] is >= 0xA1 and <= 0xFE)
            {
                table = _triples;
                lead = bytes[++i];
            }
            if (!IsLead(lead) || i + 1 == bytes.Length)
            {
                chars[written++] = '\uFFFD';
                continue;
            }
            var trail = bytes[i + 1];
            var character = table[At(lead, trail)];
            chars[written++] = character == None ? '\uFFFD' : character;
            if (character != None || trail >= 0x80)
                i++;
        }
        return written;
    }

    // A byte that leads no pair at all is an error by itself.
    private bool IsLead(byte lead) => _katakana
        ? lead is >= 0x81 and <= 0x9F or >= 0xE0 and <= 0xFC
        : _triples is not null ? lead is 0x8E or 0x8F or >= 0xA1 and <= 0xFE : lead is >= 0x81 and <= 0xFE;

    private void Patch(string codesAndCharacters)
    {
        for (var i = 0; i < codesAndCharacters.Length; i += 2)
            _pairs[At(codesAndCharacters[i] >> 8, codesAndCharacters[i] & 0xFF)] = codesAndCharacters[i + 1];
    }

    private static int At(int lead, int trail) => ((lead - 0x80) << 8) | trail;

    // Where a pointer of the standard's index jis0208 stands in Shift_JIS.
    private static int ShiftJisAt(int pointer)
    {
        var (row, cell) = Math.DivRem(pointer, 188);
        return At(row + (row < 0x1F ? 0x81 : 0xC1), cell + (cell < 0x3F ? 0x40 : 0x41));
    }

    // The code page 20932 writes JIS X 0212 with the second byte in ASCII: the mask.
    private static void Fill(char[] table, int codePage, bool privateUse, int firstTrail, int mask)
    {
        var encoding = Replacing(codePage);
        Span<byte> pair = stackalloc byte[2];
        Span<char> decoded = stackalloc char[4];
        for (var lead = 0x81; lead <= 0xFE; lead++)
        {
            for (var trail = firstTrail; trail <= 0xFE; trail++)
            {
                pair[0] = (byte)lead;
                pair[1] = (byte)(trail & mask);
                var count = encoding.GetChars(pair, decoded);
                var character = decoded[0];
                if (count == 1 && character != '\uFFFD' && (privateUse || character is < '\uE000' or > '\uF8FF'))
                    table[At(lead, trail)] = character;
            }
        }
    }
}
