using WebImageText.Crawl.Fetch;
using WebImageText.Pipeline.Flow;

namespace WebImageText.Tests.Pipeline;

public class WitnessedFetcherTests
{
    private static readonly FetchResult Late = new FetchResult.Failed(new(DropReason.Timeout));

    [Fact]
    public async Task A_failure_counts_while_another_node_is_heard()
    {
        Assert.False(Assert.IsType<FetchResult.Failed>(await FetchAsync(Late, true)).IsLocal);
    }

    [Fact]
    public async Task A_failure_of_a_node_that_is_cut_off_says_nothing_of_the_host_and_comes_once_it_is_back()
    {
        var asked = 0;
        var result = await FetchAsync(Late, () => ++asked > 1);

        Assert.True(Assert.IsType<FetchResult.Failed>(result).IsLocal);
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData(DropReason.TooLarge)]
    [InlineData(DropReason.Blocked)]
    public async Task What_the_host_itself_has_said_needs_no_witness(DropReason reason)
    {
        Assert.False(Assert.IsType<FetchResult.Failed>(await FetchAsync(new FetchResult.Failed(new(reason)), () => throw new InvalidOperationException())).IsLocal);
    }

    private static Task<FetchResult> FetchAsync(FetchResult result, bool isInTouch) => FetchAsync(result, () => isInTouch);

    private static Task<FetchResult> FetchAsync(FetchResult result, Func<bool> isInTouch) =>
        new WitnessedFetcher(new Fixed(result), _ => Task.FromResult(isInTouch()), TimeProvider.System)
            .FetchAsync(WebAddress.Parse("http://a.example/"), FetchKind.Page, TestContext.Current.CancellationToken);

    private sealed class Fixed(FetchResult result) : IFetcher
    {
        public Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken stop) => Task.FromResult(result);
    }
}
