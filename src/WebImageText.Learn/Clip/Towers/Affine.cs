using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>A linear layer with a bias, whose start weights the model that holds it draws.</summary>
internal sealed class Affine : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    [ComponentName(Name = "bias")] private readonly Parameter _bias;

    public Affine(long inputs, long outputs) : base(nameof(Affine))
    {
        _weight = new(torch.empty(outputs, inputs));
        _bias = new(torch.zeros(outputs));
        RegisterComponents();
    }

    /// <summary>float32 [outputs, inputs].</summary>
    public Parameter Weight => _weight;

    /// <summary>float32 [outputs].</summary>
    public Parameter Bias => _bias;

    public override Tensor forward(Tensor input) => nn.functional.linear(input, _weight, _bias);
}
