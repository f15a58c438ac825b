using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
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

    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, _shape, _weight, _bias);
}
