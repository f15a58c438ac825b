namespace WebImageText.Curate.Pixels;

/// <summary>Cuts a resized picture, or borders it, to the size in which it is stored.</summary>
internal static class Canvas
{
    /// <summary>What lies outside is cut; what the picture does not cover stays white.</summary>
    public static Raster Of(Raster picture, Fit fit)
    {
        var canvas = new Raster(fit.StoredWidth, fit.StoredHeight);
        canvas.Pixels.Fill(255);
        var (left, skip) = (Math.Max(0, fit.Left), Math.Max(0, -fit.Left));
        var width = Math.Min(picture.Width - skip, canvas.Width - left);
        for (var y = Math.Max(0, fit.Top); y < canvas.Height && y - fit.Top < picture.Height; y++)
            picture.Row(y - fit.Top).Slice(3 * skip, 3 * width).CopyTo(canvas.Row(y)[(3 * left)..]);
        return canvas;
    }
}
