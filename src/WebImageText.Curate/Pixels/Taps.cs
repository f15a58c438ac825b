namespace WebImageText.Curate.Pixels;

/// <summary>For every output pixel of one axis, which input pixels count and how much.</summary>
/// <remarks>
/// Weights are 14-bit fixed point and sum to 1 exactly, so the result is the same on every machine. When an axis shrinks, the
/// filter widens with it: every input pixel counts, and nothing aliases. Pixel centres lie at halves.
/// </remarks>
internal sealed class Taps
{
    /// <summary>1.0.</summary>
    public const int One = 1 << 14;

    private readonly short[] _weights;

    private Taps(int outputs, int stride) => (Starts, Stride, _weights) = (new int[outputs], stride, new short[outputs * stride]);

    /// <summary>First input pixel of each output pixel.</summary>
    public int[] Starts { get; }

    /// <summary>Input pixels that each output pixel reads; even. The last weights may be 0.</summary>
    public int Stride { get; }

    /// <summary>The weights of one output pixel.</summary>
    public ReadOnlySpan<short> Of(int output) => _weights.AsSpan(output * Stride, Stride);

    /// <summary>The taps of an axis that goes from one length to another.</summary>
    public static Taps For(int inputs, int outputs, Interpolation interpolation)
    {
        var kernel = Kernels[(int)interpolation];
        var radius = Radius(interpolation);
        var step = (double)inputs / outputs;
        var widen = interpolation == Interpolation.Nearest ? 1 : Math.Max(1, step);
        var reach = radius * widen;
        var taps = new Taps(outputs, ((int)Math.Ceiling(2 * reach) + 2) / 2 * 2);
        var exact = new double[taps.Stride];
        for (var output = 0; output < outputs; output++)
        {
            var centre = (output + 0.5) * step;
            var first = Math.Max(0, (int)Math.Floor(centre - reach + 0.5));
            var last = Math.Min(inputs, (int)Math.Floor(centre + reach + 0.5));
            if (interpolation == Interpolation.Nearest || last <= first)
                (first, last) = (Math.Min((int)centre, inputs - 1), Math.Min((int)centre, inputs - 1) + 1);
            var sum = 0.0;
            for (var input = first; input < last; input++)
                sum += exact[input - first] = interpolation == Interpolation.Area
                    ? Overlap(input, centre - widen / 2, centre + widen / 2)
                    : last - first == 1 ? 1 : At(kernel, (input + 0.5 - centre) / widen);
            taps.Set(output, first, exact.AsSpan(0, last - first), sum);
        }
        return taps;
    }

    private void Set(int output, int first, ReadOnlySpan<double> exact, double sum)
    {
        Starts[output] = first;
        var weights = _weights.AsSpan(output * Stride, Stride);
        var (total, largest) = (0, 0);
        for (var at = 0; at < exact.Length; at++)
        {
            weights[at] = (short)Math.Round(exact[at] / sum * One);
            total += weights[at];
            largest = weights[at] > weights[largest] ? at : largest;
        }
        weights[largest] += (short)(One - total);
    }

    private static double Overlap(int pixel, double from, double to) => Math.Max(0, Math.Min(pixel + 1, to) - Math.Max(pixel, from));

    // Each filter's right half, sampled finely: between samples a line is as good as the filter in 14 bits.
    private const int Fineness = 1024;

    private static readonly double[][] Kernels = [.. Enum.GetValues<Interpolation>().Select(Sampled)];

    private static double[] Sampled(Interpolation interpolation) =>
        [.. Enumerable.Range(0, Radius(interpolation) * Fineness + 2).Select(step => Kernel(interpolation, step / (double)Fineness))];

    private static double At(double[] kernel, double x)
    {
        var place = Math.Abs(x) * Fineness;
        var low = (int)place;
        return low + 1 < kernel.Length ? kernel[low] + (kernel[low + 1] - kernel[low]) * (place - low) : 0;
    }

    private static int Radius(Interpolation interpolation) => interpolation switch
    {
        Interpolation.Cubic => 2,
        Interpolation.Lanczos => 3,
        _ => 1,
    };

    private static double Kernel(Interpolation interpolation, double x) => interpolation switch
    {
        Interpolation.Linear => Math.Max(0, 1 - x),
        Interpolation.Cubic => x switch // Keys 1981, a = -0.5
        {
            < 1 => (1.5 * x - 2.5) * x * x + 1,
            < 2 => ((-0.5 * x + 2.5) * x - 4) * x + 2,
            _ => 0,
        },
        Interpolation.Lanczos => x < 3 ? Sinc(x) * Sinc(x / 3) : 0,
        _ => 1,
    };

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
