namespace WebImageText.Curate.Pixels;

/// <summary>How an image of a given size is stored: resized, then cut or bordered. Arithmetic as img2dataset's, to the pixel.</summary>
/// <param name="Width">After the resize, pixels.</param>
/// <param name="Height">After the resize, pixels.</param>
/// <param name="Left">Columns before the picture in the stored image; negative where the picture is cut.</param>
/// <param name="Top">Rows above the picture in the stored image; negative where the picture is cut.</param>
/// <param name="StoredWidth">Of the stored image.</param>
/// <param name="StoredHeight">Of the stored image.</param>
/// <param name="IsSmaller">The resize reduces.</param>
internal readonly record struct Fit(int Width, int Height, int Left, int Top, int StoredWidth, int StoredHeight, bool IsSmaller)
{
    /// <summary>The fit of an image under some options.</summary>
    public static Fit Of(int width, int height, ImageOptions options)
    {
        var mode = options.ResizeMode;
        var byLonger = mode is ResizeMode.Border or ResizeMode.KeepRatioLargest;
        var side = byLonger ? Math.Max(width, height) : Math.Min(width, height);
        if (mode == ResizeMode.No || options.ResizeOnlyIfBigger && side <= options.Size)
            return new(width, height, 0, 0, width, height, false);
        var (w, h) = (Scaled(width, side, options.Size), Scaled(height, side, options.Size));
        return mode is ResizeMode.Border or ResizeMode.CenterCrop
            ? new(w, h, Half(options.Size - w), Half(options.Size - h), options.Size, options.Size, side > options.Size)
            : new(w, h, 0, 0, w, h, side > options.Size);
    }

    /// <summary>By how much a decoder may shrink an image of a given size: 1, 2, 4 or 8.</summary>
    /// <remarks>
    /// At least half of the way is left to the resampler, as libvips does: a decoder's own shrinking is coarse (34 dB from a full
    /// decode where it goes the whole way), and at 1/2 it saves nothing but pixels.
    /// </remarks>
    public static int Shrink(int width, int height, ImageOptions options)
    {
        var fit = Of(width, height, options);
        var ratio = fit.IsSmaller ? Math.Min((double)width / fit.Width, (double)height / fit.Height) : 1;
        return ratio >= 16 ? 8 : ratio >= 8 ? 4 : ratio >= 4 ? 2 : 1;
    }

    // Rounds a half to the even number, as Python does.
    private static int Scaled(int length, int side, int size) => Math.Max(1, (int)Math.Round(length * (size / (double)side)));

    // Rounds towards zero, as Python's int() does: the lesser part lies left and above.
    private static int Half(int difference) => difference / 2;
}
