using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>From bytes to what the image tower reads: CLIP's mean and deviation of each colour.</summary>
internal sealed class PixelScale : IDisposable
{
    private readonly Tensor _mean, _part;
    private readonly ScalarType _type;

    public PixelScale(Device device, ScalarType type)
    {
        _type = type;
        // In half precision the whole numbers 0-255 are exact, and so the difference loses least.
        _mean = tensor([0.48145466f * 255, 0.4578275f * 255, 0.40821073f * 255], device: device).to(type).view(1, 3, 1, 1).DetachFromDisposeScope();
        _part = tensor([1 / (0.26862954f * 255), 1 / (0.26130258f * 255), 1 / (0.27577711f * 255)], device: device).to(type).view(1, 3, 1, 1)
            .DetachFromDisposeScope();
    }

    /// <summary>
    /// uint8 [batch, side, side, 3] to floating point [batch, 3, side, side], channels last in memory. Floating point is taken to be
    /// that already.
    /// </summary>
    public Tensor Apply(Tensor pixels) =>
        pixels.dtype == ScalarType.Byte ? pixels.permute(0, 3, 1, 2).to(_type).sub_(_mean).mul_(_part) : pixels.to(_type, copy: true);

    public void Dispose()
    {
        _mean.Dispose();
        _part.Dispose();
    }
}
