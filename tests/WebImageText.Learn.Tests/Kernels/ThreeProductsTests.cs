using TorchSharp;
using WebImageText.Learn.Kernels;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Kernels;

public sealed class ThreeProductsTests
{
    [Fact]
    public void Outputs_and_gradients_are_those_of_three_layers()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        Tensor[] leaves = [Leaf(2, 5, 8), Leaf(12, 8), Leaf(12)];
        Tensor[] upstream = [randn(2, 5, 4), randn(2, 5, 4), randn(2, 5, 4)];

        var got = ThreeProducts.Of(leaves[0], leaves[1], leaves[2]);
        var gradients = autograd.grad(got, leaves, upstream);
        OwnGradient.ThrowIfFailed();
        var expected = nn.functional.linear(leaves[0], leaves[1], leaves[2]).chunk(3, -1);
        var right = autograd.grad(expected, leaves, upstream);

        Assert.All(got.Zip(expected), pair => Assert.True(pair.First.allclose(pair.Second, 1e-5, 1e-6)));
        Assert.All(gradients.Zip(right), pair => Assert.True(pair.First.allclose(pair.Second, 1e-5, 1e-5)));
    }

    private static Tensor Leaf(params long[] shape) => randn(shape, requires_grad: true);
}
