using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace WebImageText.Learn.Detector;

/// <summary>
/// Halves a feature map without aliasing: a 3x3 binomial filter, then every second value (Zhang 2019, arXiv:1904.11486), so that
/// a picture moved by a pixel keeps its descriptor.
/// </summary>
internal sealed class Blur : Module<Tensor, Tensor>
{
    private static readonly float[] Line = [0.25f, 0.5f, 0.25f];

    private readonly Tensor _kernel;
    private readonly int _channels;

    public Blur(int channels, Device device) : base(nameof(Blur))
    {
        _channels = channels;
        _kernel = Kernel(channels).to(device).DetachFromDisposeScope();
    }

    /// <summary>One 3x3 filter a channel: 1 2 1 by 1 2 1, sixteenths.</summary>
    public static Tensor Kernel(int channels)
    {
        using var line = tensor(Line);
        return outer(line, line).reshape(1, 1, 3, 3).repeat(channels, 1, 1, 1);
    }

    public override Tensor forward(Tensor input) => functional.conv2d(
        input, Layout.Like(_kernel, input), null, strides: [2, 2], padding: [1, 1], groups: _channels);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _kernel.Dispose();
        base.Dispose(disposing);
    }
}
