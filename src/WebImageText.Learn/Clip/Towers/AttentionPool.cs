using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>
/// The mean of a feature map attends to the whole of it. Only that one query is computed: open_clip computes one for every place
/// and throws all but the first away.
/// </summary>
internal sealed class AttentionPool : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "positional_embedding")] private readonly Parameter _positions;
    [ComponentName(Name = "k_proj")] private readonly Affine _key;
    [ComponentName(Name = "q_proj")] private readonly Affine _query;
    [ComponentName(Name = "v_proj")] private readonly Affine _value;
    [ComponentName(Name = "c_proj")] private readonly Affine _out;
    private readonly int _width;
    private readonly int _heads;

    public AttentionPool(ResNetConfiguration shape, int embedDim) : base(nameof(AttentionPool))
    {
        (_width, _heads) = (shape.FeatureWidth, shape.Heads);
        _positions = new(torch.empty(shape.GridSize * shape.GridSize + 1, _width));
        (_query, _key, _value, _out) = (new(_width, _width), new(_width, _width), new(_width, _width), new(_width, embedDim));
        RegisterComponents();
    }

    /// <summary>What the mean saw.</summary>
    /// <param name="map">[batch, width, side, side]</param>
    /// <returns>[batch, width]</returns>
    public override Tensor forward(Tensor map)
    {
        var places = map.flatten(2).transpose(1, 2);
        var x = torch.cat([places.mean([1], keepdim: true), places], 1) + _positions.to(places.dtype);
        var seen = nn.functional.scaled_dot_product_attention(
            Heads(_query.forward(x.narrow(1, 0, 1))), Heads(_key.forward(x)), Heads(_value.forward(x)));
        return seen.reshape(map.shape[0], _width);
    }

    /// <summary>The map into the embedding.</summary>
    public Tensor Project(Tensor seen) => _out.forward(seen);

    /// <summary>Draws the start weights.</summary>
    public void Initialise()
    {
        var scale = Math.Pow(_width, -0.5);
        nn.init.normal_(_positions, 0, scale);
        foreach (var layer in new[] { _query, _key, _value, _out })
        {
            StartValues.Linear(layer);
            nn.init.normal_(layer.Weight, 0, scale);
        }
    }

    private Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, _width / _heads).transpose(1, 2);
}
