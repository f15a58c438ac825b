using System.Text;

namespace WebImageText.Learn.Text;

/// <summary>How often each pair of neighbouring symbols occurs in a list of counted words, while pairs are merged.</summary>
internal sealed class PairCounts
{
    private readonly List<(int[] Symbols, long Count)> _words = [];
    private readonly Dictionary<(int Left, int Right), long> _counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _places = [];
    private readonly PriorityQueue<(int Left, int Right), (long Negative, int Left, int Right)> _queue = new();

    public PairCounts(IEnumerable<KeyValuePair<string, long>> words)
    {
        foreach (var (word, count) in words)
        {
            int[] symbols = [.. Encoding.UTF8.GetBytes(word).Select(value => ByteSymbols.IdOfByte[value])];
            symbols[^1] += 256;
            _words.Add((symbols, count));
            Count(_words.Count - 1, +1);
        }
        foreach (var (pair, count) in _counts)
            _queue.Enqueue(pair, (-count, pair.Left, pair.Right));
    }

    /// <summary>The pair that occurs most often, at least twice.</summary>
    public bool TryTakeMostFrequent(out int left, out int right)
    {
        while (_queue.TryDequeue(out var pair, out var rank))
        {
            var count = _counts.GetValueOrDefault(pair);
            (left, right) = pair;
            if (count == -rank.Negative && count > 1)
                return true;
            if (count > 1 && count < -rank.Negative) // it was counted before other merges took some of it
                _queue.Enqueue(pair, (-count, left, right));
        }
        (left, right) = (0, 0);
        return false;
    }

    /// <summary>Makes one symbol of a pair, everywhere.</summary>
    public void Merge(int left, int right, int merged)
    {
        HashSet<(int, int)> risen = [];
        foreach (var place in _places[(left, right)].Order().ToList())
        {
            Count(place, -1);
            var (symbols, count) = _words[place];
            List<int> after = new(symbols.Length);
            for (var at = 0; at < symbols.Length; at++)
            {
                var isPair = at + 1 < symbols.Length && symbols[at] == left && symbols[at + 1] == right;
                after.Add(isPair ? merged : symbols[at]);
                at += isPair ? 1 : 0;
            }
            _words[place] = ([.. after], count);
            Count(place, +1);
            for (var at = 0; at + 1 < after.Count; at++)
                if (after[at] == merged || after[at + 1] == merged)
                    risen.Add((after[at], after[at + 1]));
        }
        foreach (var pair in risen)
            _queue.Enqueue(pair, (-_counts[pair], pair.Item1, pair.Item2));
    }

    private void Count(int place, int sign)
    {
        var (symbols, count) = _words[place];
        for (var at = 0; at + 1 < symbols.Length; at++)
        {
            var pair = (symbols[at], symbols[at + 1]);
            _counts[pair] = _counts.GetValueOrDefault(pair) + sign * count;
            if (!_places.TryGetValue(pair, out var places))
                _places[pair] = places = [];
            if (sign > 0)
                places.Add(place);
            else
                places.Remove(place);
        }
    }
}
