using TorchSharp;
using WebImageText.Learn.Kernels;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Kernels;

public sealed class ChannelsLastTests
{
    [Theory]
    [InlineData(2, 16, 3, 5, true)]
    [InlineData(1, 8, 1, 1, true)]
    [InlineData(2, 12, 3, 5, false)]
    public void Maps_with_channels_last_are_told_by_their_strides(long batch, long channels, long rows, long columns, bool expected)
    {
        using var scope = NewDisposeScope();

        Assert.Equal(expected, ChannelsLast.Is(zeros([batch, rows, columns, channels]).permute(0, 3, 1, 2)));
    }

    [Fact]
    public void Other_maps_are_copied()
    {
        using var scope = NewDisposeScope();
        var map = randn([2, 16, 3, 5]);

        var turned = ChannelsLast.Of(map);

        Assert.False(ChannelsLast.Is(map));
        Assert.True(ChannelsLast.Is(turned));
        Assert.True(turned.equal(map).all().item<bool>());
        Assert.Same(turned, ChannelsLast.Of(turned));
        Assert.True(ChannelsLast.Is(ChannelsLast.Empty(map, 7, 4)));
    }
}
