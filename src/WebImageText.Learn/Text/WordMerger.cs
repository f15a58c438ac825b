using System.Text;

namespace WebImageText.Learn.Text;

/// <summary>Merges the bytes of one word: always the pair that was learned first, the leftmost of equals.</summary>
internal static class WordMerger
{
    // A queue pays for long words only, and keeps a hostile one from taking quadratic time.
    private const int LongFrom = 64;

    /// <summary>The tokens of a word.</summary>
    public static int[] Merge(ReadOnlySpan<char> word, MergeList merges)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(word.Length)];
        var count = Encoding.UTF8.GetBytes(word, bytes);
        var symbols = new int[count];
        for (var at = 0; at < count; at++)
            symbols[at] = ByteSymbols.IdOfByte[bytes[at]];
        symbols[^1] += 256;
        return count < LongFrom ? Short(symbols, merges) : Long(symbols, merges);
    }

    private static int[] Short(int[] symbols, MergeList merges)
    {
        var count = symbols.Length;
        while (true)
        {
            var (best, where) = (int.MaxValue, -1);
            for (var at = 0; at + 1 < count; at++)
            {
                if (merges.Merge(symbols[at], symbols[at + 1]) is >= 0 and var merged && merged < best)
                    (best, where) = (merged, at);
            }
            if (where < 0)
                return symbols[..count];
            symbols[where] = best;
            Array.Copy(symbols, where + 2, symbols, where + 1, --count - where - 1);
        }
    }

    // The same in n log n: a list of symbols that know their neighbours, and a queue of the pairs that could be merged.
    internal static int[] Long(int[] symbols, MergeList merges)
    {
        int[] next = [.. Enumerable.Range(1, symbols.Length)];
        int[] previous = [.. Enumerable.Range(-1, symbols.Length)];
        var queue = new PriorityQueue<(int At, int Left, int Right), (int Merged, int At)>();
        for (var at = 0; at + 1 < symbols.Length; at++)
            Offer(at);
        while (queue.TryDequeue(out var pair, out var rank))
        {
            var (at, right) = (pair.At, next[pair.At]);
            if (symbols[at] != pair.Left || right >= symbols.Length || symbols[right] != pair.Right)
                continue; // merged with another in the meantime
            symbols[at] = rank.Merged;
            symbols[right] = -1;
            next[at] = next[right];
            if (next[at] < symbols.Length)
                previous[next[at]] = at;
            Offer(at);
            if (previous[at] >= 0)
                Offer(previous[at]);
        }
        return [.. symbols.Where(symbol => symbol >= 0)];

        void Offer(int at)
        {
            if (next[at] < symbols.Length && merges.Merge(symbols[at], symbols[next[at]]) is >= 0 and var merged)
                queue.Enqueue((at, symbols[at], symbols[next[at]]), (merged, at));
        }
    }
}
