using System.Numerics;
using System.Runtime.InteropServices;

namespace WebImageText.Crawl.Queries;

/// <summary>Turns a list of queries into <see cref="MatcherTables"/>.</summary>
internal sealed class MatcherBuilder
{
    private readonly IReadOnlyList<Query> _queries;

    // All queries one after the other: their words, and the gap before each word.
    private readonly List<uint> _words = [];
    private readonly List<Gap> _gaps = [];
    private readonly int[] _ends;

    private TokenBucket[] _buckets = NewBuckets(16);
    private readonly List<Token> _tokens = [];
    private readonly List<ulong> _tokenHashes = [];
    private readonly List<byte> _longWords = [];

    private Edge[] _edges = NewEdges(16);
    private readonly List<ulong> _edgeHashes = [];

    public MatcherBuilder(IReadOnlyList<Query> queries)
    {
        _queries = queries;
        _ends = new int[queries.Count];
    }

    public unsafe MatcherTables Build()
    {
        ReadWords();
        var (ends, widest) = BuildTrie();
        var (info, rows, gapsAt, gaps) = PlaceRows(ends, widest);
        foreach (ref var edge in _edges.AsSpan())
        {
            if (edge.Node != Token.None)
                edge.Info = info[(int)edge.Child];
        }
        var tokens = CollectionsMarshal.AsSpan(_tokens);
        foreach (ref var bucket in _buckets.AsSpan())
        {
            for (var place = 0; place < TokenBucket.Places; place++)
            {
                if (bucket.Tokens[place] != Token.None)
                    bucket.Info[place] = info[(int)(bucket.Tokens[place] & ~TokenBucket.HashOnly)];
            }
        }

        var header = new MatcherHeader
        {
            Magic = MatcherHeader.ExpectedMagic,
            Version = MatcherHeader.ExpectedVersion,
            QueryCount = _queries.Count,
            TokenCount = _tokens.Count,
            NodeCount = _tokens.Count + _edgeHashes.Count,
            BucketBits = BitOperations.Log2((uint)_buckets.Length),
            EdgeBits = BitOperations.Log2((uint)_edges.Length),
            RowCount = rows.Length,
            GapBytes = gaps.Count,
            LongWordBytes = _longWords.Count,
            UnmatchableCount = ends.Count(end => end == Token.None),
            List = MatcherFile.Fingerprint(_queries),
        };
        var block = GC.AllocateArray<byte>(checked((int)header.TableBytes + sizeof(TokenBucket)), pinned: true);
        var first = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(block, 0);
        first += -(nint)first & (sizeof(TokenBucket) - 1); // a bucket is a cache line
        var tables = new MatcherTables(header, first, block);
        _buckets.CopyTo(new Span<TokenBucket>(tables.Buckets, _buckets.Length));
        tokens.CopyTo(new Span<Token>(tables.Tokens, tokens.Length));
        _edges.CopyTo(new Span<Edge>(tables.Edges, _edges.Length));
        rows.CopyTo(new Span<uint>(tables.Rows, rows.Length));
        gapsAt.CopyTo(new Span<uint>(tables.GapsAt, rows.Length));
        CollectionsMarshal.AsSpan(gaps).CopyTo(new Span<byte>(tables.Gaps, gaps.Count));
        CollectionsMarshal.AsSpan(_longWords).CopyTo(new Span<byte>(tables.LongWords, _longWords.Count));
        foreach (var hash in _edgeHashes)
        {
            var bit = hash >> (64 - header.EdgeBits - MatcherTables.FilterBitsMore);
            tables.EdgeFilter[bit >> 3] |= (byte)(1 << (int)(bit & 7));
        }
        return tables;
    }

    private void ReadWords()
    {
        var folded = new FoldedText();
        for (var row = 0; row < _queries.Count; row++)
        {
            folded.Read(_queries[row].Text);
            if (folded.Count > QueryMatcher.MaxWords)
                throw new InvalidDataException($"The query in row {row} ('{_queries[row].Text[..40]}...') has {folded.Count} words; "
                    + $"the matcher takes {QueryMatcher.MaxWords}. Shorten it or take it out of the list.");
            foreach (ref readonly var word in folded.Words)
            {
                _words.Add(TokenOf(folded.Bytes.Slice(word.From, word.Bytes + Token.ShortLength), word.Bytes));
                _gaps.Add(word.Before);
            }
            _ends[row] = _words.Count;
        }
    }

