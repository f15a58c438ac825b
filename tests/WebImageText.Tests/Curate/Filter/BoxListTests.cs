using WebImageText.Curate.Filter;
using WebImageText.Curate.Pixels;
using WebImageText.Tests.Curate.Pixels;

namespace WebImageText.Tests.Curate.Filter;

public sealed class BoxListTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_box_is_blurred_and_the_rest_stays()
    {
        File.WriteAllText(_file, """{"url": "http://a.test:80/1.png", "boxes": [[0.4, 0.4, 0.6, 0.6]]}""");
        var options = new ImageOptions { Format = StoredFormat.Png };
        using var filters = new PictureFilters { Boxes = BoxList.Load(_file) };
        var bytes = OddImages.Scene().PngsaveBuffer();

        var plain = Stored(new ImageJudge(options), "http://a.test/1.png");
        var blurred = Stored(new ImageJudge(options, filters), "http://a.test/1.png");
        var other = Stored(new ImageJudge(options, filters), "http://a.test/2.png");

        Assert.Equal(plain, other);
        using var before = NetVips.Image.NewFromBuffer(plain);
        using var after = NetVips.Image.NewFromBuffer(blurred);
        using var change = (before - after).Abs();
        Assert.Equal(0, change.Crop(0, 0, 60, 60).Max());
        Assert.True(change.Crop(140, 105, 40, 30).Avg() > 3);

        byte[] Stored(ImageJudge judge, string url) => Assert.IsType<ImageVerdict.Kept>(judge.Judge(bytes, new Candidate
        {
            Image = WebAddress.Parse(url),
            Provider = "pages",
        })).Stored.ToArray();
    }

    [Theory]
    [InlineData("""{"url": "http://a.test/1.png"}""")]
    [InlineData("""{"url": "http://a.test/1.png", "boxes": [[0, 0, 1]]}""")]
    [InlineData("""{"url": "http://a.test/1.png", "boxes": [[0, 0, 1, 1.5]]}""")]
    [InlineData("""{"url": "nothing", "boxes": []}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void A_wrong_line_is_named(string line)
    {
        File.WriteAllText(_file, line);

        Assert.StartsWith($"Boxes '{_file}', line 1: ", Assert.Throws<FormatException>(() => BoxList.Load(_file)).Message);
    }
}
