using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace WebImageText.Curate.Dedup.Search;

/// <summary>
/// Dot products of a few rows with a panel of others, in registers: the one place where the time of a search on the processor
/// goes.
/// </summary>
/// <remarks>
/// A panel holds 32 rows turned on their side (number k of all 32, then number k + 1), so that products of different rows lie in
/// different lanes and nothing is ever summed across a vector. 6 rows by 2 vectors are 12 sums: enough to hide the latency of a
/// multiply-add, with one load a vector and one broadcast a row.
/// </remarks>
internal static unsafe class DotTile
{
    /// <summary>Rows on the left.</summary>
    public const int Rows = 6;

    /// <summary>Rows of a panel.</summary>
    public const int Columns = 32;

    /// <summary>Turns rows on their side; a panel that is not full repeats its last row.</summary>
    /// <param name="rows">1 to 32 rows.</param>
    /// <param name="dimension">Numbers in a row.</param>
    /// <param name="panel">32 times <paramref name="dimension"/> numbers.</param>
    public static void Pack(ReadOnlySpan<float> rows, int dimension, Span<float> panel)
    {
        var count = rows.Length / dimension;
        for (var column = 0; column < Columns; column++)
        {
            var row = rows.Slice(Math.Min(column, count - 1) * dimension, dimension);
            for (var k = 0; k < row.Length; k++)
                panel[k * Columns + column] = row[k];
        }
    }

    /// <summary>All 6 by 32 products.</summary>
    /// <param name="rows">6 rows, one after the other.</param>
    /// <param name="panel">As <see cref="Pack"/> makes it.</param>
    /// <param name="dimension">Numbers in a row.</param>
    /// <param name="scores">6 rows of 32.</param>
    public static void Multiply(float* rows, float* panel, int dimension, float* scores)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Wide(rows, panel, dimension, scores);
            return;
        }
        Narrow(rows, panel, dimension, scores);
        Narrow(rows, panel + 16, dimension, scores + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide(float* rows, float* panel, int dimension, float* scores)
    {
        Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
        Vector512<float> d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
        float* a = rows, b = a + dimension, c = b + dimension, d = c + dimension, e = d + dimension, f = e + dimension;
        for (var k = 0; k < dimension; k++, panel += Columns)
        {
            var (left, right) = (Vector512.Load(panel), Vector512.Load(panel + 16));
            var x = Vector512.Create(a[k]);
            (a0, a1) = (Vector512.FusedMultiplyAdd(x, left, a0), Vector512.FusedMultiplyAdd(x, right, a1));
            x = Vector512.Create(b[k]);
            (b0, b1) = (Vector512.FusedMultiplyAdd(x, left, b0), Vector512.FusedMultiplyAdd(x, right, b1));
            x = Vector512.Create(c[k]);
            (c0, c1) = (Vector512.FusedMultiplyAdd(x, left, c0), Vector512.FusedMultiplyAdd(x, right, c1));
            x = Vector512.Create(d[k]);
            (d0, d1) = (Vector512.FusedMultiplyAdd(x, left, d0), Vector512.FusedMultiplyAdd(x, right, d1));
            x = Vector512.Create(e[k]);
            (e0, e1) = (Vector512.FusedMultiplyAdd(x, left, e0), Vector512.FusedMultiplyAdd(x, right, e1));
            x = Vector512.Create(f[k]);
            (f0, f1) = (Vector512.FusedMultiplyAdd(x, left, f0), Vector512.FusedMultiplyAdd(x, right, f1));
        }
        a0.Store(scores);
        a1.Store(scores + 16);
        b0.Store(scores + 32);
        b1.Store(scores + 48);
        c0.Store(scores + 64);
        c1.Store(scores + 80);
        d0.Store(scores + 96);
        d1.Store(scores + 112);
        e0.Store(scores + 128);
        e1.Store(scores + 144);
        f0.Store(scores + 160);
        f1.Store(scores + 176);
    }

    // The same over half a panel, for processors with vectors of 256 bits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(float* rows, float* panel, int dimension, float* scores)
    {
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
        Vector256<float> d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
        float* a = rows, b = a + dimension, c = b + dimension, d = c + dimension, e = d + dimension, f = e + dimension;
        for (var k = 0; k < dimension; k++, panel += Columns)
        {
            var (left, right) = (Vector256.Load(panel), Vector256.Load(panel + 8));
            var x = Vector256.Create(a[k]);
            (a0, a1) = (Vector256.FusedMultiplyAdd(x, left, a0), Vector256.FusedMultiplyAdd(x, right, a1));
            x = Vector256.Create(b[k]);
            (b0, b1) = (Vector256.FusedMultiplyAdd(x, left, b0), Vector256.FusedMultiplyAdd(x, right, b1));
            x = Vector256.Create(c[k]);
            (c0, c1) = (Vector256.FusedMultiplyAdd(x, left, c0), Vector256.FusedMultiplyAdd(x, right, c1));
            x = Vector256.Create(d[k]);
            (d0, d1) = (Vector256.FusedMultiplyAdd(x, left, d0), Vector256.FusedMultiplyAdd(x, right, d1));
            x = Vector256.Create(e[k]);
            (e0, e1) = (Vector256.FusedMultiplyAdd(x, left, e0), Vector256.FusedMultiplyAdd(x, right, e1));
            x = Vector256.Create(f[k]);
            (f0, f1) = (Vector256.FusedMultiplyAdd(x, left, f0), Vector256.FusedMultiplyAdd(x, right, f1));
        }
        a0.Store(scores);
        a1.Store(scores + 8);
        b0.Store(scores + 32);
        b1.Store(scores + 40);
        c0.Store(scores + 64);
        c1.Store(scores + 72);
        d0.Store(scores + 96);
        d1.Store(scores + 104);
        e0.Store(scores + 128);
        e1.Store(scores + 136);
        f0.Store(scores + 160);
        f1.Store(scores + 168);
    }
}
