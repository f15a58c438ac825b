using System.Text;
using NetVips;
using WebImageText.Curate.Filter;
using WebImageText.Curate.Filter.Scores;
using WebImageText.Curate.Pixels;
using WebImageText.Tests.Curate.Pixels;

namespace WebImageText.Tests.Curate.Filter;

public sealed class ScoreModelTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_picture_over_the_limit_is_dropped_and_its_score_is_told()
    {
        using var filters = new PictureFilters { Scores = [Open("""{"score": "nsfw", "side": 32, "mean": [0, 0, 0], "std": [1, 1, 1]}""")] };
        var judge = new ImageJudge(new ImageOptions(), filters);

        var red = Assert.IsType<ImageVerdict.Dropped>(judge.Judge(Plain(230, 10, 10)));
        var blue = Assert.IsType<ImageVerdict.Kept>(judge.Judge(Plain(10, 10, 230)));

        Assert.Equal("unsafe (nsfw 0.902, most 0.5)", red.Drop.ToString());
        Assert.Equal("""{"nsfw":0.902}""", red.Facts!.Scores);
        Assert.Equal("""{"nsfw":0.0392}""", blue.Facts.Scores);
    }

    [Fact]
    public void A_score_can_be_a_share_of_classes()
    {
        using var filters = new PictureFilters
        {
            Scores = [Open("""{"score": "x", "least": 0.4, "side": 32, "mean": [0, 0, 0], "std": [1, 1, 1], "class": 2, "activation": "softmax"}""")],
        };

        var kept = Assert.IsType<ImageVerdict.Kept>(new ImageJudge(new ImageOptions(), filters).Judge(Plain(0, 0, 255)));

        Assert.Equal("""{"x":0.5761}""", kept.Facts.Scores); // e / (e + 2)
    }

    [Fact]
    public void What_is_no_score_is_refused_by_name()
    {
        Assert.Contains("has no limit", Assert.Throws<InvalidDataException>(() => Open("""{"score": "x"}""")).Message);
        Assert.Contains("is class 7", Assert.Throws<InvalidDataException>(() => Open("""{"score": "nsfw", "class": 7}""")).Message);
        Assert.Throws<FileNotFoundException>(() => Open("""{"score": "nsfw", "head": "head.onnx"}"""));
        Assert.Throws<FileNotFoundException>(() => ScoreModel.Open(Path.Combine(_folder.FullName, "other.onnx")));
        File.WriteAllBytes(Path.Combine(_folder.FullName, "bad.onnx"), [1, 2, 3]);
        File.WriteAllText(Path.Combine(_folder.FullName, "bad.json"), """{"score": "nsfw"}""");
        Assert.Contains("is refused", Assert.Throws<InvalidDataException>(() => ScoreModel.Open(Path.Combine(_folder.FullName, "bad.onnx"))).Message);
    }

    private ScoreModel Open(string json)
    {
        var path = Path.Combine(_folder.FullName, "mean.onnx");
        File.WriteAllBytes(path, MeanOfChannels());
        File.WriteAllText(Path.ChangeExtension(path, ".json"), json);
        return ScoreModel.Open(path);
    }

    private static byte[] Plain(int red, int green, int blue)
    {
        using var image = Image.Black(256, 256).NewFromImage(red, green, blue).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        return image.PngsaveBuffer();
    }

    // An ONNX model: the mean of each channel. Field numbers of onnx.proto3.
    private static byte[] MeanOfChannels() =>
    [
        .. Number(1, 8), .. Part(8, Number(2, 13)),
        .. Part(7,
        [
            .. Part(1, [.. Text(1, "image"), .. Text(2, "pooled"), .. Text(4, "GlobalAveragePool")]),
            .. Part(1, [.. Text(1, "pooled"), .. Text(2, "score"), .. Text(4, "Flatten")]),
            .. Text(2, "mean"), .. Part(11, Value("image", 4)), .. Part(12, Value("score", 2)),
        ]),
    ];

    private static byte[] Value(string name, int rank) =>
        [.. Text(1, name), .. Part(2, Part(1, [.. Number(1, 1), .. Part(2, [.. Enumerable.Range(0, rank).SelectMany(at => Part(1, Text(2, $"{name}{at}")))])]))];

    private static byte[] Text(int field, string text) => Part(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Number(int field, int value) => [(byte)(field << 3), (byte)value];

    private static byte[] Part(int field, byte[] content) => content.Length < 128
        ? [(byte)(field << 3 | 2), (byte)content.Length, .. content]
        : [(byte)(field << 3 | 2), (byte)(content.Length & 127 | 128), (byte)(content.Length >> 7), .. content];
}
