using NetVips;
using WebImageText.Curate.Pixels;

namespace WebImageText.Tests.Pixels;

public sealed class CentreReaderTests
{
    [Theory]
    [InlineData(100, 40, 20)]
    [InlineData(41, 97, 20)]
    [InlineData(20, 20, 20)]
    [InlineData(7, 9, 20)]
    public void The_square_in_the_middle_of_the_resized_picture_is_read(int width, int height, int side)
    {
        var picture = Ramp(width, height);
        var square = new byte[3 * side * side];

        Assert.Null(new CentreReader(side).Read(picture.PngsaveBuffer(), square));

        // Red grows from left to right: the middle column shows the middle of the picture, whichever side is the longer.
        var shown = Math.Min(width, height);
        var (first, last) = (square[0], square[3 * (side - 1)]);
        var perPixel = 250.0 / Math.Max(1, width - 1);
        Assert.InRange((first + last) / 2.0, 125 - 2 - perPixel, 125 + 2 + perPixel);
        Assert.InRange(last - first, perPixel * (shown - 1 - 2 * (double)shown / side) - 3, perPixel * shown + 3);
    }

    [Fact]
    public void A_JPEG_is_decoded_in_full_before_it_is_made_small()
    {
        // Columns of black and white, one pixel each: a decoder that shrinks may give anything, the filter gives their mean.
        var stripes = new byte[3 * 640 * 640];
        for (var at = 0; at < stripes.Length; at++)
            stripes[at] = (byte)(at / 3 % 2 * 255);
        var square = new byte[3 * 32 * 32];

        new CentreReader(32).Read(Image.NewFromMemory(stripes, 640, 640, 3, Enums.BandFormat.Uchar).JpegsaveBuffer(q: 100), square);

        Assert.InRange(square.Average(value => value), 125, 130);
        Assert.InRange(square.Max() - square.Min(), 0, 12);
    }

    [Fact]
    public void What_is_no_picture_or_has_too_many_pixels_is_refused()
    {
        var square = new byte[3 * 8 * 8];

        Assert.Equal(DropReason.NotAnImage, new CentreReader(8).Read("none"u8.ToArray(), square)!.Reason);
        Assert.Equal(DropReason.TooManyPixels, new CentreReader(8, maxPixels: 99).Read(Ramp(10, 10).PngsaveBuffer(), square)!.Reason);
        Assert.Equal(DropReason.TooManyPixels, new CentreReader(8, maxPixels: 2_000).Read(Ramp(900, 2).PngsaveBuffer(), square)!.Reason);
    }

    private static Image Ramp(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (var at = 0; at < pixels.Length; at += 3)
            pixels[at] = (byte)(250.0 * (at / 3 % width) / Math.Max(1, width - 1));
        return Image.NewFromMemory(pixels, width, height, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
    }
}
