using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>The two activations of CLIP models.</summary>
internal static class Activations
{
    /// <summary>QuickGELU(x) = silu(slope·x) / slope.</summary>
    public const double QuickSlope = 1.702;

    /// <summary>x·sigmoid(1.702x): OpenAI's.</summary>
    public static Tensor QuickGelu(Tensor x) => x * sigmoid(QuickSlope * x);

    /// <summary>x·Φ(x), exact: open_clip's.</summary>
    public static Tensor Gelu(Tensor x) => nn.functional.gelu(x);

    /// <summary>The one that a configuration asks for.</summary>
    public static Func<Tensor, Tensor> Of(bool quickGelu) => quickGelu ? QuickGelu : Gelu;
}
