using TorchSharp;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Tests.Clip;
using WebImageText.Learn.Train;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Train;

public sealed class TrainStepTests
{
    [Theory]
    [InlineData("vit-tiny-quickgelu")]
    [InlineData("resnet-tiny")]
    public void The_first_losses_are_those_of_open_clip(string name)
    {
        using var scope = NewDisposeScope();
        using var parity = new Parity(name);
        var settings = parity.Settings;
        parity.Model.train();
        using var step = new TrainStep(parity.Model, Precision.Fp32, new(
            settings.GetProperty("betas")[0].GetDouble(), settings.GetProperty("betas")[1].GetDouble(),
            settings.GetProperty("eps").GetDouble(), settings.GetProperty("weight_decay").GetDouble()), new SingleRank());

        foreach (var expected in settings.GetProperty("losses").EnumerateArray().Select(loss => loss.GetDouble()))
        {
            var outcome = step.Run([TrainPart.Of(parity.Pixels, parity.Tokens)], settings.GetProperty("lr").GetDouble());

            Assert.InRange(Math.Abs(outcome[0].item<float>() - expected) / expected, 0, 1e-5);
        }
    }

    [Theory]
    [InlineData(false, 16)]
    [InlineData(false, 8)]
    [InlineData(true, 16)]
    public void Parts_of_a_batch_give_the_gradient_of_the_whole(bool sigmoid, int part)
    {
        using var scope = NewDisposeScope();
        var (pixels, tokens) = SomeModel.Batch(64);
        var shape = sigmoid ? SomeModel.Shape.ForSigmoidLoss() : SomeModel.Shape;

        var whole = Gradient(shape, [TrainPart.Of(pixels, tokens)]);
        var parts = Gradient(shape, [.. Enumerable.Range(0, 64 / part).Select(at => TrainPart.Of(pixels.narrow(0, at * part, part), tokens.narrow(0, at * part, part)))]);

        Assert.InRange(SomeModel.Distance(whole, parts), 0, 1e-5);
    }

