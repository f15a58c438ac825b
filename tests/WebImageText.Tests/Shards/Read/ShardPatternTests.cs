using WebImageText.Shards;

namespace WebImageText.Tests.Shards.Read;

public class ShardPatternTests
{
    [Theory]
    [InlineData("a.tar", "a.tar")]
    [InlineData("s/{00008..00011}.tar", "s/00008.tar s/00009.tar s/00010.tar s/00011.tar")]
    [InlineData("{a,b}/{0..1}.tar", "a/0.tar a/1.tar b/0.tar b/1.tar")]
    [InlineData("{9..11}", "9 10 11")]
    [InlineData("{x}.tar", "x.tar")]
    public void Braces_are_expanded(string pattern, string names) => Assert.Equal(names.Split(' '), ShardPattern.Expand(pattern));

    [Theory]
    [InlineData("{00000..")]
    [InlineData("a}")]
    [InlineData("{5..1}")]
    [InlineData("{a..c}")]
    [InlineData("{{a,b},c}")]
    [InlineData("{0..999999999}")]
    [InlineData("{0..9999}{0..9999}")]
    public void What_is_no_pattern_is_refused(string pattern) => Assert.Throws<FormatException>(() => ShardPattern.Expand(pattern));
}
