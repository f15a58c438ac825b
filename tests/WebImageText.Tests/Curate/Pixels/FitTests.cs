using CsCheck;
using WebImageText.Curate.Pixels;

namespace WebImageText.Tests.Curate.Pixels;

public class FitTests
{
    // Sizes as img2dataset's resizer gives them.
    [Theory]
    [InlineData(ResizeMode.No, 256, false, 1000, 333, 1000, 333)]
    [InlineData(ResizeMode.KeepRatio, 256, true, 500, 375, 341, 256)]
    [InlineData(ResizeMode.KeepRatio, 256, true, 200, 150, 200, 150)]
    [InlineData(ResizeMode.KeepRatio, 256, false, 200, 150, 341, 256)]
    [InlineData(ResizeMode.KeepRatioLargest, 256, true, 500, 375, 256, 192)]
    [InlineData(ResizeMode.KeepRatioLargest, 512, true, 500, 375, 500, 375)]
    [InlineData(ResizeMode.Border, 256, true, 500, 375, 256, 256)]
    [InlineData(ResizeMode.Border, 256, true, 200, 150, 200, 150)]
    [InlineData(ResizeMode.Border, 256, false, 200, 150, 256, 256)]
    [InlineData(ResizeMode.CenterCrop, 256, true, 500, 375, 256, 256)]
    [InlineData(ResizeMode.CenterCrop, 256, true, 240, 900, 240, 900)]
    public void Sizes_are_img2dataset_s(ResizeMode mode, int size, bool onlyIfBigger, int width, int height, int toWidth, int toHeight)
    {
        var fit = Fit.Of(width, height, new ImageOptions { ResizeMode = mode, Size = size, ResizeOnlyIfBigger = onlyIfBigger });

        Assert.Equal((toWidth, toHeight), (fit.StoredWidth, fit.StoredHeight));
    }

    [Fact]
    public void A_border_lies_evenly_and_a_crop_takes_the_middle()
    {
        var border = Fit.Of(500, 375, new ImageOptions { ResizeMode = ResizeMode.Border, Size = 256 });
        var crop = Fit.Of(500, 375, new ImageOptions { ResizeMode = ResizeMode.CenterCrop, Size = 256 });

        Assert.Equal((256, 192, 0, 32), (border.Width, border.Height, border.Left, border.Top));
        Assert.Equal((341, 256, -42, 0), (crop.Width, crop.Height, crop.Left, crop.Top));
    }

    [Fact]
    public void Shrinking_while_decoding_leaves_half_of_the_way_to_the_resampler() =>
        Gen.Select(Gen.Int[1, 20_000], Gen.Int[1, 20_000], Gen.Int[1, 1024], Gen.Enum<ResizeMode>()).Sample((width, height, size, mode) =>
        {
            var options = new ImageOptions { Size = size, ResizeMode = mode };
            var (shrink, fit) = (Fit.Shrink(width, height, options), Fit.Of(width, height, options));
            return shrink == 1 || width / shrink >= 2 * fit.Width - 1 && height / shrink >= 2 * fit.Height - 1;
        });

    [Fact]
    public void Border_and_crop_store_what_they_say()
    {
        using var scene = OddImages.Scene(600, 300);
        foreach (var mode in new[] { ResizeMode.Border, ResizeMode.CenterCrop })
        {
            var judge = new ImageJudge(new ImageOptions { ResizeMode = mode, Size = 256 });

            var kept = Assert.IsType<ImageVerdict.Kept>(judge.Judge(OddImages.Jpeg(scene)));

            Assert.Equal((256, 256), (kept.Facts.Width, kept.Facts.Height));
            Assert.Equal(mode == ResizeMode.Border, OddImages.Near(OddImages.Corner(kept.Stored, 0), (255, 255, 255), 3));
        }
    }
}
