using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace WebImageText.Crawl.Queries;

/// <summary>One text's way through the tables; one instance is used again and again by one thread.</summary>
/// <remarks>
/// What costs is not arithmetic but memory and guesses of the branch predictor. So each step goes over all words of the
/// text before the next one begins: memory is asked for early, and what differs from word to word is computed, not
/// branched on.
/// </remarks>
internal sealed unsafe class MatcherPass
{
    /// <summary>UTF-16 code units; after a longer text the memory is given back.</summary>
    public const int KeepUpTo = 1 << 20;

    private readonly FoldedText _text = new();
    private Seen[] _seen = new Seen[256];

    /// <summary>A word of the text, and what the tables know of it.</summary>
    private struct Seen
    {
        public ulong Key0;
        public ulong Key1;
        public ulong Hash;
        /// <summary>Of the phrase of this word and the next.</summary>
        public ulong PairHash;
        public uint Token;
        public uint Info;
    }

    public void Run(MatcherTables tables, ReadOnlySpan<char> text, List<QueryHit> hits)
    {
        _text.Read(text);
        var words = _text.Words;
        if (words.IsEmpty)
            return;
        if (_seen.Length <= words.Length)
            _seen = new Seen[BitOperations.RoundUpToPowerOf2((uint)words.Length + 1)];
        var seen = _seen.AsSpan(0, words.Length);
        Hash(tables, words, seen);
        FilterPairs(tables, seen);
        FindTokens(tables, words, seen);
        Report(tables, words, seen, hits);
        tables.KeepAlive();
    }

    private void Hash(MatcherTables tables, ReadOnlySpan<FoldedWord> words, Span<Seen> seen)
    {
        ref var bytes = ref MemoryMarshal.GetReference(_text.Bytes);
        var buckets = tables.Buckets;
        var filter = tables.EdgeFilter;
        var mask = (1u << tables.Header.BucketBits) - 1;
        var filterShift = 64 - tables.Header.EdgeBits - MatcherTables.FilterBitsMore + 3;
        var previous = 0ul;
        for (var at = 0; at < words.Length; at++)
        {
            ref readonly var word = ref words[at];
            ref var it = ref seen[at];
            MatcherTables.ShortKey(in Unsafe.Add(ref bytes, word.From), Math.Min(word.Bytes, Token.ShortLength), out it.Key0, out it.Key1);
            if (word.Bytes > Token.ShortLength)
            {
                it.Key0 = MatcherTables.LongKey(_text.Bytes.Slice(word.From, word.Bytes));
                it.Key1 = 0;
            }
            it.Hash = MatcherTables.TokenHash(it.Key0, it.Key1);
            Prefetch(buckets + (it.Hash & mask));
            var pair = MatcherTables.PhraseHash(previous, it.Hash);
            Prefetch(filter + (pair >> filterShift));
            seen[Math.Max(0, at - 1)].PairHash = pair;
            previous = it.Hash;
        }
    }

    /// <summary>Leaves a pair's hash only where the tables may have such a phrase.</summary>
    private static void FilterPairs(MatcherTables tables, Span<Seen> seen)
    {
        var filter = tables.EdgeFilter;
        var edges = tables.Edges;
        var shift = 64 - tables.Header.EdgeBits;
        foreach (ref var it in seen)
        {
            var bit = it.PairHash >> (shift - MatcherTables.FilterBitsMore);
            if ((filter[bit >> 3] >> (int)(bit & 7) & 1) != 0)
                Prefetch(edges + (it.PairHash >> shift));
            else
                it.PairHash = 0;
        }
        seen[^1].PairHash = 0;
    }

    private void FindTokens(MatcherTables tables, ReadOnlySpan<FoldedWord> words, Span<Seen> seen)
    {
        var mask = (1u << tables.Header.BucketBits) - 1;
        for (var at = 0; at < seen.Length; at++)
        {
            ref var it = ref seen[at];
            var key = words[at].Bytes <= 8 ? it.Key0 : it.Hash;
            var bucket = tables.Buckets + (it.Hash & mask);
            var equal = Vector256.Equals(Vector256.Load(bucket->Keys), Vector256.Create(key)).ExtractMostSignificantBits();
            var place = BitOperations.TrailingZeroCount(equal) & (TokenBucket.Places - 1);
            it.Token = bucket->Tokens[place];
            it.Info = bucket->Info[place];
            if (equal == 0 || it.Token >= TokenBucket.HashOnly || words[at].Bytes > 8)
                FindTokenSlowly(tables, words[at], key, ref it);
        }
    }

