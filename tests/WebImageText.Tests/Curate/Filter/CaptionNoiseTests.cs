using System.Diagnostics;
using WebImageText.Curate.Filter;

namespace WebImageText.Tests.Curate.Filter;

public class CaptionNoiseTests
{
    [Theory]
    [InlineData("IMG_2041.JPG")]
    [InlineData("DSC 0123 copy.jpg")]
    [InlineData("WhatsApp Image 2021-03-04 at 10.12.13.jpeg")]
    [InlineData("Screen Shot 2019-01-02 at 3.04.05 PM")]
    [InlineData("1234567_890")]
    [InlineData("3f9a8b7c6d5e4f10")]
    [InlineData("red-shoes-side-view.webp")]
    public void The_name_of_a_file_is_no_caption(string text) => Assert.True(CaptionNoise.IsFileName(text));

    [Theory]
    [InlineData("a red car outside")]
    [InlineData("Photo of the 1990 world cup")]
    [InlineData("Image of a house by the sea.")]
    [InlineData("Scan of a letter from 1912")]
    [InlineData("the old wok pan.jpg")]
    [InlineData("Boeing 747-400 at Heathrow")]
    [InlineData("")]
    public void A_caption_is_not_taken_for_the_name_of_a_file(string text) => Assert.False(CaptionNoise.IsFileName(text));

    [Theory]
    [InlineData("Click to enlarge")]
    [InlineData("  CLICK ON IMAGE TO ENLARGE!  ")]
    [InlineData("No image available.")]
    [InlineData("This image has an empty alt attribute; its file name is dog.jpg")]
    public void A_phrase_of_a_page_builder_is_no_caption(string text) => Assert.True(CaptionNoise.IsBoilerplate(text));

    [Theory]
    [InlineData("A man about to click to enlarge a photo")]
    [InlineData("a dog")]
    public void A_caption_that_holds_such_a_phrase_stays(string text) => Assert.False(CaptionNoise.IsBoilerplate(text));

    [Fact]
    public void Hostile_texts_take_no_time()
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var text in new[] { "img " + new string('x', 150), "img" + string.Concat(Enumerable.Repeat("at am pm ", 16)) + "!", new string('a', 150) + "-" })
            Assert.False(CaptionNoise.IsFileName(text));
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void The_judge_calls_them_no_text_unless_they_are_asked_for()
    {
        Candidate candidate = new()
        {
            Image = WebAddress.Parse("http://example.test/a.jpg"),
            Provider = "pages",
            Texts = [new(TextSource.Alt, "Click on image to enlarge")],
        };

        Assert.Equal("no_text (a phrase of a page builder)", new TextJudge(new()).Judge(candidate)?.ToString());
        Assert.Null(new TextJudge(new() { DropBoilerplate = false }).Judge(candidate));
    }
}
