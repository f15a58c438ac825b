using System.Collections.Concurrent;
using System.Text;

namespace WebImageText.Learn.Text;

/// <summary>CLIP's tokenizer: byte-pair encoding of lower-case text. Safe for many threads at once.</summary>
public sealed class ClipTokenizer
{
    // Common words are merged once; a crowd of rare ones does not fill the memory.
    private const int MostCached = 1 << 16;
    private const int MostCachedLength = 32;

    private static readonly Lazy<ClipTokenizer> OfShipped = new(() =>
    {
        const string Name = "shipped.bpe.gz";
        using var stream = typeof(ClipTokenizer).Assembly.GetManifestResourceStream(Name)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return new(MergeList.Read(copy, Name));
    });

    private readonly ConcurrentDictionary<string, int[]> _cache = new();
    private readonly MergeList _merges;

    internal ClipTokenizer(MergeList merges) => _merges = merges;

    /// <summary>Different tokens.</summary>
    public int VocabularySize => _merges.VocabularySize;

    /// <summary>The token that every text starts with.</summary>
    public int StartOfText => VocabularySize - 2;

    /// <summary>The token that every text ends with: the largest.</summary>
    public int EndOfText => VocabularySize - 1;

    /// <summary>The small vocabulary that the program carries: made from the glosses of WordNet and the captions of the demo.</summary>
    public static ClipTokenizer Shipped => OfShipped.Value;

    /// <summary>The merges, as a vocabulary file has them.</summary>
    public IReadOnlyList<string> Merges => _merges.Lines;

    /// <summary>Symbols by id, without start and end of text.</summary>
    public IReadOnlyList<string> Symbols => _merges.Symbols;

    /// <summary>The tokenizer of a vocabulary file: CLIP's <c>bpe_simple_vocab_16e6.txt.gz</c>, or one that <c>wit tokenizer train</c> made.</summary>
    /// <exception cref="InvalidDataException">It is no vocabulary.</exception>
    public static ClipTokenizer Load(string path) => new(MergeList.Read(path));

    /// <summary>Tokens of a text, without start and end, however many.</summary>
    public List<int> Encode(string text)
    {
        List<int> tokens = [];
        Append(text, tokens, int.MaxValue);
        return tokens;
    }

    /// <summary>Writes start, tokens, end and then zeros into a row. A longer text is cut, and still ends with the end.</summary>
    /// <param name="text">A caption.</param>
    /// <param name="row">As long as the context.</param>
    /// <param name="isCut">The text did not fit.</param>
    /// <returns>Tokens written, start and end counted.</returns>
    public int Encode(string text, Span<long> row, out bool isCut)
    {
        List<int> tokens = [];
        var room = row.Length - 2;
        Append(text, tokens, room);
        isCut = tokens.Count > room;
        var used = Math.Min(tokens.Count, room);
        row.Clear();
        row[0] = StartOfText;
        for (var at = 0; at < used; at++)
            row[at + 1] = tokens[at];
        row[used + 1] = EndOfText;
        return used + 2;
    }

    /// <summary>The text of tokens; start and end give nothing. Bytes that make no character become U+FFFD.</summary>
    public string Decode(IEnumerable<int> tokens)
    {
        List<byte> bytes = [];
        foreach (var token in tokens.Where(token => token >= 0 && token < _merges.Symbols.Count))
        {
            var symbol = _merges.Symbols[token];
            var isEnd = symbol.EndsWith(MergeList.WordEnd, StringComparison.Ordinal);
            foreach (var character in isEnd ? symbol[..^MergeList.WordEnd.Length] : symbol)
                bytes.Add(ByteSymbols.InOrder[ByteSymbols.IdOfCharacter[character]]);
            if (isEnd)
                bytes.Add((byte)' ');
        }
        return Encoding.UTF8.GetString([.. bytes]).TrimEnd(' ');
    }

    // Stops soon after more than most are there.
    private void Append(string text, List<int> tokens, int most)
    {
        ReadOnlySpan<char> rest = CaptionText.Clean(text);
        while (tokens.Count <= most && WordSplitter.TryNext(ref rest, out var word))
            tokens.AddRange(TokensOf(word));
    }

    private int[] TokensOf(ReadOnlySpan<char> word)
    {
        if (word.Length > MostCachedLength)
            return WordMerger.Merge(word, _merges);
        var lookup = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(word, out var known))
            return known;
        var tokens = WordMerger.Merge(word, _merges);
        if (_cache.Count < MostCached)
            lookup.TryAdd(word, tokens);
        return tokens;
    }
}
