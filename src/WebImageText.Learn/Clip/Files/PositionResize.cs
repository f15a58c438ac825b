using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Files;

/// <summary>Fits positional embeddings to another image size or context length, as open_clip does.</summary>
internal static class PositionResize
{
    /// <summary>The embeddings of an image's grid: bicubic and anti-aliased; the class token's (or mean's) stays.</summary>
    /// <param name="positions">[1 + old², width]</param>
    /// <param name="length">1 + new².</param>
    public static Tensor OfImage(Tensor positions, long length)
    {
        var (old, side) = (Side(positions.shape[0]), Side(length));
        var grid = positions.narrow(0, 1, old * old).to(ScalarType.Float32).view(1, old, old, -1).permute(0, 3, 1, 2);
        grid = nn.functional.interpolate(grid, [side, side], mode: InterpolationMode.Bicubic, align_corners: false, antialias: true);
        return torch.cat([positions.narrow(0, 0, 1).to(ScalarType.Float32), grid.permute(0, 2, 3, 1).reshape(side * side, -1)], 0);
    }

    /// <summary>The embeddings of a text: linear.</summary>
    /// <param name="positions">[old, width]</param>
    /// <param name="length">New length.</param>
    public static Tensor OfText(Tensor positions, long length) => nn.functional.interpolate(
        positions.to(ScalarType.Float32).t().unsqueeze(0), [length], mode: InterpolationMode.Linear, align_corners: false).squeeze(0).t();

    private static long Side(long length)
    {
        var side = (long)Math.Round(Math.Sqrt(length - 1));
        return side * side == length - 1 ? side : throw new ModelFileException($"{length} image positions are no square grid and one more.");
    }
}
