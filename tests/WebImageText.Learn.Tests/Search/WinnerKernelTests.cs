using WebImageText.Learn.Search;

namespace WebImageText.Learn.Tests.Search;

public sealed class WinnerKernelTests
{
    [Fact]
    public void A_group_holds_at_most_128_queries_of_one_block() =>
        Assert.Equal([1, 0, 3, 3, 3, 128, 3, 131, 128, 3, 259, 1, 4, 260, 128], WinnerKernel.Groups([0, 3, 0, 257, 128]));
}
