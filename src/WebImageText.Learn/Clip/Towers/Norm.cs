using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using WebImageText.Learn.Kernels;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>Layer norm over the last dimension, eps 1e-5; gain 1 and bias 0 at first.</summary>
internal sealed class Norm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    [ComponentName(Name = "bias")] private readonly Parameter _bias;
    private readonly long[] _shape;

    public Norm(int width) : base(nameof(Norm))
    {
        _shape = [width];
        _weight = new(torch.ones(width));
        _bias = new(torch.zeros(width));
        RegisterComponents();
    }

    /// <summary>[width]</summary>
    public Parameter Weight => _weight;

    /// <summary>[width]</summary>
    public Parameter Bias => _bias;

    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, _shape, _weight, _bias);

    /// <summary>Settles a stream and norms it.</summary>
    /// <returns>The stream, everything added, and its norm.</returns>
    public (Tensor Settled, Tensor Normed) Settle(Stream stream)
    {
        if (stream is { X: var x, Branch: { } branch } && FusedAddNorm.Takes(x))
            return FusedAddNorm.Of(x, branch, stream.Bias, _weight, _bias);
        var settled = stream.Settled;
        return (settled, forward(settled));
    }
}
