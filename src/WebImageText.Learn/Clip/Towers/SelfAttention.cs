using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
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
    public override Tensor forward(Tensor x)
    {
        var (batch, length) = (x.shape[0], x.shape[1]);
        var parts = nn.functional.linear(x, _inWeight, _inBias)
            .view(batch, length, 3, _heads, _width / _heads).permute(2, 0, 3, 1, 4).unbind(0);
        var seen = nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], is_casual: _isCausal);
        return _out.forward(seen.transpose(1, 2).reshape(batch, length, _width));
    }

    /// <summary>One position of each sample attends: the same values as <see cref="forward"/> at that position, for a fraction of the work.</summary>
    /// <param name="x">[batch, length, width]</param>
    /// <param name="one">The rows of <paramref name="x"/> that attend: [batch, width].</param>
    /// <param name="mask">bool [batch, 1, 1, length], false where it must not look; null to look everywhere.</param>
    /// <returns>[batch, width]</returns>
    public Tensor ForwardOne(Tensor x, Tensor one, Tensor? mask)
    {
        var (batch, length, depth) = (x.shape[0], x.shape[1], _width / _heads);
        var query = nn.functional.linear(one, _inWeight.narrow(0, 0, _width), _inBias.narrow(0, 0, _width)).view(batch, 1, _heads, depth);
        var parts = nn.functional.linear(x, _inWeight.narrow(0, _width, 2 * _width), _inBias.narrow(0, _width, 2 * _width))
            .view(batch, length, 2, _heads, depth).permute(2, 0, 3, 1, 4).unbind(0);
        var seen = nn.functional.scaled_dot_product_attention(query.transpose(1, 2), parts[0], parts[1], mask);
        return _out.forward(seen.reshape(batch, _width));
    }
}
