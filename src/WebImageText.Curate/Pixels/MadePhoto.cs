namespace WebImageText.Curate.Pixels;

/// <summary>
/// JPEG files that cost a decoder what a photograph costs it: noise whose strength falls with its frequency, as in photographs,
/// with soft colours. For benchmarks and tests on machines that have no photographs.
/// </summary>
public static class MadePhoto
{
    // Strength of the finest noise, and by how much each coarser octave is stronger: near 110 kB for 0.2 Mpx at quality 92.
    private const float Finest = 8, Growth = 1.55f;
    private const int Quality = 92;

    /// <summary>The picture of a seed: the same one on every machine with the same encoder.</summary>
    /// <param name="seed">Which picture.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    public static byte[] Jpeg(int seed, int width, int height)
    {
        var random = new Random(seed);
        var light = Noise(random, width, height, finest: 1);
        var (warm, green) = (Noise(random, width, height, finest: 16), Noise(random, width, height, finest: 16));
        using var raster = new Raster(width, height);
        var pixels = raster.Pixels;
        for (var at = 0; at < width * height; at++)
        {
            var (grey, red, blue) = (118 + light[at], 0.3f * warm[at], 0.2f * green[at]);
            pixels[3 * at] = (byte)Math.Clamp(grey + red, 0, 255);
            pixels[3 * at + 1] = (byte)Math.Clamp(grey - blue, 0, 255);
            pixels[3 * at + 2] = (byte)Math.Clamp(grey - red + blue, 0, 255);
        }
        return Vips.Encode(raster, new ImageOptions { Quality = Quality });
    }

    // From a grid of a few cells, doubled until a cell is a pixel; at each step finer and weaker noise comes on top.
    private static float[] Noise(Random random, int width, int height, int finest)
    {
        var cell = 128;
        var (columns, rows) = (width / cell + 2, height / cell + 2);
        var grid = new float[columns * rows];
        Shake(random, grid, Strength(cell));
        for (; cell > 1; cell /= 2)
        {
            var (wider, higher) = (2 * columns - 1, 2 * rows - 1);
            var finer = new float[wider * higher];
            for (var y = 0; y < higher; y++)
                for (var x = 0; x < wider; x++)
                {
                    var (up, left, down, right) = (y / 2 * columns, x / 2, (y + 1) / 2 * columns, (x + 1) / 2);
                    finer[y * wider + x] = (grid[up + left] + grid[up + right] + grid[down + left] + grid[down + right]) / 4;
                }
            if (cell / 2 >= finest)
                Shake(random, finer, Strength(cell / 2));
            (grid, columns, rows) = (finer, wider, higher);
        }
        var cut = new float[width * height];
        for (var y = 0; y < height; y++)
            grid.AsSpan(y * columns, width).CopyTo(cut.AsSpan(y * width));
        return cut;

        static float Strength(int cell) => Finest * MathF.Pow(Growth, MathF.Log2(cell));
    }

    private static void Shake(Random random, float[] grid, float strength)
    {
        for (var at = 0; at < grid.Length; at++)
            grid[at] += strength * (2 * random.NextSingle() - 1);
    }
}