    private (uint[] Ends, byte[] Widest) BuildTrie()
    {
        var ends = new uint[_queries.Count];
        var widest = new List<byte>(new byte[_tokens.Count]);
        for (int row = 0, at = 0; row < ends.Length; row++)
        {
            ends[row] = Token.None;
            var hash = 0ul;
            for (var first = at; at < _ends[row]; at++)
            {
                if (at == first)
                {
                    ends[row] = _words[at];
                    hash = _tokenHashes[(int)_words[at]];
                    continue;
                }
                var node = (int)ends[row];
                widest[node] = Math.Max(widest[node], (byte)(_gaps[at] + 1));
                hash = MatcherTables.PhraseHash(hash, _tokenHashes[(int)_words[at]]);
                ends[row] = ChildOf(ends[row], _words[at], hash);
                if (ends[row] == widest.Count)
                    widest.Add(0);
            }
        }
        return (ends, [.. widest]);
    }

    /// <summary>Lists the rows that end at each node, and what a node needs to know of them.</summary>
    private (uint[] Info, uint[] Rows, uint[] GapsAt, List<byte> Gaps) PlaceRows(uint[] ends, byte[] widest)
    {
        var info = Array.ConvertAll(widest, gap => (uint)gap);
        var first = new int[widest.Length + 1]; // rows of a node, by counting sort
        foreach (var end in ends.Where(end => end != Token.None))
            first[end + 1]++;
        for (var node = 0; node < widest.Length; node++)
            first[node + 1] += first[node];

        var rows = new uint[first[^1]];
        var gapsAt = new uint[rows.Length];
        List<byte> gaps = [];
        var next = first.AsSpan(0, widest.Length).ToArray();
        for (int row = 0, at = 0; row < ends.Length; at = _ends[row++])
        {
            if (ends[row] == Token.None)
                continue;
            var place = next[ends[row]]++;
            rows[place] = (uint)row;
            gapsAt[place] = GapsOf(at, _ends[row], widest, gaps);
        }
        for (var node = 0; node < widest.Length; node++)
        {
            var (from, to) = (first[node], first[node + 1]);
            if (from == to)
                continue;
            info[node] |= to - from == 1 && gapsAt[from] == 0
                ? NodeInfo.One | rows[from] << NodeInfo.ValueShift
                : NodeInfo.List | (uint)from << NodeInfo.ValueShift;
            rows[to - 1] |= NodeInfo.LastRow;
        }
        if (gaps.Count > 0)
            gaps.AddRange(new byte[QueryMatcher.MaxWords]); // so that no comparison can lead out of the file
        return (info, rows, gapsAt, gaps);
    }

    // A query whose gaps are narrower than those of another one on its way compares its own at the end.
    private uint GapsOf(int from, int to, byte[] widest, List<byte> gaps)
    {
        var narrower = false;
        var node = _words[from];
        var hash = _tokenHashes[(int)node];
        for (var at = from + 1; at < to; at++)
        {
            narrower |= (byte)_gaps[at] + 1 < widest[node];
            hash = MatcherTables.PhraseHash(hash, _tokenHashes[(int)_words[at]]);
            node = ChildOf(node, _words[at], hash);
        }
        if (!narrower)
            return 0;
        var place = (uint)gaps.Count + 1;
        for (var at = from + 1; at < to; at++)
            gaps.Add((byte)_gaps[at]);
        return place;
    }

