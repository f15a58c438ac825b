using System.IO.Compression;
using System.Text;

namespace WebImageText.Learn.Text;

/// <summary>Learns a byte-pair vocabulary: again and again, the pair of neighbours that occurs most often becomes one symbol.</summary>
/// <remarks>Sennrich et al. 2016 (arXiv:1508.07909). Same texts, same vocabulary: equal counts are decided by the symbols' order.</remarks>
public sealed class MergeLearner
{
    // A word list that no longer grows keeps hostile input from filling the memory.
    private const int MostWords = 5_000_000;
    private const int LongestWord = 100;

    private readonly Dictionary<string, long> _words = new(StringComparer.Ordinal);

    /// <summary>Texts that were counted.</summary>
    public long Texts { get; private set; }

    /// <summary>Different words in them.</summary>
    public int Words => _words.Count;

    /// <summary>Counts the words of a text.</summary>
    public void Add(string text)
    {
        ReadOnlySpan<char> rest = CaptionText.Clean(text);
        var lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        while (WordSplitter.TryNext(ref rest, out var word))
        {
            if (word.Length <= LongestWord && (_words.Count < MostWords || lookup.ContainsKey(word)))
                lookup[word] = lookup.TryGetValue(word, out var before) ? before + 1 : 1;
        }
        Texts++;
    }

    /// <summary>The merges, the most frequent first, as lines of a vocabulary file.</summary>
    /// <param name="vocabularySize">Tokens in all: 512 for bytes, 2 for start and end, the rest merges. Fewer when no pair occurs twice.</param>
    public IReadOnlyList<string> Learn(int vocabularySize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, 515);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vocabularySize, 512 + MergeList.Most + 2);
        var pairs = new PairCounts(_words.OrderBy(word => word.Key, StringComparer.Ordinal));
        List<string> symbols = [.. ByteSymbols.Characters.Select(c => c.ToString()), .. ByteSymbols.Characters.Select(c => c + MergeList.WordEnd)];
        var known = symbols.ToHashSet(StringComparer.Ordinal);
        List<string> lines = [];
        while (lines.Count < vocabularySize - 514 && pairs.TryTakeMostFrequent(out var left, out var right))
        {
            // Two ways to build one symbol would give it two ids; the second is left out.
            if (!known.Add(symbols[left] + symbols[right]))
                continue;
            lines.Add($"{symbols[left]} {symbols[right]}");
            pairs.Merge(left, right, symbols.Count);
            symbols.Add(symbols[left] + symbols[right]);
        }
        return lines;
    }

    /// <summary>Writes a vocabulary file, gzip where its name ends so. Same merges, same bytes.</summary>
    public static void Write(string path, IReadOnlyList<string> merges)
    {
        using var file = File.Create(path);
        using Stream target = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.SmallestSize) : file;
        target.Write(Encoding.UTF8.GetBytes("#version: 0.2\n" + string.Concat(merges.Select(line => line + "\n"))));
    }
}
