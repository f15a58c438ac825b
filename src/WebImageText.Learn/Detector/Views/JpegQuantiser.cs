using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace WebImageText.Learn.Detector.Views;

/// <summary>What JPEG does to pixels, for a whole batch at once: blocks of 8x8, a cosine transform, rounding by the standard tables.</summary>
internal sealed class JpegQuantiser : IDisposable
{
    // ITU-T T.81, Annex K.1.
    private static readonly float[] Light =
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static readonly float[] Chroma =
    [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    ];

    private static readonly float[] ToYcc = [0.299f, 0.587f, 0.114f, -0.168736f, -0.331264f, 0.5f, 0.5f, -0.418688f, -0.081312f];
    private static readonly float[] FromYcc = [1, 0, 1.402f, 1, -0.344136f, -0.714136f, 1, 1.772f, 0];

    private readonly Tensor _basis;
    private readonly Tensor _tables;
    private readonly Tensor _to;
    private readonly Tensor _from;

    public JpegQuantiser(Device device)
    {
        var basis = new float[64 * 64];
        for (var v = 0; v < 8; v++)
            for (var u = 0; u < 8; u++)
                for (var y = 0; y < 8; y++)
                    for (var x = 0; x < 8; x++)
                        basis[64 * (8 * v + u) + 8 * y + x] = Wave(u, x) * Wave(v, y);
        _basis = tensor(basis, [64, 1, 8, 8], device: device).DetachFromDisposeScope();
        _tables = tensor([.. Light, .. Chroma, .. Chroma], [1, 3, 64, 1, 1], device: device).DetachFromDisposeScope();
        _to = tensor(ToYcc, [3, 3], device: device).DetachFromDisposeScope();
        _from = tensor(FromYcc, [3, 3], device: device).DetachFromDisposeScope();
    }

    /// <summary>Images as they come back from a JPEG file.</summary>
    /// <param name="images">float32 [n, 3, h, w], 0-1; sides a multiple of 16.</param>
    /// <param name="quality">float32 [n], 1-100, as libjpeg counts.</param>
    public Tensor Apply(Tensor images, Tensor quality)
    {
        var (n, h, w) = (images.shape[0], images.shape[2], images.shape[3]);
        var ycc = _to.matmul((images * 255).flatten(2)).reshape(n, 3, h, w);
        // Colour at half the size, as nearly every file has it.
        var colour = functional.interpolate(functional.avg_pool2d(ycc.narrow(1, 1, 2), [2, 2]), scale_factor: [2, 2], mode: InterpolationMode.Nearest);
        var planes = cat([ycc.narrow(1, 0, 1) - 128, colour], 1).reshape(3 * n, 1, h, w);
        var scale = where(quality < 50, 5000 / quality, 200 - 2 * quality).reshape(-1, 1, 1, 1, 1) / 100;
        var steps = (_tables * scale).round().clamp(1, 255);
        var waves = functional.conv2d(planes, _basis, null, strides: [8, 8]).reshape(n, 3, 64, h / 8, w / 8);
        var rounded = ((waves / steps).round() * steps).reshape(3 * n, 64, h / 8, w / 8);
        var back = functional.conv_transpose2d(rounded, _basis, null, strides: [8, 8]).reshape(n, 3, h, w);
        back = cat([back.narrow(1, 0, 1) + 128, back.narrow(1, 1, 2)], 1);
        return (_from.matmul(back.flatten(2)).reshape(n, 3, h, w) / 255).clamp(0, 1);
    }

    public void Dispose()
    {
        _basis.Dispose();
        _tables.Dispose();
        _to.Dispose();
        _from.Dispose();
    }

    private static float Wave(int frequency, int at) =>
        (frequency == 0 ? MathF.Sqrt(0.125f) : 0.5f) * MathF.Cos((2 * at + 1) * frequency * MathF.PI / 16);
}
