using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>A residual bottleneck whose stride is an average pool, so that nothing aliases.</summary>
internal sealed class Bottleneck : nn.Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    [ComponentName(Name = "conv1")] private readonly Convolution _conv1;
    [ComponentName(Name = "bn1")] private readonly BatchNorm2d _bn1;
    [ComponentName(Name = "conv2")] private readonly Convolution _conv2;
    [ComponentName(Name = "bn2")] private readonly BatchNorm2d _bn2;
    [ComponentName(Name = "conv3")] private readonly Convolution _conv3;
    [ComponentName(Name = "bn3")] private readonly BatchNorm2d _bn3;
    [ComponentName(Name = "downsample")] private readonly Shortcut? _shortcut;
    private readonly long _stride;

    public Bottleneck(long inputs, long planes, long stride) : base(nameof(Bottleneck))
    {
        _stride = stride;
        (_conv1, _bn1) = (new(inputs, planes, 1), nn.BatchNorm2d(planes));
        (_conv2, _bn2) = (new(planes, planes, 3, padding: 1), nn.BatchNorm2d(planes));
        (_conv3, _bn3) = (new(planes, planes * Expansion, 1), nn.BatchNorm2d(planes * Expansion));
        _shortcut = stride > 1 || inputs != planes * Expansion ? new(inputs, planes * Expansion, stride) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = NormedRelu.Of(_bn1, _conv1.forward(input));
        x = NormedRelu.Of(_bn2, _conv2.forward(x));
        if (_stride > 1)
            x = Pooling.Average(x, _stride);
        x = _conv3.forward(x);
        return _shortcut is null ? NormedRelu.Of(_bn3, x, input) : NormedRelu.Of(_bn3, x, _shortcut.Norm, _shortcut.forward(input));
    }

    /// <summary>Draws the start weights; the block begins as the identity.</summary>
    public void Initialise()
    {
        _conv1.Initialise();
        _conv2.Initialise();
        _conv3.Initialise();
        nn.init.zeros_(_bn3.weight!);
        _shortcut?.Initialise();
    }

    // Its pool is open_clip's "-1": it has no weights.
    private sealed class Shortcut : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = "0")] private readonly Convolution _conv;
        [ComponentName(Name = "1")] private readonly BatchNorm2d _norm;
        private readonly long _stride;

        public Shortcut(long inputs, long outputs, long stride) : base(nameof(Shortcut))
        {
            (_conv, _norm, _stride) = (new(inputs, outputs, 1), nn.BatchNorm2d(outputs), stride);
            RegisterComponents();
        }

        /// <summary>What its output has yet to go through.</summary>
        public BatchNorm2d Norm => _norm;

        public void Initialise() => _conv.Initialise();

        public override Tensor forward(Tensor input) => _conv.forward(_stride > 1 ? Pooling.Average(input, _stride) : input);
    }
}
