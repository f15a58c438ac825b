namespace WebImageText.Tests;

public class LayoutTests
{
    [Fact]
    public void It_runs() => Assert.True(true);
}
