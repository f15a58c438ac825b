using WebImageText.Learn.Clip.Towers;
using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>Pools of RN50, and an odd one.</summary>
internal static class PoolCases
{
    // Passes over a map, each way: the small one counts a quarter.
    private const double Passes = 1.25;

    /// <summary>All of them.</summary>
    public static IEnumerable<KernelCase> All(Device device) =>
        [Of(device, 3, 6, 10, 24, isSmall: true), Of(device, 256, 112, 112, 64), Of(device, 256, 56, 56, 256), Of(device, 256, 14, 14, 1024)];

    private static KernelCase Of(Device device, long batch, long rows, long columns, long channels, bool isSmall = false)
    {
        var bytes = 2.0 * batch * rows * columns * channels;
        return new($"pool_{batch}x{rows}x{columns}x{channels}", isSmall, Passes * bytes, Passes * bytes, type =>
        {
            manual_seed(6);
            var map = Map(rows, columns).detach().requires_grad_(true);
            return new([map], () => [Pooling.Average(map, FusedPool.Side)], [Map(rows / FusedPool.Side, columns / FusedPool.Side)], []);

            // bfloat16's values whatever the type.
            Tensor Map(long high, long wide) => randn([batch, high, wide, channels], ScalarType.BFloat16, device).to(type).permute(0, 3, 1, 2);
        });
    }
}
