using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>Feature maps that lie in memory place by place, all channels of one together: a matrix of places x channels.</summary>
internal static class ChannelsLast
{
    /// <summary>It lies so, and its channels can be read eight at a time.</summary>
    /// <param name="map">[batch, channels, rows, columns]</param>
    public static bool Is(Tensor map)
    {
        if (map.ndim != 4 || map.shape[1] % RowWalk.VectorLength != 0)
            return false;
        using var turned = map.permute(0, 2, 3, 1);
        return turned.is_contiguous();
    }

    /// <summary>The same values, lying so: the map itself if it does.</summary>
    public static Tensor Of(Tensor map) => Is(map) ? map : map.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>How kernels go over it.</summary>
    public static RowWalk Walk(Tensor map) => new(map.numel() / map.shape[1], map.shape[1]);
}