    [Theory]
    [InlineData("contrastive", 1, false)]
    [InlineData("siglip", 1, false)]
    [InlineData("contrastive", 2, false)]
    [InlineData("contrastive", 2, true)]
    [InlineData("resnet", 1, false)]
    public void Four_ranks_give_the_loss_and_the_gradient_of_one(string kind, int parts, bool checkpointing)
    {
        using var scope = NewDisposeScope();
        var shape = Deep(kind);
        var (pixels, tokens) = SomeModel.Batch(32);
        if (kind == "resnet")
            pixels = pixels.repeat(1, 2, 2, 1); // 32 px are the least that it takes
        var models = Enumerable.Range(0, 5).Select(_ => Model(shape, checkpointing)).ToList();
        using var alone = new TrainStep(models[4], Precision.Fp32, AdamWSettings.VisionTransformer, new SingleRank());
        var loss = alone.Backward([TrainPart.Of(pixels, tokens)]).item<float>();

        var ranks = ThreadRanks.Run(4, rank =>
        {
            using var inner = NewDisposeScope();
            using var step = new TrainStep(models[rank.Rank], Precision.Fp32, AdamWSettings.VisionTransformer, rank);
            var value = step.Backward([.. Enumerable.Range(0, parts).Select(part => Part(8 * rank.Rank + 8 / parts * part, 8 / parts, isGrouped: rank.Rank == 1))]).item<float>();
            return (Loss: value, Gradient: step.Parameters.Gradients.clone().DetachFromDisposeScope(), ((ThreadRanks)rank).Early, ((ThreadRanks)rank).Joined);
        });

        Assert.All(ranks, rank => Assert.Equal(loss, rank.Loss, 1e-5f));
        Assert.All(ranks, rank => Assert.InRange(SomeModel.Distance(alone.Parameters.Gradients, rank.Gradient), 0, 1e-5));
        // 7 blocks are 3 parts in each transformer, and 5 are in a ResNet: all of them went out before the backward pass was over.
        Assert.All(ranks, rank => Assert.Equal((kind == "resnet" ? 8 : 6, 1), (rank.Early, rank.Joined)));

        TrainPart Part(int first, int count, bool isGrouped)
        {
            var (images, texts) = (pixels.narrow(0, first, count), tokens.narrow(0, first, count));
            return isGrouped ? new(images, [texts.narrow(0, 0, 1), texts.narrow(0, 1, count - 1)]) : TrainPart.Of(images, texts);
        }
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void A_batch_can_be_memorised(Precision precision)
    {
        using var scope = NewDisposeScope();
        var batch = SomeModel.Part(16);
        using var step = new TrainStep(SomeModel.Create(), precision, AdamWSettings.VisionTransformer, new SingleRank());
        var losses = new List<float>();
        for (var at = 0; at < 60; at++)
            losses.Add(step.Run([batch], 2e-3)[0].item<float>());

        Assert.InRange(losses[0], Math.Log(16) * 0.8, Math.Log(16) * 2);
        Assert.InRange(losses[^1], 0, 0.1);
        TestContext.Current.SendDiagnosticMessage($"{precision}: {losses[0]:F3} -> {losses[^1]:F4}");
    }

    [Fact]
    public void The_scale_never_passes_a_hundred()
    {
        using var scope = NewDisposeScope();
        var batch = SomeModel.Part(8);
        using var step = new TrainStep(SomeModel.Create(), Precision.Fp32, AdamWSettings.VisionTransformer, new SingleRank());
        using (no_grad())
            step.Parameters.WeightOf("logit_scale").fill_(4.6);

        for (var at = 0; at < 20; at++)
            Assert.InRange(step.Run([batch], 1e-2)[3].item<float>(), 1, 100.001);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var (_, tokens) = SomeModel.Batch(8);
        using var step = new TrainStep(SomeModel.Create(), Precision.Fp32, AdamWSettings.VisionTransformer, new SingleRank());
        var before = step.Parameters.Weights.clone();

        var outcome = step.Run([TrainPart.Of(full([8, 3, 16, 16], float.NaN), tokens)], 1e-3);

        Assert.Equal(1, outcome[2].item<float>());
        Assert.Equal(0, step.Optimizer.Step.item<float>());
        Assert.True(before.equal(step.Parameters.Weights).all().item<bool>());
    }

    [Fact]
    public void Checkpointing_of_activations_changes_no_gradient()
    {
        using var scope = NewDisposeScope();
        var batch = SomeModel.Part(8);

        Assert.InRange(SomeModel.Distance(Gradient(SomeModel.Shape, [batch]), Gradient(SomeModel.Shape, [batch], checkpointing: true)), 0, 1e-6);
    }

    [Fact]
    public void Captions_grouped_by_length_change_no_gradient()
    {
        using var scope = NewDisposeScope();
        var (pixels, tokens) = SomeModel.Batch(600);
        int[] lengths = [.. (tokens.argmax(-1) + 1).data<long>().Select(length => (int)length)];
        using var upload = new BatchUpload(CPU, part: 0);
        var grouped = upload.Take(pixels, tokens, lengths);

        Assert.Equal(2, grouped[0].Texts.Count);
        Assert.True(grouped[0].Texts[0].shape[1] < grouped[0].Texts[1].shape[1], "the shorter captions are in a group of their own");
        Assert.InRange(SomeModel.Distance(Gradient(SomeModel.Shape, [TrainPart.Of(pixels, tokens)]), Gradient(SomeModel.Shape, grouped)), 0, 1e-5);
    }

    private static ClipConfiguration Deep(string kind)
    {
        var shape = SomeModel.Shape with { Text = SomeModel.Shape.Text with { Layers = 7 } };
        return kind == "resnet"
            ? shape with { Image = new ResNetConfiguration { ImageSize = 32, Width = 4, HeadWidth = 32, Blocks = [1, 2, 1, 1] } }
            : (kind == "siglip" ? shape.ForSigmoidLoss() : shape) with { Image = new VisionTransformerConfiguration { ImageSize = 16, PatchSize = 8, Width = 32, Layers = 7, HeadWidth = 16 } };
    }

    // Batch norms as in evaluation: in training each rank has the statistics of its own samples.
    private static ClipModel Model(ClipConfiguration shape, bool checkpointing)
    {
        var model = SomeModel.Create(shape);
        model.GradientCheckpointing = checkpointing;
        model.eval();
        return model;
    }

    private static Tensor Gradient(ClipConfiguration shape, IReadOnlyList<TrainPart> parts, bool checkpointing = false)
    {
        var model = SomeModel.Create(shape);
        model.GradientCheckpointing = checkpointing;
        using var step = new TrainStep(model, Precision.Fp32, AdamWSettings.VisionTransformer, new SingleRank());
        step.Backward(parts);
        return step.Parameters.Gradients.clone();
    }
}
