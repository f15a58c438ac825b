using CsCheck;
using WebImageText.Curate.Dedup.Search;

namespace WebImageText.Tests.Curate.Dedup.Search;

public sealed class ExactSearchTests
{
    [Fact]
    public void The_nearest_row_of_each_range_is_that_of_a_float64_product() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 700], Gen.Int[1, 65], Gen.Int[0, 1000]).Sample((queries, references, dimension, seed) =>
        {
            var (asked, rows) = (SomeRows.Of(queries, dimension, seed), SomeRows.Of(references, dimension, seed + 1));
            var cut = seed % references;
            RowRange[] ranges = [new(0, cut), new(cut, references - cut)];

            var found = ExactSearch.Nearest(asked, rows, ranges);

            for (var query = 0; query < queries; query++)
                for (var range = 0; range < 2; range++)
                {
                    var (first, count) = ranges[range];
                    var winner = found[query * 2 + range];
                    if (count == 0)
                    {
                        Assert.Equal(Neighbour.None, winner);
                        continue;
                    }
                    var scores = Enumerable.Range((int)first, (int)count).Select(row => Dot(asked[query], rows[row])).ToArray();
                    Assert.InRange(winner.Row, first, first + count - 1);
                    Assert.Equal(scores.Max(), Dot(asked[query], rows[(int)winner.Row]), 1e-6);
                    Assert.Equal(scores.Max(), winner.Score, 1e-6);
                }
        }, iter: 60);

    [Fact]
    public void Of_equals_the_lowest_row_wins()
    {
        var one = SomeRows.Of(1, 8, 5);
        var same = new DescriptorMatrix("same", SomeRows.Model, 8, [.. Enumerable.Repeat(one[0].ToArray(), 100).SelectMany(row => row)]);

        Assert.Equal(0, ExactSearch.Nearest(one, same)[0].Row);
        Assert.Equal(37, ExactSearch.Nearest(one, same, [new(37, 20)])[0].Row);
    }

    [Fact]
    public void All_pairs_over_a_threshold_are_found_once()
    {
        var rows = SomeRows.Of(900, 12, 3);
        var found = ExactSearch.Alike(rows, 0.8f);

        var expected = from left in Enumerable.Range(0, 900)
                       from right in Enumerable.Range(left + 1, 899 - left)
                       where Dot(rows[left], rows[right]) >= 0.8
                       select ((long)left, (long)right);
        Assert.Equal(expected, found.Select(pair => (pair.Left, pair.Right)));
        Assert.NotEmpty(found);
    }

    [Fact]
    public void Rows_that_are_no_descriptors_are_refused_by_number()
    {
        var rows = new float[3 * 4];
        (rows[0], rows[4], rows[8]) = (1, 1, float.NaN);
        var bad = new DescriptorMatrix("bad.f32", "", 4, rows);

        var refused = Assert.Throws<AggregateException>(() => ExactSearch.Nearest(SomeRows.Of(2, 4, 1), bad)).InnerExceptions[0];
        Assert.Contains("'bad.f32', row 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("not finite", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Descriptors_of_two_models_or_widths_are_not_compared()
    {
        var other = new string('f', 64);
        Assert.Contains("two models", Assert.Throws<InvalidDataException>(() =>
            ExactSearch.Nearest(SomeRows.Of(2, 4, 1), SomeRows.Of(2, 4, 1, other))).Message, StringComparison.Ordinal);
        Assert.Contains("8", Assert.Throws<InvalidDataException>(() =>
            ExactSearch.Nearest(SomeRows.Of(2, 4, 1), SomeRows.Of(2, 8, 1))).Message, StringComparison.Ordinal);
    }

    private static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sum = 0.0;
        for (var k = 0; k < left.Length; k++)
            sum += (double)left[k] * right[k];
        return sum;
    }
}
