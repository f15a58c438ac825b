using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace WebImageText.Curate.Pixels;

/// <summary>Resizes rasters: rows first, then columns, in fixed point. The vector and the plain code give the same pixels.</summary>
internal static class Resampler
{
    // Between the two passes a sample has 6 bits after the point: room for the overshoot of Lanczos in 16 bits.
    private const int MiddleBits = 6;
    private const int RowShift = 14 - MiddleBits;
    private const int ColumnShift = 14 + MiddleBits;

    // Compiled once and for good: vector code runs ten times slower in the first tier, and the second one counts every branch.
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization;

    /// <summary>The raster at another size.</summary>
    public static Raster Resize(Raster from, int width, int height, Interpolation interpolation) =>
        Resize(from, width, height, interpolation, Avx2.IsSupported);

    internal static Raster Resize(Raster from, int width, int height, Interpolation interpolation, bool vector)
    {
        var rows = Taps.For(from.Height, height, interpolation);
        var columns = Taps.For(from.Width, width, interpolation);
        var pairs = vector ? InPairs(columns) : [];
        var to = new Raster(width, height);
        // The column pass reads pixel pairs, up to a whole stride past the last pixel: those weights are 0.
        var middle = ArrayPool<short>.Shared.Rent(from.RowLength + 3 * columns.Stride + 32);
        try
        {
            Array.Clear(middle);
            for (var y = 0; y < height; y++)
            {
                if (vector)
                {
                    RowVector(from, rows.Starts[y], rows.Of(y), middle);
                    ColumnsVector(middle, columns.Starts, pairs, to.Whole.AsSpan(y * to.RowLength));
                }
                else
                {
                    Row(from, rows.Starts[y], rows.Of(y), middle, 0);
                    Columns(middle, columns, to.Row(y));
                }
            }
            return to;
        }
        finally
        {
            ArrayPool<short>.Shared.Return(middle);
        }
    }

    [MethodImpl(Hot)]
    private static void Row(Raster from, int start, ReadOnlySpan<short> weights, short[] middle, int x)
    {
        for (; x < from.RowLength; x++)
        {
            var sum = 1 << (RowShift - 1);
            for (var tap = 0; tap < weights.Length; tap++)
                if (weights[tap] != 0)
                    sum += weights[tap] * from.Whole[(start + tap) * from.RowLength + x];
            middle[x] = (short)Math.Clamp(sum >> RowShift, short.MinValue, short.MaxValue);
        }
    }

    [MethodImpl(Hot)]
    private static void Columns(short[] middle, Taps columns, Span<byte> to)
    {
        for (var x = 0; x < columns.Starts.Length; x++)
        {
            var weights = columns.Of(x);
            for (var band = 0; band < 3; band++)
            {
                var sum = 1 << (ColumnShift - 1);
                for (var tap = 0; tap < weights.Length; tap++)
                    sum += weights[tap] * middle[3 * (columns.Starts[x] + tap) + band];
                to[3 * x + band] = (byte)Math.Clamp(sum >> ColumnShift, 0, 255);
            }
        }
    }

    // 16 samples of two rows at a time, multiplied and added in pairs.
    [MethodImpl(Hot)]
    private static void RowVector(Raster from, int start, ReadOnlySpan<short> weights, short[] middle)
    {
        var length = from.RowLength;
        ref var first = ref from.Whole[start * length];
        ref var target = ref MemoryMarshal.GetArrayDataReference(middle);
        var used = weights.Length;
        while (used > 0 && weights[used - 1] == 0)
            used--;
        var pairs = MemoryMarshal.Cast<short, int>(weights)[..((used + 1) / 2)];
        var round = Vector256.Create(1 << (RowShift - 1));
        var x = 0;
        for (; x + 16 <= length; x += 16)
        {
            var (low, high) = (round, round);
            for (var at = 0; at < pairs.Length; at++)
            {
                var (upper, lower) = (2 * at, Math.Min(2 * at + 1, used - 1)); // a missing partner has weight 0
                var a = Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref first, (nuint)(upper * length + x)));
                var b = Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref first, (nuint)(lower * length + x)));
                var pair = Vector256.Create(pairs[at]).AsInt16();
                low += Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(a, b), pair);
                high += Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(a, b), pair);
            }
            Avx2.PackSignedSaturate(low >> RowShift, high >> RowShift).StoreUnsafe(ref target, (nuint)x);
        }
        Row(from, start, weights, middle, x);
    }

    // Four pixels at a time: their reds, greens and blues side by side, multiplied and added in pairs.
    [MethodImpl(Hot)]
    private static void ColumnsVector(short[] middle, int[] starts, Vector256<short>[] weights, Span<byte> to)
    {
        var byBand = Vector256.Create(
            (byte)0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11, 255, 255, 255, 255, 0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11, 255, 255, 255, 255);
        var round = Vector128.Create(1 << (ColumnShift - 1));
        var groups = weights.Length / starts.Length;
        ref var source = ref MemoryMarshal.GetArrayDataReference(middle);
        ref var weight = ref MemoryMarshal.GetArrayDataReference(weights);
        ref var target = ref MemoryMarshal.GetReference(to);
        for (var x = 0; x < starts.Length; x++)
        {
            ref var at = ref Unsafe.Add(ref source, 3 * starts[x]);
            var sums = Vector256<int>.Zero;
            for (var group = 0; group < groups; group++)
            {
                var pixels = Vector256.Create(Vector128.LoadUnsafe(ref at), Vector128.LoadUnsafe(ref at, 6));
                sums += Avx2.MultiplyAddAdjacent(Avx2.Shuffle(pixels.AsByte(), byBand).AsInt16(), weight);
                at = ref Unsafe.Add(ref at, 12);
                weight = ref Unsafe.Add(ref weight, 1);
            }
            var sum = (sums.GetLower() + sums.GetUpper() + round) >> ColumnShift;
            var words = Sse2.PackSignedSaturate(sum, sum);
            // Writes one byte more than the pixel: the next pixel, the next row or the raster's slack.
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, 3 * x), Sse2.PackUnsignedSaturate(words, words).AsInt32().ToScalar());
        }
    }

    // The weights of four pixels, as the pixels are laid out: a pair for each band of two, twice.
    private static Vector256<short>[] InPairs(Taps columns)
    {
        var groups = (columns.Stride + 3) / 4;
        var pairs = new Vector256<short>[columns.Starts.Length * groups];
        for (var x = 0; x < columns.Starts.Length; x++)
        {
            var weights = MemoryMarshal.Cast<short, int>(columns.Of(x));
            for (var group = 0; group < groups; group++)
                pairs[x * groups + group] = Vector256.Create(
                    Vector128.Create(weights[2 * group]),
                    Vector128.Create(2 * group + 1 < weights.Length ? weights[2 * group + 1] : 0)).AsInt16();
        }
        return pairs;
    }
}
