using System.Text;
using WebImageText.Curate.Filter.Scores;

namespace WebImageText.Tests.Curate.Filter;

public class ScoreDescriptionTests
{
    [Theory]
    [InlineData("nsfw", 0.5, 0.51, "unsafe (nsfw 0.51, most 0.5)")]
    [InlineData("watermark", 0.8, 0.9, "low_score (watermark 0.9, most 0.8)")]
    [InlineData("aesthetic", 5, 4.2, "low_score (aesthetic 4.2, least 5)")]
    [InlineData("clip", 0.28, 0.1, "low_score (clip 0.1, least 0.28)")]
    public void A_known_score_has_its_published_limit(string name, double kept, double dropped, string why)
    {
        var description = Parse($$"""{"score": "{{name}}"}""");

        Assert.Null(description.Judge(kept));
        Assert.Equal(why, description.Judge(dropped)?.ToString());
        Assert.NotNull(description.Judge(double.NaN));
    }

    [Fact]
    public void A_given_limit_stands_instead_of_the_published_one()
    {
        var description = Parse("""{"score": "nsfw", "most": 0.1}""");

        Assert.Null(description.Judge(0.1));
        Assert.NotNull(description.Judge(0.3));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"score": "a b"}""")]
    [InlineData("""{"score": "x", "side": 8}""")]
    [InlineData("""{"score": "x", "head": "../head.onnx"}""")]
    [InlineData("""{"score": "x", "text_model": "t.onnx"}""")]
    [InlineData("""{"score": "x", "std": [0, 1, 1]}""")]
    [InlineData("""{"score": "x", "unknown": 1}""")]
    public void A_wrong_description_is_named(string json) =>
        Assert.StartsWith("'f.json' does not describe a score: ", Assert.Throws<InvalidDataException>(() => Parse(json)).Message);

    private static ScoreDescription Parse(string json) => ScoreDescription.Parse(Encoding.UTF8.GetBytes(json), "f.json");
}
