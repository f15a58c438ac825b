using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>Patches, a class token, a transformer; the class token's end is the image's feature.</summary>
internal sealed class VisionTransformer : ImageTower
{
    [ComponentName(Name = "conv1")] private readonly Convolution _patches;
    [ComponentName(Name = "class_embedding")] private readonly Parameter _class;
    [ComponentName(Name = "positional_embedding")] private readonly Parameter _positions;
    [ComponentName(Name = "ln_pre")] private readonly Norm _before;
    [ComponentName(Name = "transformer")] private readonly BlockStack _transformer;
    [ComponentName(Name = "ln_post")] private readonly Norm _after;
    [ComponentName(Name = "proj")] private readonly Parameter _projection;

    public VisionTransformer(VisionTransformerConfiguration shape, int embedDim, bool quickGelu) : base(nameof(VisionTransformer))
    {
        var grid = shape.GridSize;
        PenultimateWidth = shape.Width;
        _patches = new(3, shape.Width, shape.PatchSize, stride: shape.PatchSize);
        _class = new(torch.empty(shape.Width));
        _positions = new(torch.empty(grid * grid + 1, shape.Width));
        (_before, _after) = (new(shape.Width), new(shape.Width));
        _transformer = new(shape.Width, shape.Layers, shape.Heads, shape.MlpRatio, isCausal: false, quickGelu);
        _projection = new(torch.empty(shape.Width, embedDim));
        RegisterComponents();
    }

    public override int PenultimateWidth { get; }

    public override Recomputation? Recompute { get => _transformer.Recompute; set => _transformer.Recompute = value; }

    public override IReadOnlyList<string[]> Parts => [.. _transformer.Parts.Select(part => part.Select(name => "transformer." + name).ToArray())];

    public override Action<int>? Reached { get => _transformer.Reached; set => _transformer.Reached = value; }

    public override Tensor Penultimate(Tensor pixels)
    {
        var patches = _patches.forward(pixels).flatten(2).transpose(1, 2);
        var first = _class.to(patches.dtype).expand(patches.shape[0], 1, -1);
        var tokens = torch.cat([first, patches], 1) + _positions.to(patches.dtype);
        return _after.forward(_transformer.ForwardOne(_before.forward(tokens)));
    }

    public override Tensor Project(Tensor penultimate) => penultimate.matmul(_projection);

    // OpenAI's for the tower's own, the framework's for its blocks.
    public override void Initialise()
    {
        var scale = Math.Pow(PenultimateWidth, -0.5);
        _patches.Initialise();
        foreach (var parameter in new[] { _class, _positions, _projection })
            nn.init.normal_(parameter, 0, scale);
        foreach (var block in _transformer.Blocks)
        {
            nn.init.xavier_uniform_(block.Attention.InWeight);
            nn.init.kaiming_uniform_(block.Attention.Out.Weight, Math.Sqrt(5));
            StartValues.Linear(block.Perceptron.In);
            StartValues.Linear(block.Perceptron.Out);
        }
    }
}
