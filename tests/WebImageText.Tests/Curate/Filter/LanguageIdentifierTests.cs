using System.Text.Json;
using WebImageText.Curate.Filter;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Curate.Filter;

public class LanguageIdentifierTests
{
    private static readonly LanguageIdentifier English = new(["en"]);

    [Theory]
    [InlineData("brambling, Fringilla montifringilla - Eurasian finch")]
    [InlineData("ostrich, Struthio camelus - fast-running African flightless bird with two-toed feet")]
    [InlineData("Café de Flore at night")]
    [InlineData("Mona Lisa by Leonardo da Vinci")]
    [InlineData("a genus of Caprimulgidae")]
    public void A_caption_full_of_names_stays(string caption) => Assert.Null(English.Refuse(caption));

    [Theory]
    [InlineData("写真は古い町の市場で見つけた小さな物を写しています", "Kana")]
    [InlineData("На фотографии показан старый предмет", "Cyrillic")]
    [InlineData("قطة تنام على الأريكة in the living", "Arabic")]
    public void Letters_of_another_script_are_named(string caption, string script) =>
        Assert.Equal($"written in {script} letters", English.Refuse(caption));

    [Fact]
    public void Captions_in_other_languages_are_refused()
    {
        var foreign = Captions.Fitted.Where(caption => caption.Language != "en").ToArray();
        var heldOut = Captions.HeldOut.Where(caption => caption.Language != "en").ToArray();

        var missed = foreign.Where(caption => English.Refuse(caption.Text) is null).ToArray();
        var missedHeldOut = heldOut.Where(caption => English.Refuse(caption.Text) is null).ToArray();

        Assert.True(missed.Length <= 0.01 * foreign.Length, $"kept: {string.Join("; ", missed)}");
        Assert.True(missedHeldOut.Length <= 0.1 * heldOut.Length, $"kept: {string.Join("; ", missedHeldOut)}");
    }

    [Fact]
    public void Few_English_captions_of_names_and_brands_are_refused()
    {
        var named = Captions.Fitted.Concat(Captions.HeldOut).Where(caption => caption.Language == "en").ToArray();

        var refused = named.Where(caption => English.Refuse(caption.Text) is not null).ToArray();

        Assert.True(refused.Length <= 0.15 * named.Length, $"refused: {string.Join("; ", refused)}");
    }

    [Fact]
    public void English_definitions_stay()
    {
        const string Nouns = "/usr/share/wordnet/data.noun";
        if (!File.Exists(Nouns))
            Assert.Skip($"no {Nouns}: install Debian's wordnet-base");
        var glosses = File.ReadLines(Nouns)
            .Where(line => line.Contains(" | "))
            .Select(line => line[(line.IndexOf(" | ", StringComparison.Ordinal) + 3)..].Split(';')[0].Trim())
            .Where((gloss, at) => at % 40 == 0 && gloss.Count(letter => letter == ' ') >= 2)
            .ToArray();

        var refused = glosses.Where(gloss => English.Refuse(gloss) is not null).ToArray();

        Assert.True(glosses.Length > 1_500);
        Assert.True(refused.Length <= 0.002 * glosses.Length, $"refused: {string.Join("; ", refused)}");
    }

    [Fact]
    public void Every_caption_of_the_photo_web_is_judged_right()
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(SharedData.Require("photo-web/expected.json")));
        var captions = expected.RootElement.EnumerateArray()
            .Select(row => (Text: row.GetProperty("text").GetString()!, Status: row.GetProperty("status").GetString()!))
            .Where(row => row.Status is not ("no_text" or "text_too_short"))
            .ToArray();

        var wrong = captions.Where(row => English.Refuse(row.Text) is not null != (row.Status == "language")).ToArray();

        Assert.Equal(6, captions.Count(row => row.Status == "language"));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Another_language_can_be_asked_for()
    {
        var german = new LanguageIdentifier(["de"]);
        var japanese = new LanguageIdentifier(["ja"]);

        Assert.Null(german.Refuse("Eine Katze schläft auf dem Sofa"));
        Assert.NotNull(german.Refuse("the dog sleeps on the couch with a cat"));
        Assert.Null(japanese.Refuse("ソファで眠る猫の写真"));
        Assert.NotNull(japanese.Refuse("Eine Katze schläft auf dem Sofa"));
    }

    [Fact]
    public void An_unknown_language_is_refused_when_it_is_asked_for()
    {
        var refused = Assert.Throws<ArgumentException>(() => new LanguageIdentifier(["en", "xq"]));

        Assert.Contains("'xq'", refused.Message);
    }

    [Fact]
    public void A_book_costs_no_more_than_a_caption() =>
        Assert.Null(English.Refuse(string.Concat(Enumerable.Repeat("the cat sat on the mat 😀 ", 100_000))));
}
