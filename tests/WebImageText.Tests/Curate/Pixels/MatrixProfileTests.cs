using NetVips;
using WebImageText.Curate.Pixels;

namespace WebImageText.Tests.Curate.Pixels;

public class MatrixProfileTests
{
    [Fact]
    public void Display_p3_becomes_srgb_as_the_colour_engine_does_it()
    {
        var profile = ProfileOf("p3");
        var random = new Random(3);
        using var raster = new Raster(200, 50);
        random.NextBytes(raster.Pixels);
        var samples = raster.Pixels.ToArray();
        using var raw = Image.NewFromMemory(samples, 200, 50, 3, Enums.BandFormat.Uchar);
        using var profiled = raw.Copy(interpretation: Enums.Interpretation.Srgb).Mutate(image => image.Set(GValue.BlobType, "icc-profile-data", profile));
        var expected = profiled.IccTransform("srgb", embedded: true, intent: Enums.Intent.Relative).WriteToMemory<byte>();

        MatrixProfile.Read(profile)!.Apply(raster);

        // The engine goes through Lab in between: it rounds, and cuts colours off a little differently.
        var worst = samples.Select((_, at) => Math.Abs(raster.Pixels[at] - expected[at])).Max();
        Assert.InRange(worst, 0, 2);
        Assert.False(raster.Pixels.SequenceEqual(samples));
    }

    [Fact]
    public void White_grey_and_black_stay_what_they_are()
    {
        using var raster = new Raster(3, 1);
        new byte[] { 255, 255, 255, 128, 128, 128, 0, 0, 0 }.CopyTo(raster.Pixels);

        MatrixProfile.Read(ProfileOf("p3"))!.Apply(raster);

        Assert.Equal(new byte[] { 255, 255, 255, 128, 128, 128, 0, 0, 0 }, raster.Pixels.ToArray());
    }

    [Fact]
    public void Other_and_broken_profiles_are_left_to_the_colour_engine()
    {
        var p3 = ProfileOf("p3");

        Assert.Null(MatrixProfile.Read(ProfileOf("cmyk")));
        Assert.Null(MatrixProfile.Read([]));
        Assert.Null(MatrixProfile.Read(p3.AsSpan(0, 300)));
        for (var cut = 0; cut < p3.Length; cut += 7)
            MatrixProfile.Read(p3.AsSpan(0, cut));
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var broken = (byte[])p3.Clone();
            for (var change = 0; change < 4; change++)
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            if (MatrixProfile.Read(broken) is { } odd)
            {
                using var raster = new Raster(16, 16);
                random.NextBytes(raster.Pixels);
                odd.Apply(raster);
            }
        }
    }

    private static byte[] ProfileOf(string name)
    {
        using var tagged = OddImages.Scene(16, 16).IccTransform(name, inputProfile: "srgb");
        return (byte[])tagged.Get("icc-profile-data");
    }
}
