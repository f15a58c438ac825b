using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace WebImageText.Crawl.Queries;

/// <summary>How two neighbouring words of a text are parted. A query's gap holds all that are not greater.</summary>
internal enum Gap : byte
{
    /// <summary>Nothing between them: letters of a script without spaces.</summary>
    None,
    /// <summary>White space, hyphens, apostrophes, full stops and the like.</summary>
    Soft,
    /// <summary>Commas, brackets and whatever else ends a phrase.</summary>
    Hard,
}

/// <summary>A word of a folded text.</summary>
internal struct FoldedWord
{
    /// <summary>First byte in <see cref="FoldedText.Bytes"/>.</summary>
    public int From;
    /// <summary>Bytes.</summary>
    public int Bytes;
    /// <summary>First UTF-16 code unit in the text as given.</summary>
    public int Start;
    /// <summary>One past the last UTF-16 code unit in the text as given.</summary>
    public int End;
    /// <summary>What parts it from the word before; <see cref="Gap.Hard"/> for the first.</summary>
    public Gap Before;
}

/// <summary>
/// A text as the matcher sees it: words of folded UTF-8, each with the place that it came from. One instance is used
/// again and again by one thread.
/// </summary>
internal sealed class FoldedText
{
    /// <summary>Bytes that may be read beyond a word's last: a word is loaded 16 bytes at a time.</summary>
    public const int Padding = 64;

    private byte[] _bytes = new byte[1024 + Padding];
    private FoldedWord[] _words = new FoldedWord[256];
    private int _byteCount;
    private bool _open; // the last word still grows

    public ReadOnlySpan<byte> Bytes => _bytes;

    public ReadOnlySpan<FoldedWord> Words => _words.AsSpan(0, Count);

    public int Count { get; private set; }

    /// <summary>Reads a text in place of the one before it.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        Count = 0;
        if (_bytes.Length < text.Length + Padding)
            _bytes = new byte[(int)BitOperations.RoundUpToPowerOf2((uint)text.Length + Padding)];
        if (_words.Length < text.Length / 2 + 2)
            _words = new FoldedWord[(int)BitOperations.RoundUpToPowerOf2((uint)text.Length / 2 + 2)];
        if (!ReadAscii(text))
            ReadUnicode(text);
    }

    /// <summary>Folds in place, 32 characters at a time; false at the first character that is not ASCII.</summary>
    private bool ReadAscii(ReadOnlySpan<char> text)
    {
        ref var from = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        ref var to = ref MemoryMarshal.GetArrayDataReference(_bytes);
        ref var words = ref MemoryMarshal.GetArrayDataReference(_words);
        Span<ushort> tail = stackalloc ushort[32];
        var count = 0;
        var start = 0;
        var end = 0; // of the last whole word
        var inWord = 0u; // 1 when the block before ended inside a word
        for (var at = 0; at < text.Length; at += 32)
        {
            Vector256<ushort> low, high;
            if (text.Length - at >= 32)
            {
                low = Vector256.LoadUnsafe(ref from, (nuint)at);
                high = Vector256.LoadUnsafe(ref from, (nuint)at + 16);
            }
            else
            {
                tail.Clear();
                MemoryMarshal.Cast<char, ushort>(text[at..]).CopyTo(tail);
                low = Vector256.LoadUnsafe(ref tail[0]);
                high = Vector256.LoadUnsafe(ref tail[0], 16);
            }
            if (Vector256.GreaterThanAny(low | high, Vector256.Create((ushort)0x7F)))
                return false;
            var raw = Vector256.Narrow(low, high);
            var upper = Vector256.LessThan(raw - Vector256.Create((byte)'A'), Vector256.Create((byte)26));
            var folded = raw | (upper & Vector256.Create((byte)0x20));
            var letter = Vector256.LessThan(folded - Vector256.Create((byte)'a'), Vector256.Create((byte)26));
            var digit = Vector256.LessThan(raw - Vector256.Create((byte)'0'), Vector256.Create((byte)10));
            folded.StoreUnsafe(ref to, (nuint)at);

            // A set bit is the first character of a word or the first one after it, in turn.
            var mask = (letter | digit).ExtractMostSignificantBits();
            var turns = mask ^ (mask << 1 | inWord);
            if (inWord != 0 && turns != 0)
            {
                end = at + BitOperations.TrailingZeroCount(turns);
                turns &= turns - 1;
                Close(ref Unsafe.Add(ref words, count++), start, end);
            }
            while (turns != 0)
            {
                var first = at + BitOperations.TrailingZeroCount(turns);
                turns &= turns - 1;
                Unsafe.Add(ref words, count).Before = count == 0 ? Gap.Hard : GapOf(text[end..first]);
                start = first;
                if (turns == 0)
                    break;
                end = at + BitOperations.TrailingZeroCount(turns);
                turns &= turns - 1;
                Close(ref Unsafe.Add(ref words, count++), start, end);
            }
            inWord = mask >> 31;
        }
        if (inWord != 0)
            Close(ref Unsafe.Add(ref words, count++), start, text.Length);
        Count = count;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Close(ref FoldedWord word, int start, int end)
    {
        word.From = start;
        word.Bytes = end - start;
        word.Start = start;
        word.End = end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Gap GapOf(ReadOnlySpan<char> between) =>
        between.Length == 1 && between[0] == ' ' ? Gap.Soft : LongGap(between);

    private static Gap LongGap(ReadOnlySpan<char> between)
    {
        foreach (var c in between)
        {
            if (Folding.KindOf(new Rune(c)) == CharKind.Hard)
                return Gap.Hard;
        }
        return Gap.Soft;
    }

    private void ReadUnicode(ReadOnlySpan<char> text)
    {
        Count = 0;
        _byteCount = 0;
        _open = false;
        var gap = Gap.Hard;
        for (var at = 0; at < text.Length;)
        {
            var length = Folding.PieceLength(text, at);
            if (length == 1 && text[at] < 0x80)
                Add(new Rune(char.ToLowerInvariant(text[at])), at, at + 1, ref gap);
            else
            {
                foreach (var rune in Folding.Fold(text.Slice(at, length)).EnumerateRunes())
                    Add(rune, at, at + length, ref gap);
            }
            at += length;
        }
    }

    private void Add(Rune rune, int start, int end, ref Gap gap)
    {
        var kind = Folding.KindOf(rune);
        switch (kind)
        {
            case CharKind.Soft or CharKind.Hard:
                _open = false;
                var level = kind == CharKind.Hard ? Gap.Hard : Gap.Soft;
                gap = Count == 0 || level < gap ? gap : level;
                return;
            case CharKind.Mark when Count == 0 || gap != Gap.None:
                return; // no letter to belong to: an accent typed as an apostrophe
            case CharKind.Mark:
            case CharKind.Word when _open:
                break;
            default:
                if (Count == _words.Length)
                    Array.Resize(ref _words, Count * 2);
                _words[Count++] = new() { From = _byteCount, Start = start, Before = gap };
                gap = Gap.None;
                break;
        }
        if (kind != CharKind.Mark)
            _open = kind == CharKind.Word;
        if (_bytes.Length < _byteCount + Padding)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        _byteCount += rune.EncodeToUtf8(_bytes.AsSpan(_byteCount));
        ref var word = ref _words[Count - 1];
        word.Bytes = _byteCount - word.From;
        word.End = end;
    }
}
