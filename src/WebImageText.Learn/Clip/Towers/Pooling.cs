using WebImageText.Learn.Kernels;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>Means of squares that lie side by side.</summary>
internal static class Pooling
{
    /// <summary>Average pooling whose stride is its side; what is left at the edges falls away.</summary>
    /// <param name="x">[batch, channels, rows, columns]</param>
    /// <param name="side">Of the squares.</param>
    /// <returns>[batch, channels, rows / side, columns / side], in memory as <paramref name="x"/> is.</returns>
    public static Tensor Average(Tensor x, long side)
    {
        var (batch, channels, rows, columns) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        if (x.device_type != TorchSharp.DeviceType.CUDA || rows % side != 0 || columns % side != 0)
            return nn.functional.avg_pool2d(x, side);
        if (side == FusedPool.Side && FusedPool.Takes(x))
            return FusedPool.Of(x);
        return Means(x.permute(0, 2, 3, 1), batch, rows / side, columns / side, channels, side);
    }

    // A plain mean is five times as fast as CUDA's pooling of channels-last memory, forward and back (9.8 and 1.9 ms for 411 MB on
    // an H200): a fifth of a step of RN50.
    internal static Tensor Means(Tensor last, long batch, long rows, long columns, long channels, long side) =>
        last.reshape(batch, rows, side, columns, side, channels).mean([2, 4]).permute(0, 3, 1, 2);
}
