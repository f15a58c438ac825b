using WebImageText.Learn.Clip;

namespace WebImageText.Learn.Train;

/// <summary>The CLIP paper's numbers for each model (tables 18-20).</summary>
/// <param name="Batch">Samples of a step.</param>
/// <param name="Epochs">Passes over 400 million pairs.</param>
/// <param name="Peak">Learning rate after the warm-up.</param>
/// <param name="Warmup">Steps.</param>
/// <param name="Optimizer">AdamW's numbers.</param>
public sealed record Preset(int Batch, int Epochs, double Peak, long Warmup, AdamWSettings Optimizer)
{
    /// <summary>The paper's preset of a model.</summary>
    public static Preset OfPaper(ClipConfiguration model)
    {
        var peak = model.Image switch
        {
            ResNetConfiguration { Width: 96 } => 4e-4,
            ResNetConfiguration { Width: 128 } => 3.6e-4,
            VisionTransformerConfiguration { Width: 1024, ImageSize: 336 } => 2e-5,
            VisionTransformerConfiguration { Width: 1024 } => 4e-4,
            _ => 5e-4,
        };
        // At 336 px the paper goes on from the weights of 224 px for one epoch (section 2.5); how it warms up is not said.
        var isFineTuned = model.Image is VisionTransformerConfiguration { Width: 1024, ImageSize: 336 };
        return new(32_768, isFineTuned ? 1 : 32, peak, 2_000, model.Image is ResNetConfiguration ? AdamWSettings.ResNet : AdamWSettings.VisionTransformer);
    }
}