    // The word has more than 8 bytes, or is not known, or not in its first bucket.
    private void FindTokenSlowly(MatcherTables tables, in FoldedWord word, ulong key, ref Seen it)
    {
        var mask = (1u << tables.Header.BucketBits) - 1;
        for (var home = it.Hash & mask; ; home = (home + 1) & mask)
        {
            var bucket = tables.Buckets + home;
            for (var place = 0; place < TokenBucket.Places; place++)
            {
                it.Token = bucket->Tokens[place];
                it.Info = 0;
                if (it.Token == Token.None)
                    return;
                if (bucket->Keys[place] != key || it.Token >= TokenBucket.HashOnly != word.Bytes > 8)
                    continue;
                it.Token &= ~TokenBucket.HashOnly;
                if (word.Bytes > 8 && !Is(tables, tables.Tokens + it.Token, word, it))
                    continue;
                it.Info = bucket->Info[place];
                return;
            }
        }
    }

    private bool Is(MatcherTables tables, Token* token, in FoldedWord word, in Seen it) =>
        token->Length == word.Bytes && token->Key0 == it.Key0 && (word.Bytes <= Token.ShortLength ? token->Key1 == it.Key1
            : _text.Bytes.Slice(word.From, word.Bytes).SequenceEqual(tables.LongWord(*token)));

    private static void Report(MatcherTables tables, ReadOnlySpan<FoldedWord> words, ReadOnlySpan<Seen> seen, List<QueryHit> hits)
    {
        for (var at = 0; at < seen.Length; at++)
        {
            ref readonly var it = ref seen[at];
            if ((it.Info & NodeInfo.KindMask) == NodeInfo.One)
                hits.Add(new(new((int)(it.Info >> NodeInfo.ValueShift)), words[at].Start, words[at].End - words[at].Start));
            else if (it.Info >= NodeInfo.List)
                AddList(tables, words.Slice(at, 1), it.Info, hits);
            if (it.PairHash != 0)
                Walk(tables, words[at..], seen[at..], hits);
        }
    }

    /// <summary>Follows the phrases that start with the first two words.</summary>
    private static void Walk(MatcherTables tables, ReadOnlySpan<FoldedWord> words, ReadOnlySpan<Seen> seen, List<QueryHit> hits)
    {
        var mask = (1u << tables.Header.EdgeBits) - 1;
        var shift = 64 - tables.Header.EdgeBits;
        var node = seen[0].Token;
        var info = seen[0].Info;
        var hash = seen[0].PairHash;
        for (var last = 1; (uint)words[last].Before < (info & NodeInfo.GapMask);)
        {
            var token = seen[last].Token;
            var home = (uint)(hash >> shift);
            var edge = tables.Edges + home;
            while (edge->Node != node || edge->Token != token)
            {
                if (edge->Node == Token.None)
                    return;
                home = (home + 1) & mask;
                edge = tables.Edges + home;
            }
            node = edge->Child;
            info = edge->Info;
            if ((info & NodeInfo.KindMask) == NodeInfo.One)
                hits.Add(new(new((int)(info >> NodeInfo.ValueShift)), words[0].Start, words[last].End - words[0].Start));
            else
                AddList(tables, words[..(last + 1)], info, hits);
            if (++last == seen.Length)
                return;
            hash = MatcherTables.PhraseHash(hash, seen[last].Hash);
        }
    }

    private static void AddList(MatcherTables tables, ReadOnlySpan<FoldedWord> phrase, uint info, List<QueryHit> hits)
    {
        if ((info & NodeInfo.KindMask) != NodeInfo.List)
            return;
        var at = info >> NodeInfo.ValueShift;
        uint row;
        do
        {
            row = tables.Rows[at];
            if (tables.GapsAt[at] == 0 || GapsFit(phrase, tables.Gaps + tables.GapsAt[at] - 1))
                hits.Add(new(new((int)(row & ~NodeInfo.LastRow)), phrase[0].Start, phrase[^1].End - phrase[0].Start));
            at++;
        }
        while ((row & NodeInfo.LastRow) == 0);
    }

    private static bool GapsFit(ReadOnlySpan<FoldedWord> phrase, byte* gaps)
    {
        for (var at = 1; at < phrase.Length; at++)
        {
            if ((byte)phrase[at].Before > gaps[at - 1])
                return false;
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }
}
