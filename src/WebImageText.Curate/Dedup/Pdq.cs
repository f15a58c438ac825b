using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using WebImageText.Curate.Pixels;

namespace WebImageText.Curate.Dedup;

/// <summary>The PDQ perceptual hash of a picture, and those of its turns and mirror images.</summary>
/// <remarks>
/// "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", Facebook 2019: luminance, two passes of a box
/// filter, 64x64 samples, 16x16 cosine coefficients, a bit for each above their median. The two passes and the sampling are
/// linear, so here one small matrix an axis does all three; nothing is scaled before. A picture under 5 pixels has quality 0.
/// </remarks>
internal sealed class Pdq
{
    private const int Samples = 64, Coefficients = 16, LeastSide = 5;

    // Row i, column j: coefficient i + 1 of sample j; and the same transposed.
    private static readonly float[] Cosines = Table((coefficient, sample) => coefficient * Samples + sample);
    private static readonly float[] CosinesByColumn = Table((coefficient, sample) => sample * Coefficients + coefficient);

    private readonly float[] _spectrum;

    private Pdq(float[] spectrum, int quality) => (_spectrum, Quality) = (spectrum, quality);

    /// <summary>0-100: how much structure the picture has; below 50 the hash says nothing.</summary>
    public int Quality { get; }

    /// <summary>The hash.</summary>
    public PdqHash Hash => Bits(_spectrum);

    /// <summary>The spectrum of a picture's luminance.</summary>
    public static Pdq Of(Raster raster) => Of(raster, mirrorRows: false, mirrorColumns: false);

    /// <summary>
    /// The hashes of the picture as it is, mirrored left to right, top to bottom and both (turned by 180 degrees), then of these
    /// four with rows and columns swapped: every turn and mirror image.
    /// </summary>
    /// <remarks>
    /// The paper gets all eight from one spectrum by flipping signs. But its samples do not lie symmetrically, so such a hash is
    /// 10 to 28 bits (median over photographs) off the one that the mirrored picture itself has, and up to 64: too far for a limit
    /// of 31. Here each is the hash of the turned picture, at the cost of four spectra.
    /// </remarks>
    public static PdqHash[] Views(Raster raster)
    {
        var views = new PdqHash[8];
        Span<float> swapped = stackalloc float[Coefficients * Coefficients];
        for (var view = 0; view < 4; view++)
        {
            var spectrum = Of(raster, mirrorRows: view >= 2, mirrorColumns: view % 2 == 1)._spectrum;
            for (var at = 0; at < spectrum.Length; at++)
                swapped[at % Coefficients * Coefficients + at / Coefficients] = spectrum[at];
            (views[view], views[view + 4]) = (Bits(spectrum), Bits(swapped));
        }
        return views;
    }

    /// <summary>The hashes of the picture as it is and mirrored left to right: the first two of <see cref="Views"/>.</summary>
    public static PdqHash[] Sides(Raster raster) => [Of(raster).Hash, Of(raster, mirrorRows: false, mirrorColumns: true).Hash];

    private static Pdq Of(Raster raster, bool mirrorRows, bool mirrorColumns)
    {
        if (raster.Width < LeastSide || raster.Height < LeastSide)
            return new(new float[Coefficients * Coefficients], 0);
        var samples = new float[Samples * Samples];
        Reduce(raster, new Axis(raster.Height, mirrorRows), new Axis(raster.Width, mirrorColumns), samples);
        return new(Transform(samples), QualityOf(samples));
    }

