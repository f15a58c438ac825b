using WebImageText.Crawl.Addresses;

namespace WebImageText.Tests.Addresses;

public class PageTrapTests
{
    [Theory]
    [InlineData("/", false)]
    [InlineData("/2024/05/05/05/", false)]
    [InlineData("/a/a/a/b", false)]
    [InlineData("/a/b/a/b/a/b/a/b", true)]
    [InlineData("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20", false)]
    [InlineData("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21", true)]
    public void Paths_that_repeat_or_nest_too_deep_are_traps(string path, bool isTrap) =>
        Assert.Equal(isTrap, PageTrap.Find(WebAddress.Parse("http://site.test" + path)) is not null);

    [Fact]
    public void Addresses_without_end_are_traps() =>
        Assert.NotNull(PageTrap.Find(WebAddress.Parse("http://site.test/?q=" + new string('x', 3_000))));
}
