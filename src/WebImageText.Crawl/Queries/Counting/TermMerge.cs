using System.Runtime.InteropServices;
using System.Text;

namespace WebImageText.Crawl.Queries.Counting;

/// <summary>A term in all its written forms.</summary>
/// <param name="Hash">By which terms are ordered; see <see cref="TermCounter.HashOf"/>.</param>
/// <param name="Folded">Folded for matching.</param>
/// <param name="Written">The form that occurs most; of equals the first in ordinal order.</param>
/// <param name="Count">Of all forms together.</param>
internal readonly record struct Term(ulong Hash, string Folded, string Written, ulong Count);

/// <summary>Adds up runs: every term once, in the order of the hashes, whatever runs the counts came in.</summary>
internal static class TermMerge
{
    /// <param name="runs">Files of runs.</param>
    /// <param name="fold">How a written form is folded.</param>
    /// <param name="least">Terms with a smaller count are passed over, unless <paramref name="wanted"/> names them.</param>
    /// <param name="wanted">Folded terms that are always given.</param>
    public static IEnumerable<Term> Merge(IEnumerable<string> runs, Func<string, string> fold, ulong least, IReadOnlySet<string> wanted)
    {
        var readers = new List<TermRunReader>();
        try
        {
            var queue = new PriorityQueue<TermRunReader, ulong>();
            foreach (var run in runs)
            {
                var reader = new TermRunReader(run);
                readers.Add(reader);
                if (reader.Next())
                    queue.Enqueue(reader, reader.Hash);
            }
            var wantedHashes = wanted.Select(folded => TermCounter.HashOf(Encoding.UTF8.GetBytes(folded))).ToHashSet();
            var forms = new Forms();
            while (queue.TryPeek(out var first, out var hash))
            {
                forms.Clear();
                do
                {
                    forms.Add(first.Term, first.Count);
                    if (first.Next())
                        queue.DequeueEnqueue(first, first.Hash);
                    else
                        queue.Dequeue();
                }
                while (queue.TryPeek(out first, out var next) && next == hash);
                if (forms.Total < least && !wantedHashes.Contains(hash))
                    continue;
                foreach (var term in forms.Group(hash, fold).Where(term => term.Count >= least || wanted.Contains(term.Folded)))
                    yield return term;
            }
        }
        finally
        {
            readers.ForEach(reader => reader.Dispose());
        }
    }

    /// <summary>What stands under one hash. Most terms are rare: nothing is made of them but a few bytes that are used again.</summary>
    private sealed class Forms
    {
        private readonly List<(int From, int Length, ulong Count)> _forms = [];
        private readonly List<byte> _bytes = [];

        public ulong Total { get; private set; }

        public void Clear()
        {
            _forms.Clear();
            _bytes.Clear();
            Total = 0;
        }

        public void Add(ReadOnlySpan<byte> written, ulong count)
        {
            _forms.Add((_bytes.Count, written.Length, count));
            _bytes.AddRange(written);
            Total += count;
        }

        // One hash is nearly always one folded term; when it is not, both are told apart here.
        public List<Term> Group(ulong hash, Func<string, string> fold) => _forms
            .GroupBy(form => Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(_bytes).Slice(form.From, form.Length)), form => form.Count)
            .Select(form => (Written: form.Key, Count: form.Aggregate((a, b) => a + b)))
            .GroupBy(form => fold(form.Written))
            .OrderBy(term => term.Key, StringComparer.Ordinal)
            .Select(term =>
            {
                var best = term.OrderByDescending(form => form.Count).ThenBy(form => form.Written, StringComparer.Ordinal).First();
                return new Term(hash, term.Key, best.Written, term.Aggregate(0ul, (sum, form) => sum + form.Count));
            })
            .ToList();
    }
}
