using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using WebImageText.Learn.Kernels;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>Multi-head self-attention with queries, keys and values from one matrix; batch first.</summary>
internal sealed class SelfAttention : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "in_proj_weight")] private readonly Parameter _inWeight;
    [ComponentName(Name = "in_proj_bias")] private readonly Parameter _inBias;
    [ComponentName(Name = "out_proj")] private readonly Affine _out;
    private readonly int _width;
    private readonly int _heads;
    private readonly bool _isCausal;

    public SelfAttention(int width, int heads, bool isCausal) : base(nameof(SelfAttention))
    {
        (_width, _heads, _isCausal) = (width, heads, isCausal);
        _inWeight = new(torch.empty(3 * width, width));
        _inBias = new(torch.zeros(3 * width));
        _out = new(width, width);
        RegisterComponents();
    }

    /// <summary>Queries, keys, values: float32 [3·width, width].</summary>
    public Parameter InWeight => _inWeight;

    /// <summary>float32 [3·width].</summary>
    public Parameter InBias => _inBias;

    /// <summary>The output's layer.</summary>
    public Affine Out => _out;

    /// <summary>Every position attends.</summary>
    /// <param name="x">[batch, length, width]</param>
    public override Tensor forward(Tensor x) => _out.forward(Seen(x));

    /// <summary>Every position attends; the output as what is to be added to a stream.</summary>
    /// <param name="stream">[batch, length, width]</param>
    /// <param name="x">Its norm.</param>
    public Stream Onto(Tensor stream, Tensor x) => _out.Onto(stream, Seen(x));

    /// <summary>One position of each sample attends: the same values as <see cref="forward"/> at that position, for a fraction of the work.</summary>
    /// <param name="x">[batch, length, width]</param>
    /// <param name="one">The rows of <paramref name="x"/> that attend: [batch, width].</param>
    /// <param name="mask">bool [batch, 1, 1, length], false where it must not look; null to look everywhere.</param>
    /// <returns>[batch, width]</returns>
    public Tensor ForwardOne(Tensor x, Tensor one, Tensor? mask)
    {
        var (weights, biases) = Parts();
        var seen = nn.functional.scaled_dot_product_attention(
            Heads(nn.functional.linear(one.unsqueeze(1), weights[0], biases[0])),
            Heads(nn.functional.linear(x, weights[1], biases[1])),
            Heads(nn.functional.linear(x, weights[2], biases[2])), mask);
        return _out.forward(seen.reshape(x.shape[0], _width));
    }

    private Tensor Seen(Tensor x)
    {
        var three = ThreeProducts.Takes(x) ? ThreeProducts.Of(x, _inWeight, _inBias) : OneByOne(x);
        var seen = nn.functional.scaled_dot_product_attention(Heads(three[0]), Heads(three[1]), Heads(three[2]), is_casual: _isCausal);
        return seen.transpose(1, 2).reshape(x.shape[0], x.shape[1], _width);
    }

    // Queries, keys and values each by a product of its own: the gradients of one common product would be put side by side and then
    // turned, two passes over three times the stream (8 % of a step of ViT-B/32). Their weights part as one view, whose gradient is
    // put together once.
    private (Tensor[] Weights, Tensor[] Biases) Parts() =>
        (_inWeight.view(3, _width, _width).unbind(0), _inBias.view(3, _width).unbind(0));

    private Tensor[] OneByOne(Tensor x)
    {
        var (weights, biases) = Parts();
        return [.. weights.Zip(biases, (weight, bias) => nn.functional.linear(x, weight, bias))];
    }

    // [batch, heads, length, depth]
    private Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, _width / _heads).transpose(1, 2);
}
