using TorchSharp;
using WebImageText.Curate.Dedup.Search;
using WebImageText.Learn.Search;

namespace WebImageText.Learn.Tests.Search;

public sealed class TorchSearchTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Libtorch_finds_what_the_processors_own_search_finds(bool isTurned)
    {
        var (references, queries) = (Rows(7000, 48, 1), Rows(300, 48, 2));
        RowRange[] ranges = [new(0, 3000), new(3000, 1), new(3001, 3999)];
        var expected = ExactSearch.Nearest(queries, references, ranges, stop: TestContext.Current.CancellationToken);
        using var search = new TorchSearch(references, ranges, torch.CPU) { QueryRows = 128, Tile = new(50, 4096, isTurned) };

        var found = search.Nearest(queries, stop: TestContext.Current.CancellationToken);

        Assert.Equal(expected.Select(neighbour => neighbour.Row), found.Select(neighbour => neighbour.Row));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-5f));
    }

    [Fact]
    public void A_measurement_on_the_processor_is_exact()
    {
        var figures = new SearchMeasure(torch.CPU).Run(references: 4000, queries: 256, dimension: 32, seconds: 0.01);

        Assert.InRange(figures.WorstScoreError, 0, 1e-6);
        Assert.InRange(figures.WorstLoss, -1e-9, 1e-6);
        Assert.True(figures.PairsPerSecond > 0);
    }

    private static DescriptorMatrix Rows(int count, int dimension, int seed)
    {
        var random = new Random(seed);
        var rows = new float[count * dimension];
        for (var row = 0; row < count; row++)
        {
            var length = 0f;
            for (var k = 0; k < dimension; k++)
                length += MathF.Pow(rows[row * dimension + k] = random.NextSingle() - 0.5f, 2);
            for (var k = 0; k < dimension; k++)
                rows[row * dimension + k] /= MathF.Sqrt(length);
        }
        return new("test", "", dimension, rows);
    }
}
