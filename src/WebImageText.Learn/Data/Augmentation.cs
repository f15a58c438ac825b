using WebImageText.Curate.Pixels;

namespace WebImageText.Learn.Data;

/// <summary>Which square of a picture is shown to the model.</summary>
public enum CropMode
{
    /// <summary>A rectangle of random area and shape, as torchvision's RandomResizedCrop.</summary>
    RandomResized,
    /// <summary>A square as high or wide as the picture, at a random place: the CLIP paper's only augmentation.</summary>
    RandomSquare,
    /// <summary>The square in the middle: evaluation.</summary>
    Centre,
}

/// <summary>How pictures are varied while training.</summary>
/// <remarks>Defaults are open_clip's: area 0.9-1.0, shape 3/4-4/3, no change of colours.</remarks>
public sealed record Augmentation
{
    /// <summary>Which part is shown.</summary>
    public CropMode Crop { get; init; } = CropMode.RandomResized;

    /// <summary>Least share of the picture's area that <see cref="CropMode.RandomResized"/> shows, 0-1. Default 0.9.</summary>
    public double LeastArea { get; init; } = 0.9;

    /// <summary>Greatest share of the picture's area, 0-1. Default 1.</summary>
    public double MostArea { get; init; } = 1;

    /// <summary>Share of pictures whose colours are varied, 0-1. Default 0.</summary>
    public double JitterShare { get; init; }

    /// <summary>How far brightness, contrast and saturation are varied: by a factor in 1 ± this. Default 0.4.</summary>
    public double Jitter { get; init; } = 0.4;

    /// <summary>How far the hue is turned at most, in turns, 0-0.5. Default 0.1.</summary>
    public double HueJitter { get; init; } = 0.1;

    /// <summary>Share of pictures that lose their colours, 0-1. Default 0.</summary>
    public double GreyShare { get; init; }

    /// <summary>The rectangle to show of a picture.</summary>
    internal CropBox Choose(int width, int height, SeededDice dice)
    {
        var side = Math.Min(width, height);
        return Crop switch
        {
            CropMode.Centre => new((width - side) / 2, (height - side) / 2, side, side),
            CropMode.RandomSquare => new(dice.Below(width - side + 1), dice.Below(height - side + 1), side, side),
            _ => Resized(width, height, dice),
        };
    }

    // torchvision: ten tries, then the middle with the nearest allowed shape.
    private CropBox Resized(int width, int height, SeededDice dice)
    {
        const double Narrow = 3.0 / 4, Wide = 4.0 / 3;
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var area = (double)width * height * dice.Between(LeastArea, MostArea);
            var shape = Math.Exp(dice.Between(Math.Log(Narrow), Math.Log(Wide)));
            var (w, h) = ((int)Math.Round(Math.Sqrt(area * shape)), (int)Math.Round(Math.Sqrt(area / shape)));
            if (w >= 1 && h >= 1 && w <= width && h <= height)
                return new(dice.Below(width - w + 1), dice.Below(height - h + 1), w, h);
        }
        var (most, least) = ((int)Math.Round(height * Wide), (int)Math.Round(width / Narrow));
        var (cw, ch) = width > most ? (Math.Max(1, most), height) : height > least ? (width, Math.Max(1, least)) : (width, height);
        return new((width - cw) / 2, (height - ch) / 2, cw, ch);
    }
}
