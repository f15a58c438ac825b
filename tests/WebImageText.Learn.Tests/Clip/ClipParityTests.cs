using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Clip;

/// <summary>Against values that open_clip computed in float32.</summary>
public sealed class ClipParityTests
{
    public static TheoryData<string> Models => ["vit-tiny-quickgelu", "vit-tiny-gelu", "resnet-tiny"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Features_are_those_of_open_clip(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        using var parity = new Parity(name);
        parity.Model.eval();

        var (images, texts) = (parity.Model.EncodeImage(parity.Pixels), parity.Model.EncodeText(parity.Tokens));

        Assert.InRange(Parity.Distance(parity.Of("eval.image_features"), images), 0, 1e-5);
        Assert.InRange(Parity.Distance(parity.Of("eval.text_features"), texts), 0, 1e-5);
        Assert.InRange(Parity.Distance(parity.Of("eval.image_features_normalized"), Parity.Unit(images)), 0, 1e-5);
        Assert.InRange(Parity.Distance(parity.Of("eval.text_features_normalized"), Parity.Unit(texts)), 0, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_gradient_is_that_of_open_clip(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var parity = new Parity(name);
        parity.Model.train();

        parity.Loss().backward();

        var gradients = parity.Model.named_parameters().ToDictionary(entry => "grad." + entry.name, entry => entry.parameter.grad!);
        Assert.Equal(parity.Names.Where(entry => entry.StartsWith("grad.", StringComparison.Ordinal)).Order(), gradients.Keys.Order());
        Assert.All(gradients, entry => Assert.InRange(Distance(parity.Of(entry.Key), entry.Value), 0, 1e-4));

        // A bias before a softmax over all places has no gradient but rounding.
        static double Distance(Tensor expected, Tensor actual) =>
            expected.abs().max().item<float>() < 1e-6 ? actual.abs().max().item<float>() : Parity.Distance(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_first_losses_are_those_of_open_clip(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var parity = new Parity(name);
        var settings = parity.Settings;
        parity.Model.train();
        var decayed = parity.Model.named_parameters().ToLookup(entry =>
            entry.parameter.dim() > 1 && !entry.name.EndsWith("positional_embedding", StringComparison.Ordinal));
        using var optimizer = torch.optim.AdamW([Group(true, settings.GetProperty("weight_decay").GetDouble()), Group(false, 0)]);

        foreach (var expected in settings.GetProperty("losses").EnumerateArray().Select(loss => loss.GetDouble()))
        {
            optimizer.zero_grad();
            var loss = parity.Loss();
            loss.backward();
            optimizer.step();

            Assert.InRange(Math.Abs(loss.item<float>() - expected) / expected, 0, 1e-5);
        }

        AdamW.ParamGroup Group(bool isDecayed, double decay) => new(decayed[isDecayed].Select(entry => entry.parameter), new()
        {
            LearningRate = settings.GetProperty("lr").GetDouble(),
            beta1 = settings.GetProperty("betas")[0].GetDouble(),
            beta2 = settings.GetProperty("betas")[1].GetDouble(),
            eps = settings.GetProperty("eps").GetDouble(),
            weight_decay = decay,
        });
    }
}
