using NetVips;

namespace WebImageText.Curate.Pixels;

/// <summary>A rectangle to blur, relative to the upright picture: 0-1 from its left and its top.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Right">Behind the last column.</param>
/// <param name="Bottom">Behind the last row.</param>
public readonly record struct BlurBox(float Left, float Top, float Right, float Bottom);

/// <summary>Blurs rectangles, faces for example, as img2dataset's <c>BoundingBoxBlurrer</c> does.</summary>
/// <remarks>
/// Each box grows by a tenth of its longer side on every side; a tenth of the longest side of all boxes is the deviation of the
/// Gaussian, which blurs the picture and the edges of the boxes (after princetonvisualai/imagenet-face-obfuscation).
/// </remarks>
internal static class BoxBlur
{
    /// <summary>Blurs in place.</summary>
    public static void Apply(Raster raster, IReadOnlyList<BlurBox> boxes)
    {
        if (boxes.Count == 0)
            return;
        var (width, height) = (raster.Width, raster.Height);
        var mask = new byte[width * height];
        var longest = 0;
        foreach (var box in boxes)
        {
            var (left, top, right, bottom) = ((int)(box.Left * width), (int)(box.Top * height), (int)(box.Right * width), (int)(box.Bottom * height));
            var side = Math.Max(right - left, bottom - top);
            longest = Math.Max(longest, side);
            var (first, last) = (Within(left - 0.1 * side, width), Within(right + 0.1 * side, width));
            for (var y = Within(top - 0.1 * side, height); y < Within(bottom + 0.1 * side, height); y++)
                mask.AsSpan(y * width + first, Math.Max(0, last - first)).Fill(255);
        }
        var sigma = 0.1 * longest;
        if (sigma < 0.2)
            return;
        using var picture = Image.NewFromMemory(raster.Pixels.ToArray(), width, height, 3, Enums.BandFormat.Uchar);
        using var edges = Image.NewFromMemory(mask, width, height, 1, Enums.BandFormat.Uchar);
        using var soft = picture.Gaussblur(sigma, precision: Enums.Precision.Integer);
        using var share = edges.Gaussblur(sigma, precision: Enums.Precision.Integer);
        using var result = share.Ifthenelse(soft, picture, blend: true);
        result.WriteToMemory<byte>().CopyTo(raster.Pixels);
    }

    private static int Within(double at, int length) => Math.Clamp((int)at, 0, length - 1);
}
