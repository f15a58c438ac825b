using CsCheck;
using NetVips;
using WebImageText.Curate.Pixels;

namespace WebImageText.Tests.Curate.Pixels;

public class ResamplerTests
{
    private static readonly Gen<(int Width, int Height, int ToWidth, int ToHeight, Interpolation Filter, int Seed)> Cases = Gen.Select(
        Gen.Int[1, 90], Gen.Int[1, 60], Gen.Int[1, 120], Gen.Int[1, 70], Gen.Enum<Interpolation>(), Gen.Int);

    [Fact]
    public void Vector_and_plain_code_give_the_same_pixels() => Cases.Sample(at =>
    {
        using var from = Noise(at.Width, at.Height, at.Seed);
        using var plain = Resampler.Resize(from, at.ToWidth, at.ToHeight, at.Filter, vector: false);
        using var best = Resampler.Resize(from, at.ToWidth, at.ToHeight, at.Filter);
        return plain.Pixels.SequenceEqual(best.Pixels);
    });

    [Fact]
    public void A_flat_colour_stays_flat() => Cases.Sample(at =>
    {
        using var from = new Raster(at.Width, at.Height);
        from.Pixels.Fill((byte)at.Seed);
        using var to = Resampler.Resize(from, at.ToWidth, at.ToHeight, at.Filter);
        return !to.Pixels.ContainsAnyExcept((byte)at.Seed);
    });

    [Theory]
    [InlineData(Interpolation.Linear, Enums.Kernel.Linear, 1.7, 1.0)]
    [InlineData(Interpolation.Cubic, Enums.Kernel.Cubic, 2.3, 1.0)]
    [InlineData(Interpolation.Lanczos, Enums.Kernel.Lanczos3, 1.9, 1.0)]
    public void Filters_agree_with_libvips(Interpolation filter, Enums.Kernel kernel, double reduce, double tolerance)
    {
        using var scene = OddImages.Scene(380, 285);
        using var from = ToRaster(scene);
        var (width, height) = ((int)Math.Round(380 / reduce), (int)Math.Round(285 / reduce));
        using var expected = scene.Resize(width / 380.0, vscale: height / 285.0, kernel: kernel);

        using var to = Resampler.Resize(from, expected.Width, expected.Height, filter);

        using var got = Image.NewFromMemory(to.Pixels.ToArray(), to.Width, to.Height, 3, Enums.BandFormat.Uchar);
        Assert.InRange((got - expected).Abs().Avg(), 0, tolerance);
    }

    [Fact]
    public void Area_is_the_average_of_what_a_pixel_covers()
    {
        using var scene = OddImages.Scene(384, 282);
        using var from = ToRaster(scene);
        using var expected = scene.Shrink(3, 3);

        using var to = Resampler.Resize(from, 128, 94, Interpolation.Area);

        using var got = Image.NewFromMemory(to.Pixels.ToArray(), to.Width, to.Height, 3, Enums.BandFormat.Uchar);
        Assert.InRange((got - expected).Abs().Max(), 0, 1);
    }

    [Fact]
    public void Fine_stripes_become_grey_when_they_shrink()
    {
        using var stripes = new Raster(600, 400);
        for (var y = 0; y < 400; y++)
            for (var x = 0; x < 600; x++)
                stripes.Row(y).Slice(3 * x, 3).Fill((byte)(x % 2 == 0 ? 255 : 0));
        foreach (var filter in new[] { Interpolation.Area, Interpolation.Linear, Interpolation.Cubic, Interpolation.Lanczos })
        {
            using var small = Resampler.Resize(stripes, 170, 113, filter);
            Assert.All(small.Pixels[(3 * 170 * 50)..(3 * 170 * 51)].ToArray()[30..^30], value => Assert.InRange(value, 96, 160));
        }
    }

    private static Raster Noise(int width, int height, int seed)
    {
        var raster = new Raster(width, height);
        new Random(seed).NextBytes(raster.Pixels);
        return raster;
    }

    private static Raster ToRaster(Image image)
    {
        var raster = new Raster(image.Width, image.Height);
        image.WriteToMemory<byte>().CopyTo(raster.Pixels);
        return raster;
    }
}
