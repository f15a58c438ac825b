using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>A square convolution without a bias.</summary>
internal sealed class Convolution : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    private readonly long[] _stride;
    private readonly long[] _padding;

    public Convolution(long inputs, long outputs, long side, long stride = 1, long padding = 0) : base(nameof(Convolution))
    {
        (_stride, _padding) = ([stride, stride], [padding, padding]);
        _weight = new(torch.empty(outputs, inputs, side, side));
        RegisterComponents();
    }

    /// <summary>Draws the start weights as the framework does.</summary>
    public void Initialise() => nn.init.kaiming_uniform_(_weight, Math.Sqrt(5));

    public override Tensor forward(Tensor input) => nn.functional.conv2d(input, _weight, null, _stride, _padding);
}
