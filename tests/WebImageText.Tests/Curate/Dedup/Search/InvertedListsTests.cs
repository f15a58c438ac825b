using WebImageText.Curate.Dedup.Search;

namespace WebImageText.Tests.Curate.Dedup.Search;

public sealed class InvertedListsTests
{
    [Fact]
    public void Copies_share_a_list_and_every_pair_that_is_reported_is_one()
    {
        // 3,000 rows around 60 centres, as pictures of 60 kinds of thing; every tenth has a copy.
        var (centres, dimension) = (SomeRows.Of(60, 64, 7), 64);
        var rows = new List<float>();
        for (var row = 0; row < 3000; row++)
            rows.AddRange(SomeRows.Near(centres[row % 60], 2.5f, row));
        var originals = new DescriptorMatrix("rows", SomeRows.Model, dimension, [.. rows]);
        for (var row = 0; row < 3000; row += 10)
            rows.AddRange(SomeRows.Near(originals[row], 0.5f, row + 9));
        var all = new DescriptorMatrix("rows", SomeRows.Model, dimension, [.. rows]);
        var exact = ExactSearch.Alike(all, 0.9f);

        var lists = InvertedLists.Build(all, 32, stop: TestContext.Current.CancellationToken);
        var found = lists.Alike(0.9f, TestContext.Current.CancellationToken);

        Assert.Equal(3300 * 2, Enumerable.Range(0, lists.Count).Sum(list => lists[list].Count));
        Assert.InRange(exact.Count, 300, 1000);
        Assert.Subset(exact.Select(pair => (pair.Left, pair.Right)).ToHashSet(), found.Select(pair => (pair.Left, pair.Right)).ToHashSet());
        Assert.InRange((double)found.Count / exact.Count, 0.97, 1);
        Assert.Equal(found, InvertedLists.Build(all, 32, stop: TestContext.Current.CancellationToken).Alike(0.9f, TestContext.Current.CancellationToken));
    }
}
