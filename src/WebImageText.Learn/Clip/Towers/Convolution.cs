using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>A square convolution without a bias. One whose squares lie side by side is a matrix product, and computed as one.</summary>
internal sealed class Convolution : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    private readonly long[] _stride;
    private readonly long[] _padding;
    private readonly bool _isOfPatches;

    public Convolution(long inputs, long outputs, long side, long stride = 1, long padding = 0) : base(nameof(Convolution))
    {
        (_stride, _padding) = ([stride, stride], [padding, padding]);
        _isOfPatches = stride == side && side > 1 && padding == 0;
        _weight = new(torch.empty(outputs, inputs, side, side));
        RegisterComponents();
    }

    /// <summary>Draws the start weights as the framework does.</summary>
    public void Initialise() => nn.init.kaiming_uniform_(_weight, Math.Sqrt(5));

    public override Tensor forward(Tensor input) =>
        _isOfPatches ? OfPatches(input, _stride[0]) : nn.functional.conv2d(input, _weight, null, _stride, _padding);

    // cuDNN's kernels for such large squares are slow: 18 ms of a step of ViT-B/32 that the product does in 3.
    private Tensor OfPatches(Tensor input, long side)
    {
        var (batch, channels, rows, columns) = (input.shape[0], input.shape[1], input.shape[2] / side, input.shape[3] / side);
        var patches = input.narrow(2, 0, rows * side).narrow(3, 0, columns * side)
            .reshape(batch, channels, rows, side, columns, side).permute(0, 2, 4, 1, 3, 5).reshape(batch, rows * columns, channels * side * side);
        return nn.functional.linear(patches, _weight.flatten(1)).transpose(1, 2).view(batch, -1, rows, columns);
    }
}
