using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace WebImageText.Learn.Detector;

/// <summary>
/// A block of a weight-normed ResNet: gelu(x + f(x)). Where it halves, a <see cref="Blur"/> goes before both branches. f starts
/// small.
/// </summary>
internal sealed class ResidualBlock : Module<Tensor, Tensor>
{
    // Of the last convolution: f starts as a small change of x, so that deep stacks stay calm.
    private const double LastGain = 0.4;

    private readonly ModuleList<WeightNormConv> convs;
    private readonly WeightNormConv? side;
    private readonly Blur? blur;

    /// <param name="from">Channels in.</param>
    /// <param name="width">Channels of the middle.</param>
    /// <param name="isBottleneck">1x1, 3x3, 1x1 with four times the channels out; else 3x3, 3x3.</param>
    /// <param name="halves">The map shrinks to half its side.</param>
    /// <param name="device">Where its numbers lie.</param>
    public ResidualBlock(int from, int width, bool isBottleneck, bool halves, Device device) : base(nameof(ResidualBlock))
    {
        var to = isBottleneck ? 4 * width : width;
        convs = isBottleneck
            ? new(new(from, width, 1, 1, 1, device), new(width, width, 3, 1, 1, device), new(width, to, 1, 1, LastGain, device))
            : new(new(from, width, 3, 1, 1, device), new(width, to, 3, 1, LastGain, device));
        side = from == to ? null : new(from, to, 1, 1, 1, device);
        blur = halves ? new(from, device) : null;
        RegisterComponents();
    }

    public IList<WeightNormConv> Convs => convs;

    /// <summary>Brings the channels of the skipped input to those of the output; null where they are the same.</summary>
    public WeightNormConv? Side => side;

    public bool Halves => blur is not null;

    public override Tensor forward(Tensor input) => Pass(input, (conv, x) => conv.call(x));

    /// <summary>As a pass, but every convolution is calibrated on what reaches it.</summary>
    public Tensor Calibrate(Tensor input) => Pass(input, (conv, x) => conv.Calibrate(x));

    private Tensor Pass(Tensor input, Func<WeightNormConv, Tensor, Tensor> apply)
    {
        var x = blur is null ? input : blur.call(input);
        var skipped = side is null ? x : apply(side, x);
        for (var at = 0; at < convs.Count; at++)
        {
            x = apply(convs[at], x);
            if (at < convs.Count - 1)
                x = functional.gelu(x);
        }
        return functional.gelu(skipped + x);
    }
}
