namespace WebImageText.Learn.Detector.Views;

/// <summary>How often a view shows what: shares of the first group sum to 1 at most (the rest is the whole picture), the others are independent.</summary>
internal sealed record ViewMix
{
    /// <summary>Crop and zoom: 40-100 % of the picture.</summary>
    public double Crop { get; init; }

    /// <summary>A hard crop: 12-50 %.</summary>
    public double HardCrop { get; init; }

    /// <summary>Turned by up to 35 degrees, its corners cut or filled.</summary>
    public double Rotate { get; init; }

    /// <summary>Padded, letterboxed or bordered, in a colour or with itself blurred.</summary>
    public double Pad { get; init; }

    /// <summary>With bands of text above or below.</summary>
    public double Meme { get; init; }

    /// <summary>Inside a screenshot of a telephone or a desktop.</summary>
    public double Screenshot { get; init; }

    /// <summary>Pasted onto another photograph.</summary>
    public double OnPhoto { get; init; }

    /// <summary>One of two to four pictures side by side.</summary>
    public double Collage { get; init; }

    public double Mirror { get; init; }

    public double Quarter { get; init; }

    public double Text { get; init; }

    public double Sticker { get; init; }

    public double Colour { get; init; }

    public double Grey { get; init; }

    public double Resize { get; init; }

    public double Blur { get; init; }

    public double Jpeg { get; init; }

    public double Noise { get; init; }

    /// <summary>How strong the edits are, 0-1.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>The picture itself.</summary>
    public static ViewMix Plain { get; } = new();

    /// <summary>What an index holds: mostly the picture itself.</summary>
    public static ViewMix Reference { get; } = new()
    {
        Crop = 0.3,
        Pad = 0.02,
        Mirror = 0.1,
        Quarter = 0.02,
        Colour = 0.2,
        Resize = 0.2,
        Jpeg = 0.5,
        Text = 0.03,
        Sticker = 0.03,
        Strength = 0.5,
    };

    /// <summary>What the web makes of a picture.</summary>
    public static ViewMix Copy { get; } = new()
    {
        Crop = 0.24,
        HardCrop = 0.18,
        Rotate = 0.1,
        Pad = 0.1,
        Meme = 0.05,
        Screenshot = 0.09,
        OnPhoto = 0.12,
        Collage = 0.05,
        Mirror = 0.25,
        Quarter = 0.1,
        Text = 0.15,
        Sticker = 0.2,
        Colour = 0.5,
        Grey = 0.2, // at 0.08 a third of grey copies stayed unfound (benchmarks/detector.md)
        Resize = 0.35,
        Blur = 0.15,
        Jpeg = 0.6,
        Noise = 0.1,
    };

    /// <summary>As <see cref="Copy"/>, with more of what is hardest: for the last part of a training.</summary>
    public static ViewMix HardCopy { get; } = Copy with
    {
        Crop = 0.16,
        HardCrop = 0.22,
        Rotate = 0.12,
        Screenshot = 0.14,
        OnPhoto = 0.16,
        Collage = 0.06,
        Quarter = 0.14,
    };

    /// <summary>A mix on its way from the picture itself (0) to this one (1): what leaves least of a picture comes last.</summary>
    public ViewMix Eased(double share) => share >= 1 ? this : this with
    {
        HardCrop = share * HardCrop,
        Screenshot = share * Screenshot,
        OnPhoto = share * OnPhoto,
        Collage = share * Collage,
        Quarter = share * Quarter,
        Sticker = share * Sticker,
        Blur = share * Blur,
        Noise = share * Noise,
        Strength = (0.4 + 0.6 * share) * Strength,
    };

    /// <summary>One kind of edit a view, by name: what is measured as training goes on.</summary>
    public static IReadOnlyDictionary<string, ViewMix> Named { get; } = new Dictionary<string, ViewMix>
    {
        ["jpeg"] = new() { Jpeg = 1 },
        ["resize"] = new() { Resize = 1 },
        ["blur"] = new() { Blur = 1 },
        ["colour"] = new() { Colour = 1 },
        ["grey"] = new() { Grey = 1 },
        ["crop"] = new() { Crop = 1 },
        ["hard_crop"] = new() { HardCrop = 1 },
        ["mirror"] = new() { Mirror = 1 },
        ["quarter_turn"] = new() { Quarter = 1 },
        ["rotate"] = new() { Rotate = 1 },
        ["pad"] = new() { Pad = 1 },
        ["text"] = new() { Text = 1 },
        ["meme"] = new() { Meme = 1 },
        ["sticker"] = new() { Sticker = 1 },
        ["screenshot"] = new() { Screenshot = 1 },
        ["on_photo"] = new() { OnPhoto = 1 },
        ["collage"] = new() { Collage = 1 },
        ["copy"] = Copy,
    };
}
