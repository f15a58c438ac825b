using TorchSharp;
using WebImageText.Learn.Clip.Towers;
using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>What stands between the matrix products of a transformer's blocks, in shapes of ViT-B/16, of its text tower and in odd ones.</summary>
internal static class TransformerCases
{
    // Passes over a matrix, forward and back.
    private const int NormForward = 4, NormBack = 4, SiluForward = 2, SiluBack = 3;

    /// <summary>All of them.</summary>
    public static IEnumerable<KernelCase> All(Device device) =>
    [
        Norm(device, 5, 7, 24, isSmall: true), Norm(device, 3, 11, 640, isSmall: true), Norm(device, 2, 9, 2048, isSmall: true),
        Norm(device, 256, 197, 768), Norm(device, 256, 77, 512), Norm(device, 1024, 24, 512), Norm(device, 256, 257, 1024),
        Silu(device, 5, 7, 40, isSmall: true), Silu(device, 3, 11, 2560, isSmall: true),
        Silu(device, 256, 197, 3072), Silu(device, 256, 77, 2048), Silu(device, 1024, 24, 2048),
    ];

    private static KernelCase Norm(Device device, long batch, long length, long width, bool isSmall = false)
    {
        var bytes = 2.0 * batch * length * width;
        return new($"add_norm_{batch}x{length}x{width}", isSmall, NormForward * bytes, NormBack * bytes, type =>
        {
            manual_seed(4);
            var (x, branch, bias) = (Leaf(device, type, batch, length, width), Leaf(device, type, batch, length, width), Leaf(device, type, width));
            var norm = new Norm((int)width);
            norm.to(device, type);
            var (gain, start) = (norm.Weight, norm.Bias);
            using (no_grad())
            {
                gain.copy_(1 + 0.3 * randn(width, ScalarType.BFloat16));
                start.copy_(0.3 * randn(width, ScalarType.BFloat16));
            }
            return new([x, branch, bias, gain, start], () =>
            {
                var (settled, normed) = norm.Settle(new(x, branch, bias));
                return [settled, normed];
            }, [Leaf(device, type, batch, length, width).detach(), Leaf(device, type, batch, length, width).detach()], []);
        });
    }

    private static KernelCase Silu(Device device, long batch, long length, long width, bool isSmall = false)
    {
        var bytes = 2.0 * batch * length * width;
        return new($"silu_{batch}x{length}x{width}", isSmall, SiluForward * bytes, SiluBack * bytes, type =>
        {
            manual_seed(5);
            var (product, bias) = (Leaf(device, type, batch, length, width), Leaf(device, type, width));
            return new([product, bias], () => [FusedSilu.Takes(product) ? FusedSilu.Of(product, bias) : nn.functional.silu(product + bias)],
                [Leaf(device, type, batch, length, width).detach()], []);
        });
    }

    // bfloat16's values whatever the type.
    private static Tensor Leaf(Device device, ScalarType type, params long[] shape) =>
        randn(shape, ScalarType.BFloat16, device).to(type).detach().requires_grad_(true);
}
