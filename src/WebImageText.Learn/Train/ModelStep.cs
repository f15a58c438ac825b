using TorchSharp;
using WebImageText.Learn.Clip;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>One training step of some model: gradients, then new weights. Whatever the parts and the ranks, the step is the global batch's.</summary>
internal abstract class ModelStep : IDisposable
{
    /// <summary>What is trained: parameters and buffers have the names under which they are stored.</summary>
    public abstract nn.Module Module { get; }

    /// <summary>Its shapes.</summary>
    public abstract ClipConfiguration Configuration { get; }

    /// <summary>Weights, gradients and moments.</summary>
    public abstract FlatParameters Parameters { get; }

    /// <summary>AdamW.</summary>
    public abstract Optimizer Optimizer { get; }

    /// <summary>Gradients in the towers are this many times too long, so that float16 holds them; 1 in other precisions.</summary>
    public double GradientScale { get; set; } = 1;

    /// <summary>Makes a step.</summary>
    /// <param name="parts">The local batch.</param>
    /// <param name="rate">Learning rate.</param>
    /// <returns>float32 [4] on the device: loss, length of the gradient, 1 where the step was skipped, factor on similarities.</returns>
    public abstract Tensor Run(IReadOnlyList<TrainPart> parts, double rate);

    /// <summary>Halves the scale of float16 gradients after an overflow, and doubles it after 2,000 steps without.</summary>
    /// <param name="isSkipped">The last step overflowed.</param>
    /// <param name="goodInARow">Steps since the last change.</param>
    /// <returns>The new count.</returns>
    public int AdjustGradientScale(bool isSkipped, int goodInARow)
    {
        if (isSkipped)
            GradientScale = Math.Max(1, GradientScale / 2);
        else if (goodInARow + 1 == 2_000)
            GradientScale *= 2;
        return isSkipped || goodInARow + 1 == 2_000 ? 0 : goodInARow + 1;
    }

    /// <summary>Frees weights, moments and gradients; the model stays.</summary>
    public abstract void Dispose();
}
