using TorchSharp;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Train;
using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>A small model's gradients with kernels of our own and with libtorch's operations, both in bfloat16.</summary>
/// <param name="Name">Model and way, snake case.</param>
/// <param name="Error">Of our own, against float32: the length of the difference, in lengths, of the worst parameter.</param>
/// <param name="PlainError">Of libtorch's, likewise.</param>
/// <param name="Worse">Parameters whose gradients are less exact than libtorch's by more than a half and a hundredth, with both errors.</param>
/// <param name="LossError">How far our loss is from float32's.</param>
/// <param name="PlainLossError">How far libtorch's is.</param>
public sealed record ModelFigure(
    string Name, double Error, double PlainError, IReadOnlyList<string> Worse, double LossError, double PlainLossError);

/// <summary>Compares the gradients of whole models, whatever way a step takes through them.</summary>
internal static class ModelComparison
{
    private const int Pairs = 64, Context = 32, Words = 1000, ShortCaptions = 24, ShortLength = 12;

    private static readonly (string Name, ImageTowerConfiguration Image)[] Towers =
    [
        ("vit", new VisionTransformerConfiguration { ImageSize = 64, PatchSize = 16, Width = 256, Layers = 3, HeadWidth = 64 }),
        ("resnet", new ResNetConfiguration { ImageSize = 64, Width = 64, HeadWidth = 64, Blocks = [1, 1, 1, 1] }),
    ];

    // Captions in two groups, a batch in two parts, activations computed twice.
    private static readonly (string Name, int Groups, int Parts, bool Checkpointing)[] Ways =
        [("whole", 1, 1, false), ("two_groups", 2, 1, false), ("two_parts", 1, 2, false), ("checkpointing", 1, 1, true)];

    /// <summary>Every model in every way.</summary>
    public static IEnumerable<ModelFigure> All(Device device)
    {
        foreach (var (tower, image) in Towers)
            foreach (var way in Ways)
            {
                using var scope = NewDisposeScope();
                var (expected, loss) = Gradients(device, image, way.Groups, way.Parts, way.Checkpointing, Precision.Fp32, isOff: true);
                var (plain, plainLoss) = Gradients(device, image, way.Groups, way.Parts, way.Checkpointing, Precision.Bf16, isOff: true);
                var (own, ownLoss) = Gradients(device, image, way.Groups, way.Parts, way.Checkpointing, Precision.Bf16, isOff: false);
                // A bias before a softmax over all places has no gradient but rounding.
                var least = 1e-6 * Math.Sqrt(expected.Values.Sum(gradient => Math.Pow(gradient.norm().item<float>(), 2)));
                var errors = expected.Where(entry => entry.Value.norm().item<float>() > least)
                    .Select(entry => (Name: entry.Key, Own: Off(own[entry.Key], entry.Value), Plain: Off(plain[entry.Key], entry.Value))).ToList();
                yield return new($"{tower}_{way.Name}", errors.Max(error => error.Own), errors.Max(error => error.Plain),
                    [.. errors.Where(error => !(error.Own <= 1.5 * error.Plain + 0.01)).Select(error => $"{error.Name} {error.Own:G3} ({error.Plain:G3})")],
                    Math.Abs(ownLoss - loss), Math.Abs(plainLoss - loss));
            }
    }

    private static double Off(Tensor actual, Tensor expected) => ((actual - expected).norm() / expected.norm()).item<float>();

    private static (Dictionary<string, Tensor> Gradients, double Loss) Gradients(
        Device device, ImageTowerConfiguration image, int groups, int parts, bool checkpointing, Precision precision, bool isOff)
    {
        using var scope = NewDisposeScope();
        KernelLibrary.IsOff = isOff;
        try
        {
            manual_seed(7);
            using var model = new ClipModel(new(256, image, new() { ContextLength = Context, VocabularySize = Words, Width = 256, Heads = 4, Layers = 3 }, QuickGelu: true));
            using (no_grad())
                foreach (var parameter in model.parameters())
                    parameter.copy_((parameter + (parameter.ndim == 1 ? 0.1 * randn_like(parameter) : 0)).to(ScalarType.BFloat16)); // no gain that is 0
            model.to(device);
            model.train();
            model.ChannelsLast = true;
            model.GradientCheckpointing = checkpointing;
            using var step = new TrainStep(model, precision, AdamWSettings.VisionTransformer, new SingleRank());
            var loss = step.Backward([.. Enumerable.Range(0, parts).Select(part => Part(device, image.ImageSize, Pairs / parts, part, groups))]).item<float>();
            return (step.Parameters.Names.ToDictionary(name => name, name => step.Parameters.GradientOf(name).clone().MoveToOuterDisposeScope()), loss);
        }
        finally
        {
            KernelLibrary.IsOff = false;
        }
    }

    // The first captions are short, and with two groups stand in one of their own.
    private static TrainPart Part(Device device, int side, int pairs, int number, int groups)
    {
        manual_seed(8 + number);
        var pixels = randn([pairs, 3, side, side], ScalarType.BFloat16).to(device);
        var tokens = randint(1, Words - 2, [pairs, Context], ScalarType.Int64);
        tokens.narrow(0, 0, ShortCaptions).narrow(1, ShortLength - 1, 1).fill_(Words - 1);
        tokens.narrow(0, ShortCaptions, pairs - ShortCaptions).narrow(1, Context - 1, 1).fill_(Words - 1);
        tokens = tokens.to(device);
        return groups == 1
            ? TrainPart.Of(pixels, tokens)
            : new(pixels, [tokens.narrow(0, 0, ShortCaptions).narrow(1, 0, ShortLength), tokens.narrow(0, ShortCaptions, pairs - ShortCaptions)]);
    }
}
