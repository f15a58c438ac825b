using TorchSharp;
using WebImageText.Curate.Dedup.Descriptors;
using WebImageText.Curate.Pixels;
using WebImageText.Learn.Detector;
using WebImageText.Learn.Detector.Views;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Detector;

public sealed class DetectorTrainerTests : IDisposable
{
    private static readonly TrainOptions Small = new()
    {
        Shape = new(18, 16, [4, 4, 8, 8]),
        Preprocessing = new() { Side = 64 },
        Batch = 8,
        Chunk = 16,
        Steps = 4,
        Warmup = 1,
        MeasureEvery = 100,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("detector").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_resumed_training_goes_on_with_the_same_losses()
    {
        using var photos = Photos();
        using var whole = new DetectorTrainer(Small, photos, OverlayAtlas.Empty);
        var expected = Losses(whole, 4);

        using var first = new DetectorTrainer(Small, photos, OverlayAtlas.Empty);
        var losses = Losses(first, 2);
        first.Save(Path.Combine(_folder, "c.safetensors"));
        using var second = new DetectorTrainer(Small, photos, OverlayAtlas.Empty);
        second.Load(Path.Combine(_folder, "c.safetensors"));
        losses.AddRange(Losses(second, 4));

        Assert.Equal(4, expected.Count);
        Assert.Equal(expected, losses);
    }

    [Fact]
    public void Gradient_caching_gives_the_losses_of_the_whole_batch()
    {
        using var photos = Photos();
        using var whole = new DetectorTrainer(Small, photos, OverlayAtlas.Empty);
        using var cached = new DetectorTrainer(Small with { Chunk = 5 }, photos, OverlayAtlas.Empty);

        var (expected, losses) = (Losses(whole, 3), Losses(cached, 3));

        Assert.All(expected.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, 2e-2));
    }

    [Fact]
    public void The_ONNX_file_and_the_safetensors_give_the_same_descriptors()
    {
        using var photos = Photos();
        using var trainer = new DetectorTrainer(Small, photos, OverlayAtlas.Empty);
        Losses(trainer, 2);
        var path = Path.Combine(_folder, "d.onnx");
        trainer.Export(path);
        var pixels = Enumerable.Range(0, 2 * Small.Preprocessing.Length).Select(at => MathF.Sin(at * 0.37f)).ToArray();

        using var model = DetectorModel.Open(path, threads: 1);
        using var detector = TorchDetector.Open(Path.ChangeExtension(path, ".safetensors"));
        var again = Path.Combine(_folder, "again", "d.onnx");
        TorchDetector.Export(Path.ChangeExtension(path, ".safetensors"), again);
        using var exported = DetectorModel.Open(again, threads: 1);
        var onnx = model.EmbedPixels(pixels, 2);

        Assert.Equal((16, 16), (model.Dimension, detector.Dimension));
        Assert.All(onnx.Zip(detector.EmbedPixels(pixels, 2)), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        Assert.All(onnx.Zip(exported.EmbedPixels(pixels, 2)), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }

    [Fact]
    public void Folded_weight_norm_is_the_same_convolution()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var conv = new WeightNormConv(3, 5, 3, 1, 1, CPU);
        using var folded = new WeightNormConv(3, 5, 3, 1, 1, CPU);
        var input = randn(2, 3, 9, 9);
        conv.Calibrate(input);

        Assert.True(folded.TrySet(conv.Weight(), conv.Bias));

        Assert.True((conv.call(input) - folded.call(input)).abs().max().item<float>() < 1e-5f);
    }

    private static List<double> Losses(DetectorTrainer trainer, int until)
    {
        List<double> losses = [];
        using var stop = new CancellationTokenSource();
        trainer.Run(state =>
        {
            losses.Add(state.Loss);
            if (state.Step == until)
                stop.Cancel();
        }, stop.Token);
        return losses;
    }

    private static PhotoSet Photos() => PhotoSet.Load(Enumerable.Range(0, 24).Select(at => VectorPicture.Render(
        $"<svg xmlns='http://www.w3.org/2000/svg' width='96' height='96'><rect width='96' height='96' fill='rgb({at * 9},{200 - at * 7},{at * 53 % 256})'/>"
        + $"<circle cx='{20 + at * 2}' cy='{70 - at}' r='{8 + at}' fill='rgb({255 - at * 10},{at * 31 % 256},90)'/></svg>", DrawnFormat.Png)),
        64, "cpu", _ => { }, CancellationToken.None);
}
