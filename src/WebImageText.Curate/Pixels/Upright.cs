using System.Runtime.CompilerServices;

namespace WebImageText.Curate.Pixels;

/// <summary>Turns a raster upright (EXIF orientation, CIPA DC-008 section 4.6.5).</summary>
internal static class Upright
{
    /// <summary>The orientation, 1-8, swaps width and height.</summary>
    public static bool Swaps(int orientation) => orientation >= 5;

    /// <summary>The raster as it is to be seen; takes over the given one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Raster Turn(Raster raster, int orientation)
    {
        if (orientation == 1)
            return raster;
        using var from = raster;
        var (width, height) = Swaps(orientation) ? (from.Height, from.Width) : (from.Width, from.Height);
        var to = new Raster(width, height);
        // Where the pixel at (x, y) of the result comes from: first + x * right + y * down, in pixels.
        var (last, row) = (from.Width - 1, from.Width);
        var bottom = (from.Height - 1) * row;
        var (first, right, down) = orientation switch
        {
            2 => (last, -1, row),
            3 => (bottom + last, -1, -row),
            4 => (bottom, 1, -row),
            5 => (0, row, 1),
            6 => (bottom, -row, 1),
            7 => (bottom + last, -row, -1),
            _ => (last, row, -1),
        };
        var source = from.Pixels;
        var target = to.Pixels;
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                Unsafe.CopyBlockUnaligned(ref target[3 * (y * width + x)], ref source[3 * (first + x * right + y * down)], 3);
        return to;
    }
}
