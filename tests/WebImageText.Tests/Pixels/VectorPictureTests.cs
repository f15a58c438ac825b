using WebImageText.Curate.Pixels;

namespace WebImageText.Tests.Pixels;

public class VectorPictureTests
{
    private const string Flag = """
        <svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>
        <rect width='20' height='20' fill='#ff0000'/><rect x='20' width='20' height='20' fill='#0000ff' fill-opacity='0'/></svg>
        """;

    [Theory]
    [InlineData(DrawnFormat.Jpeg, "jpegload")]
    [InlineData(DrawnFormat.Png, "pngload")]
    [InlineData(DrawnFormat.WebP, "webpload")]
    [InlineData(DrawnFormat.LosslessWebP, "webpload")]
    public void It_draws_on_white_in_every_format(DrawnFormat format, string loader)
    {
        using var picture = NetVips.Image.NewFromBuffer(VectorPicture.Render(Flag, format, quality: 95));

        Assert.StartsWith(loader, (string)picture.Get("vips-loader"));
        Assert.Equal((40, 20, 3), (picture.Width, picture.Height, picture.Bands));
        Assert.Equal([254, 0, 0], picture.Getpoint(5, 10), (a, b) => Math.Abs(a - b) < 4);
        Assert.Equal([255, 255, 255], picture.Getpoint(35, 10), (a, b) => Math.Abs(a - b) < 4);
    }

    [Fact]
    public void The_same_document_gives_the_same_bytes() =>
        Assert.Equal(VectorPicture.Render(Flag, DrawnFormat.Jpeg), VectorPicture.Render(Flag, DrawnFormat.Jpeg));

    [Fact]
    public void The_drawing_is_scaled()
    {
        using var picture = NetVips.Image.NewFromBuffer(VectorPicture.Render(Flag, DrawnFormat.Png, scale: 2.5));

        Assert.Equal((100, 50), (picture.Width, picture.Height));
    }

    [Fact]
    public void It_draws_though_decoding_blocks_what_is_unsafe()
    {
        NetVips.NetVips.BlockUntrusted = true;

        Assert.NotEmpty(VectorPicture.Render(Flag, DrawnFormat.Png));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<svg")]
    [InlineData("<html><body>no drawing</body></html>")]
    public void What_is_no_drawing_is_refused(string text) =>
        Assert.Equal("svg", Assert.Throws<ArgumentException>(() => VectorPicture.Render(text, DrawnFormat.Png)).ParamName);
}
