using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace WebImageText.Learn.Detector;

/// <summary>
/// A convolution whose kernels are a direction and a length each: w = g v / |v|, one g per output channel (Salimans and Kingma
/// 2016). Batch statistics would tell the loss which images of a batch belong together (CLIP section 5; Hénaff 2020).
/// </summary>
internal sealed class WeightNormConv : Module<Tensor, Tensor>
{
    // The length of v changes nothing but how far a step of Adam turns it: with this, as far as in a plain network.
    private const double FirstDeviation = 0.04;

    private readonly double _gain;
    private readonly Parameter v;
    private readonly Parameter g;
    private readonly Parameter b;

    /// <param name="from">Channels in.</param>
    /// <param name="to">Channels out.</param>
    /// <param name="size">Side of the kernel, pixels; odd.</param>
    /// <param name="stride">Pixels from one output to the next.</param>
    /// <param name="gain">Deviation of the outputs after <see cref="Calibrate"/>.</param>
    /// <param name="device">Where its numbers lie.</param>
    public WeightNormConv(int from, int to, int size, int stride, double gain, Device device) : base(nameof(WeightNormConv))
    {
        (From, Size, Stride, _gain) = (from, size, stride, gain);
        v = Parameter((FirstDeviation * randn(to, from, size, size)).to(device));
        g = Parameter(full(to, gain, device: device));
        b = Parameter(zeros(to, device: device));
        RegisterComponents();
    }

    public int From { get; }

    public int Size { get; }

    public int Stride { get; }

    public Tensor Bias => b;

    /// <summary>The kernels as a plain convolution has them.</summary>
    public Tensor Weight() => v * (g / (v * v).flatten(1).sum(1).sqrt()).reshape(-1, 1, 1, 1);

    /// <summary>
    /// Sets g and b so that for these inputs every output has mean 0 and the wished deviation (Salimans and Kingma 2016, section 3):
    /// without it the descriptors of an untrained network all point one way.
    /// </summary>
    /// <returns>The outputs.</returns>
    public Tensor Calibrate(Tensor input)
    {
        using var grad = no_grad();
        g.fill_(1);
        b.zero_();
        var plain = forward(input).to_type(ScalarType.Float32).transpose(0, 1).flatten(1);
        var length = _gain / (plain.std(1, unbiased: false) + 1e-4);
        g.copy_(length);
        b.copy_(-plain.mean([1]) * length);
        return forward(input);
    }

    /// <summary>Takes the kernels and biases of a plain convolution; false where their shapes are others.</summary>
    public bool TrySet(Tensor weight, Tensor bias)
    {
        if (!weight.shape.SequenceEqual(v.shape) || !bias.shape.SequenceEqual(b.shape))
            return false;
        v.copy_(weight);
        g.copy_((v * v).flatten(1).sum(1).sqrt());
        b.copy_(bias);
        return true;
    }

    public override Tensor forward(Tensor input) => functional.conv2d(
        input, Layout.Like(Weight(), input), b.to(input.dtype), strides: [Stride, Stride], padding: [Size / 2, Size / 2]);
}