    // Box filter twice, then samples: down the rows of all three colours first, then along them, then luminance.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Reduce(Raster raster, Axis rows, Axis columns, Span<float> samples)
    {
        var luminance = Vector128.Create(0.299f, 0.587f, 0.114f, 0);
        var colours = ArrayPool<float>.Shared.Rent(raster.RowLength + Vector<byte>.Count);
        // The last pixel is read with the float after it. It counts nothing, unless it is no number: then nothing is one.
        colours[raster.RowLength] = 0;
        for (var i = 0; i < Samples; i++)
        {
            Blend(raster, rows.Starts[i], rows.Of(i), colours);
            for (var j = 0; j < Samples; j++)
            {
                var sum = Vector128<float>.Zero;
                var weights = columns.Of(j);
                var pixels = colours.AsSpan(3 * columns.Starts[j], 3 * weights.Length + 1);
                for (var tap = 0; tap < weights.Length; tap++)
                    sum += Vector128.LoadUnsafe(ref pixels[3 * tap]) * weights[tap];
                samples[i * Samples + j] = Vector128.Sum(sum * luminance);
            }
        }
        ArrayPool<float>.Shared.Return(colours);
    }

    // The weighted sum of rows; every lane adds in the same order, so the width of the vectors does not matter.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blend(Raster raster, int start, ReadOnlySpan<float> weights, float[] sums)
    {
        var length = raster.RowLength;
        for (var x = 0; x < length; x += Vector<byte>.Count) // the raster has room to read one vector past its end
        {
            var (a, b, c, d) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
            for (var tap = 0; tap < weights.Length; tap++)
            {
                Vector.Widen(new Vector<byte>(raster.Whole, (start + tap) * length + x), out var low, out var high);
                Vector.Widen(low, out var first, out var second);
                Vector.Widen(high, out var third, out var fourth);
                var weight = weights[tap];
                a += Vector.ConvertToSingle(first.As<uint, int>()) * weight;
                b += Vector.ConvertToSingle(second.As<uint, int>()) * weight;
                c += Vector.ConvertToSingle(third.As<uint, int>()) * weight;
                d += Vector.ConvertToSingle(fourth.As<uint, int>()) * weight;
            }
            a.CopyTo(sums, x);
            b.CopyTo(sums, x + Vector<float>.Count);
            c.CopyTo(sums, x + 2 * Vector<float>.Count);
            d.CopyTo(sums, x + 3 * Vector<float>.Count);
        }
    }

