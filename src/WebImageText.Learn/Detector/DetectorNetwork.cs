using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace WebImageText.Learn.Detector;

/// <summary>
/// The detector's network: an anti-aliased ResNet with weight norm and GELU (CLIP section 5), generalised-mean pooling and a
/// linear embedding (SSCD, arXiv:2202.10261).
/// </summary>
/// <remarks>In: float32 or bfloat16 [n, 3, side, side], normalised. Out: float32 [n, dimension], of length 1.</remarks>
internal sealed class DetectorNetwork : Module<Tensor, Tensor>
{
    /// <summary>Power of the pooling: 1 is the mean, without bound the maximum.</summary>
    public const double PoolPower = 3;

    /// <summary>Least value that is pooled: a power of what is less than 0 means nothing.</summary>
    public const double PoolLeast = 1e-6;

    private readonly WeightNormConv stem;
    private readonly Blur stemBlur;
    private readonly ModuleList<ResidualBlock> blocks = [];
    private readonly WeightNormConv head;

    public DetectorNetwork(DetectorShape shape, Device device) : base(nameof(DetectorNetwork))
    {
        Shape = shape;
        stem = new(3, shape.Widths[0], 7, 2, 1, device);
        stemBlur = new(shape.Widths[0], device);
        var from = shape.Widths[0];
        for (var stage = 0; stage < 4; stage++)
            for (var block = 0; block < shape.Blocks[stage]; block++)
            {
                var added = new ResidualBlock(from, shape.Widths[stage], shape.Depth == 50, halves: stage > 0 && block == 0, device);
                blocks.Add(added);
                from = (int)added.Convs[added.Convs.Count - 1].Bias.shape[0];
            }
        head = new(from, shape.Dimension, 1, 1, 1, device);
        RegisterComponents();
    }

    public DetectorShape Shape { get; }

    public WeightNormConv Stem => stem;

    public IList<ResidualBlock> Blocks => blocks;

    public WeightNormConv Head => head;

    /// <summary>Fits the lengths and biases of an untrained network to a batch of inputs.</summary>
    public void Calibrate(Tensor input)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var x = stemBlur.call(Peaks(functional.gelu(stem.Calibrate(input))));
        foreach (var block in blocks)
            x = block.Calibrate(x);
        head.Calibrate(Pooled(x));
    }

    public override Tensor forward(Tensor input)
    {
        var x = stemBlur.call(Peaks(functional.gelu(stem.call(input))));
        foreach (var block in blocks)
            x = block.call(x);
        return functional.normalize(head.call(Pooled(x)).flatten(1), dim: 1);
    }

    private static Tensor Peaks(Tensor x) => functional.max_pool2d(x, [3, 3], [1, 1], [1, 1]);

    private static Tensor Pooled(Tensor x) =>
        x.to_type(ScalarType.Float32).clamp_min(PoolLeast).pow(PoolPower).mean([2, 3], keepdim: true).pow(1 / PoolPower);
}
