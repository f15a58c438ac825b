using TorchSharp;
using WebImageText.Learn.Clip;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Clip;

public sealed class ClipModelTests
{
    [Theory]
    [InlineData("RN50", 102_007_137, 324)]
    [InlineData("RN101", 119_688_033, 477)]
    [InlineData("RN50x4", 178_300_601, 414)]
    [InlineData("RN50x16", 290_979_217, 540)]
    [InlineData("RN50x64", 623_258_305, 756)]
    [InlineData("ViT-B/32", 151_277_313, 302)]
    [InlineData("ViT-B-16", 149_620_737, 302)]
    [InlineData("vit-l/14", 427_616_513, 446)]
    [InlineData("ViT-L/14@336", 427_944_193, 446)]
    public void The_models_of_the_paper_have_their_number_of_weights(string name, long weights, int tensors)
    {
        using var scope = torch.NewDisposeScope();
        using var model = new ClipModel(ClipConfiguration.Named(name), initialise: false);

        var parameters = model.named_parameters().ToList();

        Assert.Equal(tensors, parameters.Count);
        Assert.Equal(weights, parameters.Sum(entry => entry.parameter.numel()));
    }

    [Theory]
    [InlineData("vit-tiny-quickgelu")]
    [InlineData("resnet-tiny")]
    public void Checkpointing_changes_no_gradient(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var parity = new Parity(name);
        var opened = 0;
        parity.Model.AroundRecomputation = () => { Interlocked.Increment(ref opened); return null; };
        parity.Model.GradientCheckpointing = true;
        parity.Model.train();

        parity.Loss().backward();

        Assert.All(parity.Model.named_parameters(), entry => Assert.InRange(
            (entry.parameter.grad! - parity.Of("grad." + entry.name)).abs().max().item<float>(),
            0, 1e-4 * Math.Max(parity.Of("grad." + entry.name).abs().max().item<float>(), 1e-3)));
        Assert.True(opened >= 4);
    }

    [Fact]
    public void What_stands_after_the_end_of_a_text_does_not_matter()
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        using var parity = new Parity("vit-tiny-gelu");
        var tokens = torch.tensor(new long[,] { { 298, 5, 6, 299, 0, 0, 0, 0 }, { 298, 7, 299, 0, 0, 0, 0, 0 } });
        var other = torch.tensor(new long[,] { { 298, 5, 6, 299, 9, 8, 7, 6 }, { 298, 7, 299, 3, 2, 1, 4, 4 } });

        var cut = parity.Model.EncodeText(tokens.narrow(1, 0, 4));

        Assert.InRange(Parity.Distance(parity.Model.EncodeText(tokens), cut), 0, 1e-6);
        Assert.InRange(Parity.Distance(parity.Model.EncodeText(other), cut), 0, 1e-6);
    }

    [Fact]
    public void Start_weights_are_spread_as_the_paper_draws_them()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(7);
        using var model = new ClipModel(ClipConfiguration.Named("tiny"));
        var (weights, width, layers) = (model.state_dict(), 128.0, 3);

        Assert.InRange(Spread("token_embedding.weight") / 0.02, 0.97, 1.03);
        Assert.InRange(Spread("positional_embedding") / 0.01, 0.97, 1.03);
        Assert.InRange(Spread("transformer.resblocks.1.attn.in_proj_weight") * Math.Sqrt(width), 0.97, 1.03);
        Assert.InRange(Spread("transformer.resblocks.1.mlp.c_proj.weight") * Math.Sqrt(width * 2 * layers), 0.97, 1.03);
        Assert.InRange(Spread("transformer.resblocks.1.mlp.c_fc.weight") * Math.Sqrt(2 * width), 0.97, 1.03);
        Assert.InRange(Spread("visual.proj") * Math.Sqrt(width), 0.97, 1.03);
        Assert.Equal(2.6592, weights["logit_scale"].item<float>(), 3);

        double Spread(string name) => weights[name].std().item<float>();
    }

    [Fact]
    public void A_model_outlives_the_scope_that_it_was_made_in()
    {
        ClipModel model;
        using (torch.NewDisposeScope())
            model = new(ClipConfiguration.Named("tiny"));

        Assert.All(model.state_dict().Values, tensor => Assert.False(tensor.IsInvalid));
        Assert.Equal(98, model.state_dict().Count);
        model.Dispose();
    }

    [Fact]
    public void Channels_last_changes_no_feature()
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        using var parity = new Parity("resnet-tiny");
        parity.Model.eval();
        parity.Model.ChannelsLast = true;

        Assert.InRange(Parity.Distance(parity.Of("eval.image_features"), parity.Model.EncodeImage(parity.Pixels)), 0, 1e-5);
    }

    [Theory]
    [InlineData("ViT-B/31")]
    [InlineData("")]
    public void An_unknown_name_is_refused_with_the_known_ones(string name) =>
        Assert.Contains("ViT-B/32", Assert.Throws<ClipConfigurationException>(() => ClipConfiguration.Named(name)).Message, StringComparison.Ordinal);
}
