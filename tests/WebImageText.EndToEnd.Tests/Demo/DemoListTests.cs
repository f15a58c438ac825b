using WebImageText.Cli.Demo.Scenes;
using WebImageText.Crawl.Queries;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Demo;

[Collection(OneAtATime.Name)]
public class DemoListTests
{
    [Fact]
    public void The_list_in_queries_is_the_one_that_the_demo_uses() =>
        Assert.Equal(SceneKind.Queries, QueryList.Load(Checkout.PathOf("queries/demo.tsv")).Select(query => query.Text));
}
