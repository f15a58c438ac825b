namespace WebImageText.Learn.Clip;

public sealed partial record ClipConfiguration
{
    /// <summary>Names that <see cref="Named"/> knows, as the paper writes them, and one for trying things out on a CPU.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["RN50", "RN101", "RN50x4", "RN50x16", "RN50x64", "ViT-B/32", "ViT-B/16", "ViT-L/14", "ViT-L/14@336", "tiny"];

    /// <summary>A model of the CLIP paper by name.</summary>
    /// <param name="name">
    /// <c>ViT-B/32</c> or <c>ViT-B-32</c>, in any case. It has the paper's QuickGELU; <c>-gelu</c> after it chooses the exact GELU
    /// (what open_clip means by the name without <c>-quickgelu</c>).
    /// </param>
    /// <exception cref="ClipConfigurationException">No such model.</exception>
    public static ClipConfiguration Named(string name)
    {
        var plain = name.Replace('/', '-').Replace('@', '-').ToLowerInvariant();
        var exact = plain.EndsWith("-gelu", StringComparison.Ordinal);
        plain = exact ? plain[..^"-gelu".Length] : plain.EndsWith("-quickgelu", StringComparison.Ordinal) ? plain[..^"-quickgelu".Length] : plain;
        return plain switch
        {
            "rn50" => ResNet(1024, 224, 64, [3, 4, 6, 3], 512),
            "rn101" => ResNet(512, 224, 64, [3, 4, 23, 3], 512),
            "rn50x4" => ResNet(640, 288, 80, [4, 6, 10, 6], 640),
            "rn50x16" => ResNet(768, 384, 96, [6, 8, 18, 8], 768),
            "rn50x64" => ResNet(1024, 448, 128, [3, 15, 36, 10], 1024),
            "vit-b-32" => Transformer(512, 224, 768, 12, 32, 512),
            "vit-b-16" => Transformer(512, 224, 768, 12, 16, 512),
            "vit-l-14" => Transformer(768, 224, 1024, 24, 14, 768),
            "vit-l-14-336" => Transformer(768, 336, 1024, 24, 14, 768),
            "tiny" => Tiny,
            _ => throw new ClipConfigurationException(
                $"There is no model '{name}'. Choose one of {string.Join(", ", Names)}, or name a JSON file of open_clip's form."),
        } with
        { QuickGelu = !exact };
    }

    // Some 2.5 million weights: learns simple scenes on a CPU in a minute. Made for the tokenizer that the program ships.
    private static ClipConfiguration Tiny => new(
        128, new VisionTransformerConfiguration { ImageSize = 64, PatchSize = 8, Width = 128, Layers = 4, HeadWidth = 32 },
        new() { ContextLength = 32, VocabularySize = 8_192, Width = 128, Heads = 4, Layers = 3 }, QuickGelu: true);

    private static ClipConfiguration ResNet(int embed, int imageSize, int width, int[] blocks, int textWidth) => new(
        embed, new ResNetConfiguration { ImageSize = imageSize, Width = width, Blocks = blocks }, Words(textWidth), QuickGelu: true);

    private static ClipConfiguration Transformer(int embed, int imageSize, int width, int layers, int patch, int textWidth) => new(
        embed, new VisionTransformerConfiguration { ImageSize = imageSize, Width = width, Layers = layers, PatchSize = patch },
        Words(textWidth), QuickGelu: true);

    // The text tower grows with the image tower in width alone (paper, section 2.4).
    private static TextTowerConfiguration Words(int width) => new() { Width = width, Heads = width / 64 };
}
