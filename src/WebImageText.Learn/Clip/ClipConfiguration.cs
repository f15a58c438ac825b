namespace WebImageText.Learn.Clip;

/// <summary>Everything that decides the shapes of a CLIP model's weights and what is computed with them.</summary>
/// <param name="EmbedDim">Width of the space that images and texts share.</param>
/// <param name="Image">The image tower.</param>
/// <param name="Text">The text tower.</param>
/// <param name="QuickGelu">
/// Blocks use x·sigmoid(1.702x), as OpenAI's weights do, instead of the exact GELU. Weights of one are worthless with the other,
/// and nothing in their shapes tells which: it is always stored beside them.
/// </param>
public sealed partial record ClipConfiguration(int EmbedDim, ImageTowerConfiguration Image, TextTowerConfiguration Text, bool QuickGelu)
{
    /// <summary>Logarithm of the first logit scale: ln(1/0.07) for the contrastive loss, ln 10 for SigLIP.</summary>
    public double InitialLogitScale { get; init; } = Math.Log(1 / 0.07);

    /// <summary>The first logit bias: -10 for SigLIP; null for a model without one.</summary>
    public double? InitialLogitBias { get; init; }

    /// <summary>The same model with SigLIP's scale and bias.</summary>
    public ClipConfiguration ForSigmoidLoss() => this with { InitialLogitScale = Math.Log(10), InitialLogitBias = -10 };

    /// <summary>Throws where the numbers make no model that this program would want to allocate.</summary>
    /// <exception cref="ClipConfigurationException">A number is out of bounds or does not fit another.</exception>
    public ClipConfiguration Checked()
    {
        Check(EmbedDim is > 0 and <= 16_384, $"embed_dim {EmbedDim}");
        Check(Image.ImageSize is > 0 and <= 4_096, $"image_size {Image.ImageSize}");
        Check(Image.Width is > 0 and <= 16_384, $"vision width {Image.Width}");
        Check(Image.HeadWidth > 0 && Image.Heads > 0, $"head_width {Image.HeadWidth}");
        switch (Image)
        {
            case VisionTransformerConfiguration transformer:
                Check(transformer.Layers is > 0 and <= 200, $"vision layers {transformer.Layers}");
                Check(transformer.PatchSize > 0 && transformer.ImageSize >= transformer.PatchSize, $"patch_size {transformer.PatchSize}");
                Check(transformer.MlpRatio is > 0 and <= 32, $"vision mlp_ratio {transformer.MlpRatio}");
                Check(transformer.Width % transformer.HeadWidth == 0, $"width {transformer.Width} is no multiple of head_width {transformer.HeadWidth}");
                break;
            case ResNetConfiguration resnet:
                Check(resnet.Blocks.Count == 4 && resnet.Blocks.All(count => count is > 0 and <= 200), "the four stages of the ResNet");
                Check(resnet.ImageSize % 32 == 0, $"image_size {resnet.ImageSize} is no multiple of 32");
                Check(resnet.Width % 2 == 0 && resnet.FeatureWidth % resnet.HeadWidth == 0, $"width {resnet.Width}");
                break;
        }
        Check(Text.ContextLength is > 1 and <= 65_536, $"context_length {Text.ContextLength}");
        Check(Text.VocabularySize is > 2 and <= 10_000_000, $"vocab_size {Text.VocabularySize}");
        Check(Text.Width is > 0 and <= 16_384, $"text width {Text.Width}");
        Check(Text.Layers is > 0 and <= 200, $"text layers {Text.Layers}");
        Check(Text.Heads > 0 && Text.Width % Text.Heads == 0, $"text width {Text.Width} with {Text.Heads} heads");
        Check(Text.MlpRatio is > 0 and <= 32, $"text mlp_ratio {Text.MlpRatio}");
        return this;
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
            throw new ClipConfigurationException($"The model's configuration makes no sense: {what}.");
    }
}

/// <summary>A model's configuration is damaged, out of bounds, or describes a model that this program does not build.</summary>
public sealed class ClipConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
