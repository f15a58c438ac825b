using CsCheck;
using WebImageText.Crawl.Queries.Balance;

namespace WebImageText.Tests.Queries.Balance;

public class CapPlanTests
{
    [Fact]
    public void A_text_goes_to_the_query_with_the_most_room_and_is_dropped_when_none_has_any()
    {
        // 0 fills up; the third text still finds room with 1; the fifth finds none.
        var plan = CapPlan.Hard(Lists([0], [0], [0, 1], [0], [0, 1], [0, 1]), [3, 3], cap: 2);

        Assert.Equal((6, 4), (plan.Texts, plan.Kept));
        Assert.Equal([2, 2], plan.PerQuery);
    }

    [Fact]
    public void Of_queries_with_as_much_room_the_longest_owns_the_text() =>
        Assert.Equal([1, 1], CapPlan.Hard(Lists([0, 1], [0]), [3, 7], cap: 1).PerQuery);

    [Fact]
    public void The_hard_cap_is_never_passed_and_no_room_is_left_that_a_text_had() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 5].Array[1, 4].Array[0, 60]).Sample((cap, texts) =>
        {
            var lists = texts.Select(text => text.Distinct().Order().ToArray()).ToArray();
            var plan = CapPlan.Hard(Lists(lists), [3, 3, 3, 3, 3, 3], cap);

            Assert.All(plan.PerQuery, owned => Assert.InRange(owned, 0, cap));
            Assert.Equal(plan.Kept, plan.PerQuery.Sum());
            if (plan.Kept < lists.Length) // something was dropped: all of its queries are full
                Assert.Contains(lists, list => list.All(query => plan.PerQuery[query] == cap));
        });

    [Fact]
    public void The_draw_keeps_what_many_random_draws_keep()
    {
        int[][] texts = [.. Enumerable.Range(0, 40).Select(at => at % 4 == 0 ? new[] { 0, 1 } : [0]), [1, 2], [2]];
        var counts = new long[3];
        foreach (var query in texts.SelectMany(text => text))
            counts[query]++;
        var plan = CapPlan.Draw(Lists(texts), counts, t: 5);

        var random = new Random(1);
        var kept = Enumerable.Range(0, 20_000).Average(_ => (double)texts.Count(text => text.Any(query => random.NextDouble() < 5.0 / Math.Max(5, counts[query]))));
        Assert.Equal(kept, plan.Kept, tolerance: 0.1);
        Assert.Equal(42, plan.Texts);
        Assert.Equal(2, plan.PerQuery[2], tolerance: 1e-9); // fewer than t: all of them
        Assert.Equal(2, plan.Over); // 0 and 1 come to more than t: what they share is kept for the other's sake
    }

    [Fact]
    public void Counts_alone_give_a_bound() => Assert.Equal(5 + 3, CapPlan.AtMost([100, 3], 5));

    private static IEnumerable<ArraySegment<int>> Lists(params int[][] texts) => texts.Select(text => new ArraySegment<int>(text));
}
