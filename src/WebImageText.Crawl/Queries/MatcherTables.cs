using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace WebImageText.Crawl.Queries;

/// <summary>Four places of the hash table from a word to its number: one cache line, compared at once.</summary>
/// <remarks>Words go to the next bucket when theirs is full, so a search ends at the first bucket with an empty place.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TokenBucket
{
    public const int Places = 4;
    /// <summary>In <see cref="Tokens"/>: the key is no more than the word's hash.</summary>
    public const uint HashOnly = 1u << 31;

    /// <summary>Words of up to 8 bytes themselves, of longer words the hash.</summary>
    public fixed ulong Keys[Places];
    /// <summary>The numbers of the words, with <see cref="HashOnly"/>; or <see cref="Token.None"/>.</summary>
    public fixed uint Tokens[Places];
    /// <summary>Of the phrase that is this one word: see <see cref="NodeInfo"/>.</summary>
    public fixed uint Info[Places];
}

/// <summary>A word that queries have, by its number.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Token
{
    public const uint None = uint.MaxValue;
    public const int ShortLength = 16;

    /// <summary>Bytes 0 to 7; of a word of more than 16 bytes the hash of all.</summary>
    public ulong Key0;
    /// <summary>Bytes 8 to 15, zero beyond the end; of a word of more than 16 bytes its offset in <see cref="MatcherTables.LongWords"/>.</summary>
    public ulong Key1;
    /// <summary>Bytes of the word.</summary>
    public long Length;
}

/// <summary>A place of the hash table from a phrase and its next word to the longer phrase; linear probing.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Edge
{
    /// <summary>The shorter phrase (one of a single word has that word's number); or <see cref="Queries.Token.None"/>.</summary>
    public uint Node;
    public uint Token;
    public uint Child;
    /// <summary>Of <see cref="Child"/>; see <see cref="NodeInfo"/>.</summary>
    public uint Info;
}

/// <summary>What a phrase is: the start of longer ones, a query, several queries.</summary>
/// <remarks>Bits 0-1: widest gap that a longer phrase allows next, plus 1; 0 = no longer phrase. Bits 2-3: what bits 4-31 are.</remarks>
internal static class NodeInfo
{
    public const uint GapMask = 3;
    public const uint KindMask = 3 << 2;
    /// <summary>Bits 4-31 are the row of the one query.</summary>
    public const uint One = 1 << 2;
    /// <summary>Bits 4-31 are where the rows begin in <see cref="MatcherTables.Rows"/>.</summary>
    public const uint List = 2 << 2;
    public const int ValueShift = 4;
    /// <summary>Marks the last of a list of rows.</summary>
    public const uint LastRow = 1u << 31;
}

/// <summary>
/// The queries as hash tables in one block of memory: the bytes of the prebuilt file, whether built here or mapped.
/// </summary>
/// <remarks>A trie over words, its edges in one open-addressed table: a step costs one probe, and steps that start at
/// different words of a text do not wait for each other, as they would in an automaton over characters.</remarks>
internal sealed unsafe class MatcherTables
{
    private readonly object _owner;

    /// <param name="header">Sizes of the tables.</param>
    /// <param name="first">First byte of the tables; stays where it is as long as <paramref name="owner"/> lives.</param>
    /// <param name="owner">Whatever holds the memory.</param>
    public MatcherTables(MatcherHeader header, byte* first, object owner)
    {
        Header = header;
        _owner = owner;
        Buckets = (TokenBucket*)first;
        Tokens = (Token*)(Buckets + (1L << header.BucketBits));
        Edges = (Edge*)(Tokens + header.TokenCount);
        EdgeFilter = (byte*)(Edges + (1L << header.EdgeBits));
        Rows = (uint*)(EdgeFilter + FilterBytes(header.EdgeBits));
        GapsAt = Rows + header.RowCount;
        Gaps = (byte*)(GapsAt + header.RowCount);
        LongWords = Gaps + header.GapBytes;
    }

    public MatcherHeader Header { get; }
    public TokenBucket* Buckets { get; }
    public Token* Tokens { get; }
    public Edge* Edges { get; }
    /// <summary>A bit for each edge, by the first bits of its hash: small enough to stay in the cache, it spares most probes.</summary>
    public byte* EdgeFilter { get; }
    /// <summary>Rows of the queries that share a phrase, one list after the other.</summary>
    public uint* Rows { get; }
    /// <summary>For each of <see cref="Rows"/> where its own gaps begin in <see cref="Gaps"/>, plus 1; 0 = none to compare.</summary>
    public uint* GapsAt { get; }
    public byte* Gaps { get; }
    public byte* LongWords { get; }

    public static long FilterBytes(int edgeBits) => 1L << (edgeBits + FilterBitsMore - 3);

    /// <summary>The filter has 2 to this power bits for each place in the table of edges.</summary>
    public const int FilterBitsMore = 2;

    public void KeepAlive() => GC.KeepAlive(_owner);

    public ReadOnlySpan<byte> LongWord(in Token token) => new(LongWords + token.Key1, (int)token.Length);

    /// <summary>The two key words of a word of up to 16 bytes. 16 bytes are read, whatever its length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ShortKey(ref readonly byte first, int length, out ulong key0, out ulong key1)
    {
        var keep = Vector128.LoadUnsafe(in MemoryMarshal.GetReference(Keep), (nuint)(16 - length));
        var key = (Vector128.LoadUnsafe(in first) & keep).AsUInt64();
        key0 = key.ToScalar();
        key1 = key.GetElement(1);
    }

    private static ReadOnlySpan<byte> Keep =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>The key of a word of more than 16 bytes.</summary>
    public static ulong LongKey(ReadOnlySpan<byte> word)
    {
        var hash = (ulong)word.Length;
        for (; word.Length >= 8; word = word[8..])
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(word), 0x9E3779B97F4A7C15);
        foreach (var b in word)
            hash = Mix(hash ^ b, 0x9E3779B97F4A7C15);
        return hash;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong TokenHash(ulong key0, ulong key1) => Mix(key0 ^ 0xA0761D6478BD642F, key1 ^ 0xE7037ED1A0B428DB);

    /// <summary>The hash of a phrase of two or more words; needs no look at any table, so that memory is asked for early. Never 0.</summary>
    /// <param name="shorter">Hash of the phrase without its last word.</param>
    /// <param name="word">Hash of the last word.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong PhraseHash(ulong shorter, ulong word) => (shorter ^ BitOperations.RotateLeft(word, 32)) * 0x9E3779B97F4A7C15 | 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
