using TorchSharp;
using WebImageText.Learn.Kernels;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Kernels;

public sealed class ModelComparisonTests
{
    [Fact]
    public void Libtorch_is_no_worse_than_itself()
    {
        using var scope = NewDisposeScope();

        var figure = KernelMeasure.Models("cpu").First();

        Assert.Empty(figure.Worse);
        Assert.Equal(figure.PlainError, figure.Error, 1e-3);
        Assert.InRange(figure.Error, 1e-3, 0.5);
    }
}