    private unsafe uint TokenOf(ReadOnlySpan<byte> padded, int length)
    {
        if (_tokens.Count >= _buckets.Length * (TokenBucket.Places / 2))
            GrowBuckets();
        var word = padded[..length];
        var token = new Token { Length = length };
        if (length <= Token.ShortLength)
            MatcherTables.ShortKey(in padded[0], length, out token.Key0, out token.Key1);
        else
            token.Key0 = MatcherTables.LongKey(word);
        var hash = MatcherTables.TokenHash(token.Key0, token.Key1);
        var key = length <= 8 ? token.Key0 : hash;
        var flag = length <= 8 ? 0 : TokenBucket.HashOnly;
        for (var at = hash & (uint)(_buckets.Length - 1); ; at = (at + 1) & (uint)(_buckets.Length - 1))
        {
            ref var bucket = ref _buckets[at];
            for (var place = 0; place < TokenBucket.Places; place++)
            {
                var number = bucket.Tokens[place];
                if (number == Token.None)
                {
                    bucket.Keys[place] = key;
                    bucket.Tokens[place] = (uint)_tokens.Count | flag;
                    AddToken(token, hash, word);
                    return (uint)_tokens.Count - 1;
                }
                if (bucket.Keys[place] == key && (number & TokenBucket.HashOnly) == flag && Is(number & ~TokenBucket.HashOnly, token, word))
                    return number & ~TokenBucket.HashOnly;
            }
        }
    }

    private void AddToken(Token token, ulong hash, ReadOnlySpan<byte> word)
    {
        if (token.Length > Token.ShortLength)
        {
            token.Key1 = (ulong)_longWords.Count;
            _longWords.AddRange(word);
        }
        _tokens.Add(token);
        _tokenHashes.Add(hash);
    }

    private bool Is(uint number, in Token token, ReadOnlySpan<byte> word)
    {
        var known = _tokens[(int)number];
        return known.Length == token.Length && known.Key0 == token.Key0
            && (token.Length <= Token.ShortLength ? known.Key1 == token.Key1
                : word.SequenceEqual(CollectionsMarshal.AsSpan(_longWords).Slice((int)known.Key1, (int)known.Length)));
    }

    private unsafe void GrowBuckets()
    {
        _buckets = NewBuckets(_buckets.Length * 2);
        for (var number = 0; number < _tokens.Count; number++)
        {
            var token = _tokens[number];
            var hash = _tokenHashes[number];
            var at = hash & (uint)(_buckets.Length - 1);
            var place = 0;
            while (_buckets[at].Tokens[place] != Token.None)
            {
                if (++place == TokenBucket.Places)
                    (at, place) = ((at + 1) & (uint)(_buckets.Length - 1), 0);
            }
            _buckets[at].Keys[place] = token.Length <= 8 ? token.Key0 : hash;
            _buckets[at].Tokens[place] = (uint)number | (token.Length <= 8 ? 0 : TokenBucket.HashOnly);
        }
    }

    private uint ChildOf(uint node, uint token, ulong hash)
    {
        if (_edgeHashes.Count * 2 >= _edges.Length)
            GrowEdges();
        for (var at = EdgeHome(hash); ; at = (at + 1) & (_edges.Length - 1))
        {
            ref var edge = ref _edges[at];
            if (edge.Node == node && edge.Token == token)
                return edge.Child;
            if (edge.Node != Token.None)
                continue;
            edge = new() { Node = node, Token = token, Child = (uint)(_tokens.Count + _edgeHashes.Count) };
            _edgeHashes.Add(hash);
            return edge.Child;
        }
    }

    private int EdgeHome(ulong hash) => (int)(hash >> (64 - BitOperations.Log2((uint)_edges.Length)));

    private void GrowEdges()
    {
        var old = _edges;
        _edges = NewEdges(old.Length * 2);
        foreach (var edge in old.Where(edge => edge.Node != Token.None))
        {
            var at = EdgeHome(_edgeHashes[(int)edge.Child - _tokens.Count]);
            while (_edges[at].Node != Token.None)
                at = (at + 1) & (_edges.Length - 1);
            _edges[at] = edge;
        }
    }

    private static unsafe TokenBucket[] NewBuckets(int count)
    {
        var empty = default(TokenBucket);
        for (var place = 0; place < TokenBucket.Places; place++)
            empty.Tokens[place] = Token.None;
        var buckets = new TokenBucket[count];
        Array.Fill(buckets, empty);
        return buckets;
    }

    private static Edge[] NewEdges(int count)
    {
        var slots = new Edge[count];
        Array.Fill(slots, new() { Node = Token.None });
        return slots;
    }
}
