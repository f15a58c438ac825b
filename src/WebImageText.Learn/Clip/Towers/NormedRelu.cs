using TorchSharp.Modules;
using WebImageText.Learn.Kernels;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>A batch norm with a rectifier behind it: by kernels of our own where they can, else one operation after another.</summary>
internal static class NormedRelu
{
    /// <summary>relu(norm(x))</summary>
    /// <param name="norm">The norm.</param>
    /// <param name="x">[batch, channels, rows, columns]</param>
    public static Tensor Of(BatchNorm2d norm, Tensor x) =>
        FusedBatchNorm.Takes(norm, x) ? FusedBatchNorm.Relu(norm, x) : nn.functional.relu(norm.forward(x));

    /// <summary>relu(norm(x) + added)</summary>
    public static Tensor Of(BatchNorm2d norm, Tensor x, Tensor added) => FusedBatchNorm.Takes(norm, x) && FusedBatchNorm.Takes(x, added)
        ? FusedBatchNorm.Relu(norm, x, added)
        : nn.functional.relu(norm.forward(x) + added);

    /// <summary>relu(norm(x) + otherNorm(other))</summary>
    public static Tensor Of(BatchNorm2d norm, Tensor x, BatchNorm2d otherNorm, Tensor other) =>
        FusedBatchNorm.Takes(norm, x) && FusedBatchNorm.Takes(otherNorm, other) && FusedBatchNorm.Takes(x, other)
            ? FusedBatchNorm.Relu(norm, x, otherNorm, other)
            : nn.functional.relu(norm.forward(x) + otherNorm.forward(other));
}
