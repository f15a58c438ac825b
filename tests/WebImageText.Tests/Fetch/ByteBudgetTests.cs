using CsCheck;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Tests.Fetch;

public sealed class ByteBudgetTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_body_may_overdraw_and_the_next_waits_for_it()
    {
        var budget = new ByteBudget(100);
        using var first = budget.Open();
        using var second = budget.Open();
        await first.GrowAsync(60, Stop);
        await second.GrowAsync(30, Stop);

        await first.GrowAsync(500, Stop);
        var waits = second.GrowAsync(20, Stop);

        Assert.False(waits.IsCompleted);
        first.Dispose();
        await waits;
        Assert.Equal(50, budget.Used);
    }

    [Fact]
    public void What_is_taken_comes_back_whatever_the_order() => Gen.Int[1, 300].Array[1, 60].Sample(sizes =>
    {
        var budget = new ByteBudget(200);
        var bodies = sizes.Select(async size =>
        {
            using var lease = budget.Open();
            await lease.GrowAsync(size, Stop).ConfigureAwait(false);
            await Task.Yield();
            await lease.GrowAsync(size, Stop).ConfigureAwait(false);
            lease.Settle(size);
        });
        return Task.WhenAll(bodies).Wait(TimeSpan.FromSeconds(20)) && budget.Used == 0;
    }, iter: 50);
}
