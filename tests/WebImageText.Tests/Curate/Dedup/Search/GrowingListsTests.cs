using System.Numerics.Tensors;
using CsCheck;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Dedup.Search;

namespace WebImageText.Tests.Curate.Dedup.Search;

public class GrowingListsTests
{
    private const int Dimension = 64;

    private static readonly LikenessRule Rule = new(0.9f, SomeRows.Model, Dimension);

    [Fact]
    public void What_is_found_is_what_the_rule_says_of_every_two() => Gen.Select(Gen.Int[1, 40].Array[2, 30], Gen.Float[0.05f, 2]).Sample(
        (kinds, noise) =>
        {
            // Rows of few kinds, more or less near to one another.
            var rows = kinds.Select((kind, at) => Row(SomeRows.Near(SomeRows.Of(40, Dimension, 3)[kind % 5], noise, at))).ToArray();
            var index = new GrowingLists(Rule);
            foreach (var row in rows)
                index.Add(row);

            foreach (var row in rows)
            {
                var expected = rows.Select((other, id) => (Id: id, Score: Rule.Match(row, other))).Where(other => other.Score is not null)
                    .Select(other => new LikeNeighbour(other.Id, other.Score!.Value));
                Assert.Equal(expected, index.Within(row));
                Assert.All(rows, other => Assert.Equal(Rule.Match(row, other), Rule.Match(other, row)));
            }
        },
        iter: 40);

    [Fact]
    public void Near_copies_share_a_list()
    {
        var originals = SomeRows.Of(400, Dimension, 5);
        var index = new GrowingLists(Rule);
        for (var at = 0; at < 400; at++)
            index.Add(Row(originals[at]));

        // At a likeness of 0.9 to 1.
        var (alike, found) = (0, 0);
        for (var at = 0; at < 400; at++)
        {
            var copy = Row(SomeRows.Near(originals[at], 0.3f + at / 400f * 1.5f, at));
            if (Rule.Score(Row(originals[at]), copy) is null)
                continue;
            alike++;
            found += index.Within(copy).Any(near => near.Id == at) ? 1 : 0;
        }

        Assert.InRange(alike, 200, 400);
        Assert.InRange((double)found / alike, 0.99, 1);
    }

    [Fact]
    public void An_empty_row_is_like_none()
    {
        var (index, row) = (new GrowingLists(Rule), Row(SomeRows.Of(1, Dimension, 1)[0]));
        Assert.Equal([0, 1, 2], [index.Add([]), index.Add(row), index.Add([])]);

        Assert.Equal(1, Assert.Single(index.Within(row)).Id);
        Assert.Empty(index.Within([]));
        Assert.Null(index.Match(0, row));
        Assert.Equal(-1, index[0].IndexOfAnyExcept(Half.Zero));
        Assert.True(index[1].SequenceEqual(row));
    }

    [Fact]
    public void What_is_not_finite_or_too_long_is_like_none()
    {
        var row = Row(SomeRows.Of(1, Dimension, 1)[0]);
        var index = new GrowingLists(Rule);
        index.Add(row);

        foreach (var wrong in new[] { Half.NaN, Half.PositiveInfinity, Half.NegativeInfinity, Half.MaxValue })
        {
            var broken = row.Select(number => number > Half.Zero ? wrong : number).ToArray();
            Assert.Empty(index.Within(broken));
            Assert.Null(Rule.Match(broken, broken));
            index.Add(broken);
        }
        Assert.Equal(0, Assert.Single(index.Within(row)).Id);
    }

    [Fact]
    public void Lists_of_a_descriptor_are_the_same_for_ever()
    {
        var row = new Half[256];
        for (var at = 0; at < row.Length; at++)
            row[at] = (Half)((at * 37 % 101 - 50) / 466f);

        Assert.Equal([1946, 4008, 9611, 22780, 36409, 36874, 55760, 62862], new ListPlaces(256, 8).Of(row));
        Assert.Equal(ListPlaces.Lists, new ListPlaces(256, 8).Count);
        Assert.All([1, 3, 100, 512, 8192], dimension => Assert.Equal(16, new ListPlaces(dimension, 16).Of(row.AsSpan(0, Math.Min(256, dimension))).Distinct().Count()));
    }

    private static Half[] Row(ReadOnlySpan<float> row)
    {
        var half = new Half[row.Length];
        TensorPrimitives.ConvertToHalf(row, half);
        return half;
    }
}
