using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>CLIP's ResNet: a stem of three convolutions, bottlenecks that blur before they stride, attention pooling.</summary>
internal sealed class ModifiedResNet : ImageTower
{
    [ComponentName(Name = "conv1")] private readonly Convolution _conv1;
    [ComponentName(Name = "bn1")] private readonly BatchNorm2d _bn1;
    [ComponentName(Name = "conv2")] private readonly Convolution _conv2;
    [ComponentName(Name = "bn2")] private readonly BatchNorm2d _bn2;
    [ComponentName(Name = "conv3")] private readonly Convolution _conv3;
    [ComponentName(Name = "bn3")] private readonly BatchNorm2d _bn3;
    [ComponentName(Name = "layer1")] private readonly ModuleList<Bottleneck> _layer1;
    [ComponentName(Name = "layer2")] private readonly ModuleList<Bottleneck> _layer2;
    [ComponentName(Name = "layer3")] private readonly ModuleList<Bottleneck> _layer3;
    [ComponentName(Name = "layer4")] private readonly ModuleList<Bottleneck> _layer4;
    [ComponentName(Name = "attnpool")] private readonly AttentionPool _pool;

    public ModifiedResNet(ResNetConfiguration shape, int embedDim) : base(nameof(ModifiedResNet))
    {
        var width = shape.Width;
        PenultimateWidth = shape.FeatureWidth;
        (_conv1, _bn1) = (new(3, width / 2, 3, stride: 2, padding: 1), nn.BatchNorm2d(width / 2));
        (_conv2, _bn2) = (new(width / 2, width / 2, 3, padding: 1), nn.BatchNorm2d(width / 2));
        (_conv3, _bn3) = (new(width / 2, width, 3, padding: 1), nn.BatchNorm2d(width));
        _layer1 = Stage(width, width, shape.Blocks[0], 1);
        _layer2 = Stage(4 * width, 2 * width, shape.Blocks[1], 2);
        _layer3 = Stage(8 * width, 4 * width, shape.Blocks[2], 2);
        _layer4 = Stage(16 * width, 8 * width, shape.Blocks[3], 2);
        _pool = new(shape, embedDim);
        RegisterComponents();
    }

    public override int PenultimateWidth { get; }

    public override Recomputation? Recompute { get; set; }

    public override IReadOnlyList<string[]> Parts { get; } = [["layer1."], ["layer2."], ["layer3."], ["layer4."], ["attnpool."]];

    public override Action<int>? Reached { get; set; }

    public override Tensor Penultimate(Tensor pixels)
    {
        // NHWC in memory, NCHW to look at: what cuDNN's tensor-core convolutions read, and every later layer keeps.
        var x = ChannelsLast ? pixels.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : pixels;
        x = NormedRelu.Of(_bn1, _conv1.forward(x));
        x = NormedRelu.Of(_bn2, _conv2.forward(x));
        x = NormedRelu.Of(_bn3, _conv3.forward(x));
        x = Pooling.Average(x, 2);
        foreach (var (stage, blocks) in Stages.Index())
        {
            x = Marked(x, stage);
            foreach (var block in blocks)
                x = Recompute is { } recompute ? recompute.Run(block.forward, x) : block.forward(x);
        }
        return _pool.forward(Marked(x, Stages.Length));
    }

    public override Tensor Project(Tensor penultimate) => _pool.Project(penultimate);

    public override void Initialise()
    {
        foreach (var convolution in new[] { _conv1, _conv2, _conv3 })
            convolution.Initialise();
        foreach (var block in Stages.SelectMany(blocks => blocks))
            block.Initialise();
        _pool.Initialise();
    }

    private ModuleList<Bottleneck>[] Stages => [_layer1, _layer2, _layer3, _layer4];

    private Tensor Marked(Tensor x, int part) => Reached is { } reached ? BackwardMark.Set(x, () => reached(part)) : x;

    private static ModuleList<Bottleneck> Stage(int inputs, int planes, int blocks, int stride) => nn.ModuleList(
        [.. Enumerable.Range(0, blocks).Select(block => block == 0 ? new Bottleneck(inputs, planes, stride) : new(4 * planes, planes, 1))]);
}
