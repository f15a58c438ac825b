using System.Text;
using TorchSharp;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Text;
using WebImageText.Learn.Train;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Train;

/// <summary>A model that steps in milliseconds, and batches for it.</summary>
internal static class SomeModel
{
    public static ClipConfiguration Shape { get; } = new(
        16, new VisionTransformerConfiguration { ImageSize = 16, PatchSize = 8, Width = 32, Layers = 2, HeadWidth = 16 },
        new() { ContextLength = 12, VocabularySize = 515, Width = 32, Heads = 2, Layers = 2 }, QuickGelu: true);

    /// <summary>Every byte is a token.</summary>
    public static ClipTokenizer Bytes { get; } = new(MergeList.Read(new MemoryStream(Encoding.UTF8.GetBytes("one merge\na b\n")), "bytes"));

    public static ClipModel Create(ClipConfiguration? shape = null, long seed = 5)
    {
        random.manual_seed(seed);
        var model = new ClipModel(shape ?? Shape);
        model.train();
        return model;
    }

    /// <summary>uint8 pixels and tokens of different lengths.</summary>
    public static (Tensor Pixels, Tensor Tokens) Batch(int samples, int seed = 1)
    {
        var dice = new Random(seed);
        var tokens = zeros([samples, 12], ScalarType.Int64);
        for (var row = 0; row < samples; row++)
        {
            var length = dice.Next(3, 12);
            for (var at = 0; at < length; at++)
                tokens[row, at] = at == 0 ? 513 : at == length - 1 ? 514 : dice.Next(512);
        }
        var pixels = new byte[samples * 16 * 16 * 3];
        dice.NextBytes(pixels);
        return (tensor(pixels, ScalarType.Byte).view(samples, 16, 16, 3), tokens);
    }

    /// <summary>The same as a part.</summary>
    public static TrainPart Part(int samples)
    {
        var (pixels, tokens) = Batch(samples);
        return TrainPart.Of(pixels, tokens);
    }

    /// <summary>Largest difference, in largest values of what is expected.</summary>
    public static double Distance(Tensor expected, Tensor actual) =>
        (expected - actual).abs().max().item<float>() / Math.Max(expected.abs().max().item<float>(), 1e-12f);
}