    // B = D A Dt, with D the cosine table.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float[] Transform(ReadOnlySpan<float> samples)
    {
        Span<float> half = stackalloc float[Coefficients * Samples];
        half.Clear();
        for (var i = 0; i < Coefficients; i++)
            for (var k = 0; k < Samples; k++)
                AddTimes(half.Slice(i * Samples, Samples), samples.Slice(k * Samples, Samples), Cosines[i * Samples + k]);
        var spectrum = new float[Coefficients * Coefficients];
        for (var i = 0; i < Coefficients; i++)
            for (var k = 0; k < Samples; k++)
                AddTimes(spectrum.AsSpan(i * Coefficients, Coefficients), CosinesByColumn.AsSpan(k * Coefficients, Coefficients),
                    half[i * Samples + k]);
        return spectrum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTimes(Span<float> sums, ReadOnlySpan<float> values, float factor)
    {
        for (var at = 0; at < sums.Length; at += Vector<float>.Count)
            (new Vector<float>(sums[at..]) + new Vector<float>(values[at..]) * factor).CopyTo(sums[at..]);
    }

    // The sum of the steps between neighbours, each in whole hundredths of the full range; scaled by the paper's 90.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int QualityOf(ReadOnlySpan<float> samples)
    {
        var sums = Vector256<int>.Zero;
        for (var at = 0; at + Samples < samples.Length; at += Vector256<float>.Count)
            sums += Steps(samples, at, at + Samples);
        for (var row = 0; row < samples.Length; row += Samples)
        {
            for (var at = row; at + Vector256<float>.Count < row + Samples; at += Vector256<float>.Count)
                sums += Steps(samples, at, at + 1);
            // The last eight, less the one that has no neighbour to its right: the lane that begins with the sample before counts for nothing.
            sums += Steps(samples, row + Samples - Vector256<float>.Count - 1, row + Samples - Vector256<float>.Count) & ButTheFirst;
        }
        var sum = Vector256.Sum(sums);
        return Math.Min(sum / 90, 100);
    }

    private static readonly Vector256<int> ButTheFirst = Vector256.Create(0, -1, -1, -1, -1, -1, -1, -1);

    private static Vector256<int> Steps(ReadOnlySpan<float> samples, int here, int there) => Vector256.Abs(Vector256.ConvertToInt32(
        (Vector256.LoadUnsafe(in samples[here]) - Vector256.LoadUnsafe(in samples[there])) * Vector256.Create(100f) / Vector256.Create(255f)));

    private static PdqHash Bits(ReadOnlySpan<float> spectrum)
    {
        Span<float> sorted = stackalloc float[Coefficients * Coefficients];
        spectrum.CopyTo(sorted);
        sorted.Sort();
        var median = sorted[sorted.Length / 2 - 1];
        Span<ulong> words = stackalloc ulong[4];
        words.Clear();
        for (var bit = 0; bit < spectrum.Length; bit++)
            words[bit / 64] |= spectrum[bit] > median ? 1UL << bit % 64 : 0;
        return new(words[3], words[2], words[1], words[0]);
    }

    private static float[] Table(Func<int, int, int> place)
    {
        var table = new float[Coefficients * Samples];
        var scale = (float)Math.Sqrt(2.0 / Samples);
        for (var i = 0; i < Coefficients; i++)
            for (var j = 0; j < Samples; j++)
                table[place(i, j)] = (float)(scale * Math.Cos(Math.PI / 2 / Samples * (i + 1) * (2 * j + 1)));
        return table;
    }

    /// <summary>For each of 64 samples of an axis, the weights of the pixels that two box filters bring to it.</summary>
    private sealed class Axis
    {
        private readonly int _length, _before, _after, _most;
        private readonly float[] _weights;
        private readonly int[] _counts = new int[Samples];

        /// <param name="length">Pixels.</param>
        /// <param name="isMirrored">The samples are those of the pixels in reverse order.</param>
        public Axis(int length, bool isMirrored)
        {
            // As the reference rounds: a box of 7 reaches 3 and 3 pixels, of 8 reaches 3 and 4; at the borders it is cut.
            var window = (length + 2 * Samples - 1) / (2 * Samples);
            _length = length;
            _after = window / 2;
            _before = window - _after - 1;
            _most = 2 * window - 1;
            _weights = new float[Samples * _most];
            var whole = -1;
            for (var sample = 0; sample < Samples; sample++)
            {
                var centre = (int)((sample + 0.5) * length / Samples);
                var (first, last) = (Math.Max(0, centre - 2 * _before), Math.Min(length - 1, centre + 2 * _after));
                (Starts[sample], _counts[sample]) = (first, last - first + 1);
                var isWhole = _counts[sample] == _most;
                if (isWhole && whole >= 0) // away from the borders all are alike
                    Weights(whole).CopyTo(Weights(sample));
                else
                    Fill(centre, first, Weights(sample));
                whole = isWhole ? sample : whole;
            }
            for (var sample = 0; sample < Samples && isMirrored; sample++)
            {
                Starts[sample] = length - Starts[sample] - _counts[sample];
                Weights(sample).Reverse();
            }
        }

        public int[] Starts { get; } = new int[Samples];

        public ReadOnlySpan<float> Of(int sample) => Weights(sample);

        private Span<float> Weights(int sample) => _weights.AsSpan(sample * _most, _counts[sample]);

        private void Fill(int centre, int first, Span<float> weights)
        {
            var (low, high) = Box(centre);
            for (var middle = low; middle <= high; middle++)
            {
                var (from, to) = Box(middle);
                for (var pixel = from; pixel <= to; pixel++)
                    weights[pixel - first] += 1f / ((high - low + 1) * (to - from + 1));
            }
        }

        private (int Low, int High) Box(int at) => (Math.Max(0, at - _before), Math.Min(_length - 1, at + _after));
    }
}
