using TorchSharp;
using TorchSharp.Modules;
using WebImageText.Learn.Clip.Towers;
using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>Batch norms with what stands behind them, in shapes of RN50 and in odd ones.</summary>
internal static class BatchNormCases
{
    private const int Alone = 0, Added = 1, Both = 2;

    private static readonly string[] Names = ["alone", "added", "both"];

    // Passes over a feature map, forward and back.
    private static readonly (int Forward, int Back)[] Passes = [(3, 5), (4, 7), (5, 9)];

    /// <summary>All of them.</summary>
    public static IEnumerable<KernelCase> All(Device device) =>
    [
        Of(device, Alone, 3, 7, 24, isSmall: true), Of(device, Added, 3, 7, 40, isSmall: true), Of(device, Both, 3, 5, 2560, isSmall: true),
        Of(device, Alone, 256, 112, 32), Of(device, Alone, 256, 56, 64), Of(device, Alone, 256, 14, 256), Of(device, Added, 256, 56, 256),
        Of(device, Added, 256, 14, 1024), Of(device, Added, 256, 7, 2048), Of(device, Both, 256, 56, 256), Of(device, Both, 256, 14, 1024),
    ];

    private static KernelCase Of(Device device, int form, long batch, long side, long channels, bool isSmall = false)
    {
        var bytes = 2.0 * batch * side * side * channels;
        return new($"batch_norm_{Names[form]}_{batch}x{side}x{side}x{channels}", isSmall, Passes[form].Forward * bytes, Passes[form].Back * bytes,
            type => Make(device, form, [batch, channels, side, side], type));
    }

    private static KernelInput Make(Device device, int form, long[] shape, ScalarType type)
    {
        manual_seed(3);
        var (first, second) = (Norm(device, shape[1]), Norm(device, shape[1]));
        var (x, other) = (Map(device, shape, type, 0.5), Map(device, shape, type, -0.2));
        var upstream = Map(device, shape, type, 0).detach();
        return form switch
        {
            Alone => new([x, first.weight, first.bias!], () => [NormedRelu.Of(first, x)], [upstream], Watched(first)),
            Added => new([x, first.weight, first.bias!, other], () => [NormedRelu.Of(first, x, other)], [upstream], Watched(first)),
            _ => new([x, first.weight, first.bias!, other, second.weight, second.bias!],
                () => [NormedRelu.Of(first, x, second, other)], [upstream], [.. Watched(first), .. Watched(second)]),
        };
    }

    private static BatchNorm2d Norm(Device device, long channels)
    {
        using var quiet = no_grad();
        var norm = nn.BatchNorm2d(channels, device: device);
        norm.weight.copy_(randn(channels));
        norm.bias!.copy_(0.3 * randn(channels));
        return norm;
    }

    private static Tensor[] Watched(BatchNorm2d norm) => [norm.running_mean!, norm.running_var!, norm.num_batches_tracked!];

    // Channels-last, bfloat16's values whatever the type, each channel about a mean of its own.
    private static Tensor Map(Device device, long[] shape, ScalarType type, double shift)
    {
        var map = randn([shape[0], shape[2], shape[3], shape[1]], ScalarType.BFloat16, device);
        if (shift != 0)
            map = map + shift * randn(shape[1], ScalarType.BFloat16, device);
        return map.to(type).permute(0, 3, 1, 2).detach().requires_grad_(true);
    }
}
