using System.Runtime.InteropServices;
using SkiaSharp;

namespace WebImageText.Cli.Detector;

/// <summary>Square pictures side by side, as a PNG.</summary>
internal static class ViewSheet
{
    /// <param name="path">The file.</param>
    /// <param name="views">Red, green, blue of every pixel, picture after picture.</param>
    /// <param name="columns">Pictures in a row.</param>
    /// <param name="side">Of a picture, pixels.</param>
    public static void Write(string path, ReadOnlySpan<byte> views, int columns, int side)
    {
        var rows = views.Length / (3 * side * side) / columns;
        using var sheet = new SKBitmap(columns * side, rows * side, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var pixels = MemoryMarshal.Cast<byte, int>(sheet.GetPixelSpan());
        var whole = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(pixels), pixels.Length);
        for (var at = 0; at < views.Length / 3; at++)
        {
            var (view, inside) = (at / (side * side), at % (side * side));
            var (x, y) = (view % columns * side + inside % side, view / columns * side + inside / side);
            whole[y * sheet.Width + x] = views[3 * at] | views[3 * at + 1] << 8 | views[3 * at + 2] << 16 | 255 << 24;
        }
        using var file = File.Create(path);
        sheet.Encode(file, SKEncodedImageFormat.Png, 100);
    }
}
