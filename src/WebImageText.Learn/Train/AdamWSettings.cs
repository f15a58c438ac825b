namespace WebImageText.Learn.Train;

/// <summary>Numbers of AdamW (Loshchilov and Hutter 2019).</summary>
/// <param name="Beta1">Memory of the first moment.</param>
/// <param name="Beta2">Memory of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="WeightDecay">On weights that are neither gains nor biases nor embeddings of positions.</param>
/// <param name="GradientNorm">Gradients longer than this are shortened to it; 0 leaves them.</param>
public sealed record AdamWSettings(double Beta1, double Beta2, double Epsilon, double WeightDecay = 0.2, double GradientNorm = 0)
{
    /// <summary>The paper's for ResNets.</summary>
    public static AdamWSettings ResNet { get; } = new(0.9, 0.999, 1e-8);

    /// <summary>The paper's for vision transformers.</summary>
    public static AdamWSettings VisionTransformer { get; } = new(0.9, 0.98, 1e-6);
}
