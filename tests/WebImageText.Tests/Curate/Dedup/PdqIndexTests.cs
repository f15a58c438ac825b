using CsCheck;
using WebImageText.Curate.Dedup;

namespace WebImageText.Tests.Curate.Dedup;

public class PdqIndexTests
{
    private static readonly Gen<PdqHash> AnyHash = Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong, Gen.ULong)
        .Select((a, b, c, d) => new PdqHash(a, b, c, d));

    // Clusters: a few hashes, and around them others with some bits flipped.
    private static readonly Gen<(PdqHash[] Hashes, PdqHash[] Queries)> Clusters =
        Gen.Select(AnyHash.Array[1, 5], Gen.Select(Gen.Int[0, 4], Gen.Int[0, 255].Array[0, 60]).Array[1, 120], Gen.Int[0, 255].Array[0, 40])
            .Select((centres, around, queryFlips) => (
                around.Select(at => Flip(centres[at.Item1 % centres.Length], at.Item2)).ToArray(),
                centres.Append(Flip(centres[0], queryFlips)).ToArray()));

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(1_000)]
    public void Every_neighbour_is_found_as_by_comparing_all(int few) => Clusters.Sample(at =>
    {
        var index = new PdqIndex(few);
        foreach (var hash in at.Hashes)
            index.Add(hash);
        return at.Queries.All(query => new[] { 0, 7, 15, 16, 31, 40, 47, 48, 100, 256 }.All(limit =>
        {
            var expected = at.Hashes.Select((hash, id) => new PdqNeighbour(id, hash.Distance(query)))
                .Where(near => near.Distance <= limit).ToArray();
            return index.Within(query, limit).SequenceEqual(expected)
                && index.Nearest(query, limit) == (expected.Length > 0 ? expected.MinBy(near => near.Distance) : null);
        }));
    });

    [Fact]
    public void It_stays_exact_over_many_hashes()
    {
        var random = new Random(11);
        var hashes = Enumerable.Range(0, 60_000).Select(_ => Random(random)).ToArray();
        var index = new PdqIndex();
        foreach (var hash in hashes)
            index.Add(hash);
        for (var round = 0; round < 200; round++)
        {
            var id = random.Next(hashes.Length);
            var flips = Enumerable.Range(0, 256).OrderBy(_ => random.Next()).Take(round % 48).ToArray();

            var near = index.Nearest(Flip(hashes[id], flips), 47);

            Assert.Equal(new PdqNeighbour(id, flips.Length), near);
            Assert.Equal(flips.Length <= 31, index.Nearest(Flip(hashes[id], flips)) is not null);
        }
        Assert.Equal(60_000, index.Count);
        Assert.Equal(hashes[59_999], index[59_999]);
        Assert.Throws<ArgumentOutOfRangeException>(() => index[60_000]);
    }

    [Fact]
    public void An_empty_index_has_no_neighbour()
    {
        Assert.Null(new PdqIndex().Nearest(default, 256));
        Assert.Empty(new PdqIndex().Within(default, 256));
    }

    private static PdqHash Random(Random random) => new(Word(random), Word(random), Word(random), Word(random));

    private static ulong Word(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    private static PdqHash Flip(PdqHash hash, int[] bits) => bits.Distinct().Aggregate(hash, (flipped, bit) => (bit / 64) switch
    {
        0 => flipped with { W0 = flipped.W0 ^ 1UL << bit },
        1 => flipped with { W1 = flipped.W1 ^ 1UL << bit },
        2 => flipped with { W2 = flipped.W2 ^ 1UL << bit },
        _ => flipped with { W3 = flipped.W3 ^ 1UL << bit },
    });
}
