using TorchSharp;
using WebImageText.Learn.Clip.Towers;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Clip;

public sealed class PoolingTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Means_are_average_pooling_forward_and_back(long side)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var x = randn([2, 6, 12, 6]);
        var (pooled, mean) = (x.clone().requires_grad_(), x.clone().requires_grad_());
        var upstream = randn([2, 6, 12 / side, 6 / side]);

        var expected = nn.functional.avg_pool2d(pooled, side);
        var got = Pooling.Means(mean.permute(0, 2, 3, 1), 2, 12 / side, 6 / side, 6, side);
        (expected * upstream).sum().backward();
        (got * upstream).sum().backward();

        Assert.True(got.allclose(expected, 1e-6, 1e-6));
        Assert.True(mean.grad!.allclose(pooled.grad!, 1e-6, 1e-6));
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(11, 14)]
    public void A_convolution_of_patches_is_the_framework_s(long rows, long columns)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var convolution = new Convolution(3, 5, 4, stride: 4);
        convolution.Initialise();
        var weight = convolution.parameters().Single();
        var (x, upstream) = (randn([2, 3, rows, columns]), randn([2, 5, rows / 4, columns / 4]));

        var got = convolution.forward(x);
        (got * upstream).sum().backward();
        var gradient = weight.grad!.clone();
        weight.grad!.zero_();
        var expected = nn.functional.conv2d(x, weight, null, [4, 4]);
        (expected * upstream).sum().backward();

        Assert.True(got.allclose(expected, 1e-5, 1e-5));
        Assert.True(gradient.allclose(weight.grad!, 1e-5, 1e-5));
    }
}
