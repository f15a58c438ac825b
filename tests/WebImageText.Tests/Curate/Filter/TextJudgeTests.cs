using WebImageText.Curate.Filter;

namespace WebImageText.Tests.Curate.Filter;

public class TextJudgeTests
{
    private static readonly TextJudge Default = new(new TextOptions());

    [Fact]
    public void A_candidate_without_text_has_no_text()
    {
        Assert.Equal(DropReason.NoText, Default.Judge(Candidate())?.Reason);
        Assert.Equal(DropReason.NoText, Default.Judge(Candidate(" "))?.Reason);
    }

    [Theory]
    [InlineData("dumb")]
    [InlineData("red car")]
    [InlineData("a b c")]
    [InlineData("写真")]
    public void A_caption_of_two_words_or_five_characters_is_too_short(string text) =>
        Assert.Equal(DropReason.TextTooShort, Default.Judge(Candidate(text))?.Reason);

    [Theory]
    [InlineData("a red car")]
    [InlineData("Wok: pan with a convex bottom")]
    public void A_caption_of_three_words_stays(string text) => Assert.Null(Default.Judge(Candidate(text)));

    [Fact]
    public void Length_is_judged_before_language()
    {
        Assert.Equal(DropReason.TextTooShort, Default.Judge(Candidate("Eine Katze"))?.Reason);
        Assert.Equal(DropReason.Language, Default.Judge(Candidate("写真は古い町の市場で見つけた小さな物を写しています"))?.Reason);
    }

    [Fact]
    public void Upper_limits_hold_where_they_are_set()
    {
        var judge = new TextJudge(new TextOptions { MaxWords = 4, MaxCharacters = 20 });

        Assert.Null(judge.Judge(Candidate("a red car outside")));
        Assert.Equal("text_too_long (5 words, most 4)", judge.Judge(Candidate("a red car is outside"))?.ToString());
        Assert.Equal("text_too_long (21 characters, most 20)", judge.Judge(Candidate("an automobile outside"))?.ToString());
    }

    [Fact]
    public void Characters_are_code_points()
    {
        var judge = new TextJudge(new TextOptions { MinWords = 1, Languages = [] });

        Assert.Equal(DropReason.TextTooShort, judge.Judge(Candidate("😀😀😀😀😀"))?.Reason);
        Assert.Null(judge.Judge(Candidate("😀😀😀😀😀😀")));
    }

    [Fact]
    public void Without_languages_every_language_stays() =>
        Assert.Null(new TextJudge(new TextOptions { Languages = [] }).Judge(Candidate("Eine Katze schläft auf dem Sofa")));

    [Fact]
    public void Only_the_first_text_counts() =>
        Assert.Equal(DropReason.TextTooShort, Default.Judge(Candidate("cat", "a cat that sleeps on the couch"))?.Reason);

    private static Candidate Candidate(params string[] texts) => new()
    {
        Image = WebAddress.Parse("http://example.test/a.jpg"),
        Provider = "pages",
        Texts = [.. texts.Select(text => new ImageText(TextSource.Alt, text))],
    };
}
