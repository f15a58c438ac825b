using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>Average pooling of squares of four places in channels-last maps, each way in one pass.</summary>
internal static class FusedPool
{
    /// <summary>Length of a square's side.</summary>
    public const long Side = 2;

    /// <summary>The kernels take such a map.</summary>
    /// <param name="map">[batch, channels, rows, columns]</param>
    public static bool Takes(Tensor map) => KernelLibrary.Takes(map) && ChannelsLast.Is(map)
        && map.shape[2] % Side == 0 && map.shape[3] % Side == 0 && map.numel() > 0 && Small(map).Rows < int.MaxValue;

    /// <summary>Means of squares.</summary>
    /// <param name="map">[batch, channels, rows, columns], as <see cref="Takes"/> says.</param>
    /// <returns>[batch, channels, rows / 2, columns / 2], channels-last.</returns>
    public static Tensor Of(Tensor map)
    {
        using var scope = NewDisposeScope();
        var (shape, strides) = (map.shape, map.stride());
        Tensor pooled;
        using (no_grad())
        {
            var (library, walk, kernel) = (KernelLibrary.Of(map), Small(map), "pool" + KernelLibrary.Suffix(map));
            pooled = ChannelsLast.Empty(map, shape[2] / Side, shape[3] / Side);
            library.Launch(kernel, walk.Grid(library, kernel), map, walk.Rows, walk.Vectors, (int)(shape[3] / Side), pooled);
        }
        OwnGradient.Attach([map], [pooled], [], (gradients, _) => [gradients[0] is { } upstream ? Back(upstream, shape, strides) : null]);
        return pooled.MoveToOuterDisposeScope();
    }

    private static Tensor Back(Tensor upstream, long[] shape, long[] strides)
    {
        var (library, dy, kernel) = (KernelLibrary.Of(upstream), ChannelsLast.Of(upstream), "pool_back" + KernelLibrary.Suffix(upstream));
        var (walk, dx) = (ChannelsLast.Walk(dy), empty_strided(shape, strides, dy.dtype, dy.device));
        library.Launch(kernel, walk.Grid(library, kernel), dy, walk.Rows, walk.Vectors, (int)dy.shape[3], dx);
        return dx;
    }

    private static RowWalk Small(Tensor map) => new(map.numel() / map.shape[1] / (Side * Side), map.shape[1]);
}
