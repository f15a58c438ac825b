using System.Text;
using WebImageText.Curate.Pixels;

namespace WebImageText.Tests.Pixels;

public class ThumbnailTests
{
    private const string Drawing =
        "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='150'><circle cx='80' cy='70' r='60' fill='#3a6fd8'/></svg>";

    [Theory]
    [InlineData(DrawnFormat.Jpeg)]
    [InlineData(DrawnFormat.Png)]
    [InlineData(DrawnFormat.WebP)]
    public void A_picture_becomes_smaller(DrawnFormat format)
    {
        var thumbnail = Thumbnail.TryMake(VectorPicture.Render(Drawing, format), 100);

        using var image = NetVips.Image.NewFromBuffer(Assert.IsType<byte[]>(thumbnail));
        Assert.Equal((100, 50), (image.Width, image.Height));
    }

    [Fact]
    public void A_small_picture_keeps_its_size()
    {
        var thumbnail = Thumbnail.TryMake(VectorPicture.Render(Drawing, DrawnFormat.Png), 1_000);

        using var image = NetVips.Image.NewFromBuffer(Assert.IsType<byte[]>(thumbnail));
        Assert.Equal((300, 150), (image.Width, image.Height));
    }

    [Fact]
    public void A_truncated_photo_shows_what_is_left()
    {
        var whole = VectorPicture.Render(Drawing, DrawnFormat.Jpeg);

        Assert.NotNull(Thumbnail.TryMake(whole.AsMemory(0, whole.Length / 2), 100));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<!doctype html><title>no</title>")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><rect width='9' height='9'/></svg>")]
    [InlineData("%PDF-1.7")]
    [InlineData("\u0089PNG\r\n\u001a\n")]
    public void What_is_no_photo_gives_nothing(string bytes) => Assert.Null(Thumbnail.TryMake(Encoding.Latin1.GetBytes(bytes), 100));
}
