using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using WebImageText.Learn.Kernels;
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

    /// <summary>The matrix alone.</summary>
    public Tensor Product(Tensor input) => nn.functional.linear(input, _weight);

    /// <summary>The output as what is to be added to a stream; its bias waits for the norm, where that adds it in passing.</summary>
    public Stream Onto(Tensor stream, Tensor input) =>
        FusedAddNorm.Takes(stream) ? new(stream, Product(input), _bias) : new(stream, forward(input));
}
