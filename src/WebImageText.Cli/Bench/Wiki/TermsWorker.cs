using System.Runtime.InteropServices;
using WebImageText.Crawl.Queries.Counting;

namespace WebImageText.Cli.Bench.Wiki;

/// <summary>One thread's part of the stream: counted as the list builder counts, and noted apart from it for the check.</summary>
internal sealed class TermsWorker(ZipfStream stream, int vocabulary, TermCounter words, TermCounter pairs)
{
    /// <summary>Of so many pairs one is noted.</summary>
    public const int SampleOf = 1 << 12;

    private readonly int[] _wordCounts = new int[vocabulary + 1];
    private readonly Dictionary<long, uint> _somePairs = [];
    private long _done;

    /// <summary>What the stream had.</summary>
    /// <param name="Words">All of them.</param>
    /// <param name="WordCounts">By rank.</param>
    /// <param name="SomePairs">Counts of the noted pairs, by <see cref="ZipfStream.Read"/>.</param>
    public sealed record Known(long Words, long[] WordCounts, Dictionary<long, uint> SomePairs);

    /// <summary>Whether a pair is one of those that are noted.</summary>
    public static bool IsNoted(long ranks) => (ulong)ranks * 0x9E3779B97F4A7C15 >> 52 == 0;

    public void Count(long count, CancellationToken stop)
    {
        Span<byte> text = stackalloc byte[64];
        var (before, length) = (0, 0); // the word before, in text
        for (; _done < count; _done++)
        {
            if ((_done & 0xFFFFF) == 0)
                stop.ThrowIfCancellationRequested();
            var rank = stream.Next();
            _wordCounts[rank]++;
            text[length] = (byte)' ';
            var start = length + 1;
            var end = start + ZipfStream.Write(rank, text[start..]);
            words.Add(TermCounter.HashOf(text[start..end]), text[start..end]);
            if (before > 0)
            {
                pairs.Add(TermCounter.HashOf(text[..end]), text[..end]);
                var ranks = (long)before << 32 | (uint)rank;
                if (IsNoted(ranks))
                    CollectionsMarshal.GetValueRefOrAddDefault(_somePairs, ranks, out _)++;
            }
            text[start..end].CopyTo(text);
            (before, length) = (rank, end - start);
        }
        words.Spill();
        pairs.Spill();
    }

    public static Known Sum(IReadOnlyList<TermsWorker> workers)
    {
        var counts = new long[workers[0]._wordCounts.Length];
        Dictionary<long, uint> noted = [];
        foreach (var worker in workers)
        {
            for (var rank = 0; rank < counts.Length; rank++)
                counts[rank] += worker._wordCounts[rank];
            foreach (var (ranks, count) in worker._somePairs)
                CollectionsMarshal.GetValueRefOrAddDefault(noted, ranks, out _) += count;
        }
        return new(workers.Sum(worker => worker._done), counts, noted);
    }
}
