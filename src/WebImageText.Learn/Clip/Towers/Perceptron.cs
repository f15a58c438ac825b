using TorchSharp;
using TorchSharp.Utils;
using WebImageText.Learn.Kernels;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>The two layers after attention, with the activation between them.</summary>
internal sealed class Perceptron : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "c_fc")] private readonly Affine _in;
    [ComponentName(Name = "c_proj")] private readonly Affine _out;
    private readonly Func<Tensor, Tensor> _activation;

    public Perceptron(int width, int hidden, Func<Tensor, Tensor> activation) : base(nameof(Perceptron))
    {
        (_in, _out, _activation) = (new(width, hidden), new(hidden, width), activation);
        RegisterComponents();
    }

    /// <summary>Into the hidden width.</summary>
    public Affine In => _in;

    /// <summary>Back into the stream.</summary>
    public Affine Out => _out;

    /// <summary>
    /// The weights of the first layer hold <see cref="Activations.QuickSlope"/> times what they mean and the matrix of the second
    /// holds it divided by that: then QuickGELU is one operation each way instead of three forward and five back.
    /// </summary>
    public bool IsFolded { get; set; }

    public override Tensor forward(Tensor x) => _out.forward(Hidden(x));

    /// <summary>The output as what is to be added to a stream.</summary>
    /// <param name="stream">[batch, length, width]</param>
    /// <param name="x">Its norm.</param>
    public Stream Onto(Tensor stream, Tensor x) => _out.Onto(stream, Hidden(x));

    private Tensor Hidden(Tensor x)
    {
        if (!IsFolded)
            return _activation(_in.forward(x));
        return FusedSilu.Takes(x) ? FusedSilu.Of(_in.Product(x), _in.Bias) : nn.functional.silu(_in.forward(x));
    }
}
