using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>Feature maps that lie in memory place by place, all channels of one together: a matrix of places x channels.</summary>
internal static class ChannelsLast
{
    private static readonly int[] Order = [1, 3, 2, 0];

    /// <summary>It lies so, and its channels can be read eight at a time.</summary>
    /// <param name="map">[batch, channels, rows, columns]</param>
    public static bool Is(Tensor map)
    {
        if (map.ndim != 4)
            return false;
        var (shape, strides, dense) = (map.shape, map.stride(), 1L);
        foreach (var at in Order)
        {
            if (shape[at] != 1 && strides[at] != dense)
                return false;
            dense *= shape[at];
        }
        return shape[1] % RowWalk.VectorLength == 0;
    }

    /// <summary>The same values, lying so: the map itself if it does.</summary>
    public static Tensor Of(Tensor map) => Is(map) ? map : map.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>Memory for a map of so many rows and columns, in batch, channels, type and device as another.</summary>
    public static Tensor Empty(Tensor like, long rows, long columns)
    {
        var (batch, channels) = (like.shape[0], like.shape[1]);
        return empty_strided([batch, channels, rows, columns], [rows * columns * channels, 1, columns * channels, channels], like.dtype, like.device);
    }

    /// <summary>How kernels go over it.</summary>
    public static RowWalk Walk(Tensor map)
    {
        var shape = map.shape;
        return new(shape[0] * shape[2] * shape[3], shape[1]);
    }
}
