using CsCheck;
using WebImageText.Learn.Data;

namespace WebImageText.Learn.Tests.Data;

public sealed class AugmentationTests
{
    [Fact]
    public void Every_crop_lies_inside_the_picture() =>
        Gen.Select(Gen.Int[1, 3_000], Gen.Int[1, 3_000], Gen.Enum<CropMode>(), Gen.Int).Sample((width, height, mode, seed) =>
        {
            var box = new Augmentation { Crop = mode }.Choose(width, height, new((ulong)seed, 0, 0));
            return box is { Left: >= 0, Top: >= 0, Width: > 0, Height: > 0 } && box.Left + box.Width <= width && box.Top + box.Height <= height;
        });

    [Fact]
    public void The_random_crop_keeps_to_its_share_of_the_area()
    {
        var dice = new SeededDice(1, 2, 3);

        var shares = Enumerable.Range(0, 500).Select(_ => new Augmentation().Choose(400, 400, dice))
            .Select(box => box.Width * box.Height / 160_000.0).ToList();

        Assert.All(shares, share => Assert.InRange(share, 0.89, 1));
        Assert.InRange(shares.Average(), 0.92, 0.97);
    }

    [Fact]
    public void Turning_the_hue_by_a_third_makes_red_green_and_grey_stays_grey()
    {
        Augmentation augmentation = new() { GreyShare = 1 };
        byte[] pixels = [255, 0, 0, 10, 10, 10];

        ColourChange.Apply(augmentation, new(1, 1, 1), pixels);

        Assert.Equal([76, 76, 76, 10, 10, 10], pixels); // Rec. 601: 0.299 of 255
    }
}
