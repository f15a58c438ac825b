using TorchSharp;
using WebImageText.Learn.Safetensors;
using WebImageText.Learn.Train;
using WebImageText.Tests.Support;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Train;

public sealed class FeatureLossTests
{
    [Theory]
    [InlineData(4096)]
    [InlineData(5)]
    public void The_contrastive_gradient_is_the_one_that_autograd_finds(int chunk)
    {
        using var scope = NewDisposeScope();
        var (image, text, scale, _) = Leaves(24);
        var logits = scale.exp() * image.matmul(text.t());
        var labels = arange(24);
        var loss = (nn.functional.cross_entropy(logits, labels) + nn.functional.cross_entropy(logits.t(), labels)) / 2;
        loss.backward();

        var made = FeatureLoss.Contrastive(image.detach(), text.detach(), scale.detach(), new SingleRank(), chunk);

        Assert.InRange(SomeModel.Distance(loss.detach(), made.Value), 0, 1e-6);
        Assert.InRange(SomeModel.Distance(image.grad!, made.Image), 0, 2e-6);
        Assert.InRange(SomeModel.Distance(text.grad!, made.Text), 0, 2e-6);
        Assert.InRange(SomeModel.Distance(scale.grad!, made.Scale), 0, 1e-5);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(5)]
    public void The_gradient_of_siglip_is_the_one_that_autograd_finds(int chunk)
    {
        using var scope = NewDisposeScope();
        var (image, text, scale, bias) = Leaves(24);
        var labels = 2 * eye(24) - 1;
        var loss = -(labels * (scale.exp() * image.matmul(text.t()) + bias)).log_sigmoid().sum() / 24;
        loss.backward();

        var made = FeatureLoss.Sigmoid(image.detach(), text.detach(), scale.detach(), bias.detach(), new SingleRank(), chunk);

        Assert.InRange(SomeModel.Distance(loss.detach(), made.Value), 0, 1e-6);
        Assert.InRange(SomeModel.Distance(image.grad!, made.Image), 0, 2e-6);
        Assert.InRange(SomeModel.Distance(text.grad!, made.Text), 0, 2e-6);
        Assert.InRange(SomeModel.Distance(scale.grad!, made.Scale), 0, 1e-5);
        Assert.InRange(SomeModel.Distance(bias.grad!, made.Bias!), 0, 1e-5);
    }

    [Fact]
    public void The_loss_of_siglip_is_that_of_open_clip()
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(SharedData.Require("clip/parity/siglip.safetensors"));

        var made = FeatureLoss.Sigmoid(file.Read("image"), file.Read("text"), tensor((float)Math.Log(10)), tensor(-10f), new SingleRank());

        Assert.InRange(SomeModel.Distance(file.Read("loss").view([]), made.Value), 0, 1e-5);
    }

    private static (Tensor Image, Tensor Text, Tensor Scale, Tensor Bias) Leaves(int count)
    {
        random.manual_seed(3);
        return (Unit(randn(count, 16)), Unit(randn(count, 16)), tensor(2.5f, requires_grad: true), tensor(-3f, requires_grad: true));

        static Tensor Unit(Tensor x) => nn.functional.normalize(x, 2, 1).requires_grad_(true);
    }
}
