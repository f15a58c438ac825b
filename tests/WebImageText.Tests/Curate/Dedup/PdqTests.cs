using System.Buffers;
using System.Numerics;
using WebImageText.Curate.Dedup;
using WebImageText.Curate.Pixels;
using WebImageText.Tests.Curate.Pixels;

namespace WebImageText.Tests.Curate.Dedup;

public class PdqTests
{
    // Hashes and qualities that the reference implementation in C++ gives for the same pixels.
    [Theory]
    [InlineData(0, 500, 375, 100, "d8d50898bd67e3eadf36ea62137d03585ea4b03a23713f4a2494dcbe57d402a9")]
    [InlineData(3, 129, 77, 100, "4b469d90626f626f9d909d90623dbd91623d3eb9623e623862fd62f963466326")]
    [InlineData(4, 1024, 768, 100, "a67f0fe5184267102a5b48ecf39aa2b08dd2dd5cdf522af4df5111e38a058a9f")]
    [InlineData(5, 37, 200, 100, "55568a2875d6861879e3451665964d144514cf3c71c775c775d7551675d65596")]
    [InlineData(6, 333, 512, 100, "4eca6a5157a6a3c8ada72bc6bc349f8925ab70ea5e521eceab7761ae34d40881")]
    [InlineData(7, 128, 2049, 100, "de0df9930e9d1d2fb72cfa4261a2de0b23f2acb0e262fc8215eaf240bdb14a58")]
    public void The_hash_is_the_reference_implementation_s(int seed, int width, int height, int quality, string hash)
    {
        using var raster = Pattern(seed, width, height);

        var pdq = Pdq.Of(raster);

        Assert.Equal((hash, quality), (pdq.Hash.ToString(), pdq.Quality));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 2)]
    [InlineData(5, 4)]
    [InlineData(6, 6)]
    [InlineData(7, 7)]
    [InlineData(8, 5)]
    public void Each_view_is_the_hash_of_the_picture_turned_so(int orientation, int view)
    {
        foreach (var (width, height) in new[] { (500, 375), (512, 512), (129, 300) })
        {
            using var picture = Pattern(orientation, width, height);
            using var turned = Upright.Turn(Pattern(orientation, width, height), orientation);

            // Sums are added in another order: a coefficient next to the median may change sides, and another with it.
            Assert.InRange(Pdq.Of(turned).Hash.Distance(Pdq.Views(picture)[view]), 0, 2);
        }
    }

    [Fact]
    public void The_hash_follows_from_the_text_of_the_algorithm()
    {
        using var raster = Pattern(3, 129, 77);

        Assert.InRange(Pdq.Of(raster).Hash.Distance(SlowPdq(raster)), 0, 2);
    }

    [Fact]
    public void A_picture_without_features_has_no_quality()
    {
        using var flat = new Raster(300, 200);
        flat.Pixels.Fill(90);
        using var tiny = Pattern(2, 4, 300);

        Assert.Equal(0, Pdq.Of(flat).Quality);
        Assert.Equal((0, default), (Pdq.Of(tiny).Quality, Pdq.Of(tiny).Hash));
    }

    [Fact]
    public void What_others_left_in_a_pooled_buffer_does_not_count()
    {
        // Rows of whole vectors: the float after the last pixel is nobody's.
        using var raster = Pattern(1, 512, 300);
        var hash = Pdq.Of(raster).Hash;
        var left = ArrayPool<float>.Shared.Rent(raster.RowLength + Vector<byte>.Count);
        left.AsSpan().Fill(float.NaN);
        ArrayPool<float>.Shared.Return(left);

        Assert.Equal(hash, Pdq.Of(raster).Hash);
    }

    private static Raster PictureOf(byte[] bytes) =>
        Assert.IsType<Decoded.Picture>(new PictureDecoder(new ImageOptions()).Decode(bytes)).Raster;

    private static Raster Pattern(int seed, int width, int height)
    {
        var raster = new Raster(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < 3; c++)
                {
                    var block = (uint)(x / (7 + seed)) * 73856093u ^ (uint)(y / (5 + c)) * 19349663u ^ (uint)seed * 83492791u;
                    raster.Pixels[3 * (y * width + x) + c] = (byte)((block >> 13 & 127) + ((uint)(x * (c + 1) + y * (3 - c)) >> 2));
                }
        return raster;
    }

    // The published steps one after the other, in double precision.
    private static PdqHash SlowPdq(Raster raster)
    {
        var (width, height) = (raster.Width, raster.Height);
        var plane = new double[height, width];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var pixel = raster.Row(y)[(3 * x)..];
                plane[y, x] = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
            }
        for (var pass = 0; pass < 2; pass++)
            plane = Boxed(Boxed(plane, (width + 127) / 128, down: false), (height + 127) / 128, down: true);
        var spectrum = new double[256];
        for (var i = 0; i < 16; i++)
            for (var j = 0; j < 16; j++)
                for (var y = 0; y < 64; y++)
                    for (var x = 0; x < 64; x++)
                        spectrum[16 * i + j] += plane[(int)((y + 0.5) * height / 64), (int)((x + 0.5) * width / 64)]
                            * Math.Cos(Math.PI / 128 * (i + 1) * (2 * y + 1)) * Math.Cos(Math.PI / 128 * (j + 1) * (2 * x + 1));
        var median = spectrum.Order().ElementAt(127);
        var words = new ulong[4];
        for (var bit = 0; bit < 256; bit++)
            words[bit / 64] |= spectrum[bit] > median ? 1UL << bit % 64 : 0;
        return new(words[3], words[2], words[1], words[0]);
    }

    private static double[,] Boxed(double[,] plane, int window, bool down)
    {
        var (height, width) = (plane.GetLength(0), plane.GetLength(1));
        var result = new double[height, width];
        var (before, after) = (window - (window + 2) / 2, (window + 2) / 2 - 1);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (at, last) = down ? (y, height - 1) : (x, width - 1);
                var (from, to) = (Math.Max(0, at - before), Math.Min(last, at + after));
                for (var other = from; other <= to; other++)
                    result[y, x] += (down ? plane[other, x] : plane[y, other]) / (to - from + 1);
            }
        return result;
    }
}
