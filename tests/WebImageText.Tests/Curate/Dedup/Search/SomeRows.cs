using WebImageText.Curate.Dedup.Search;

namespace WebImageText.Tests.Curate.Dedup.Search;

/// <summary>Random descriptors.</summary>
internal static class SomeRows
{
    public const string Model = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static DescriptorMatrix Of(int count, int dimension, int seed, string model = Model)
    {
        var random = new Random(seed);
        var rows = new float[count * dimension];
        for (var row = 0; row < count; row++)
        {
            var part = rows.AsSpan(row * dimension, dimension);
            for (var k = 0; k < dimension; k++)
                part[k] = random.NextSingle() - 0.5f;
            Normalise(part);
        }
        return new("test rows", model, dimension, rows);
    }

    /// <summary>A copy of a row as an edit would leave it.</summary>
    public static float[] Near(ReadOnlySpan<float> row, float noise, int seed)
    {
        var random = new Random(seed);
        var near = row.ToArray();
        for (var k = 0; k < near.Length; k++)
            near[k] += noise * (random.NextSingle() - 0.5f) / MathF.Sqrt(near.Length);
        Normalise(near);
        return near;
    }

    private static void Normalise(Span<float> row)
    {
        var length = 0f;
        foreach (var value in row)
            length += value * value;
        for (var k = 0; k < row.Length; k++)
            row[k] /= MathF.Sqrt(length);
    }
}
