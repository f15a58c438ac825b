using System.Text.Json;
using CsCheck;
using WebImageText.Learn.Text;
using WebImageText.Tests.Support;

namespace WebImageText.Learn.Tests.Text;

public sealed class ClipTokenizerTests
{
    private static readonly Lazy<ClipTokenizer> Published =
        new(() => ClipTokenizer.Load(SharedData.Require("clip/bpe_simple_vocab_16e6.txt.gz")));

    [Fact]
    public void The_published_vocabulary_has_49408_tokens() => Assert.Equal(49_408, Published.Value.VocabularySize);

    [Fact]
    public void Tokens_are_those_of_open_clip()
    {
        using var cases = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("clip/parity/tokens.json")));

        Assert.All(cases.RootElement.EnumerateArray(), entry =>
        {
            var expected = entry.GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32());
            Assert.Equal(expected, [Published.Value.StartOfText, .. Published.Value.Encode(entry.GetProperty("text").GetString()!), Published.Value.EndOfText]);
        });
    }

    [Fact]
    public void A_long_text_is_cut_and_still_ends_with_the_end()
    {
        var row = new long[8];

        var used = Published.Value.Encode("one two three four five six seven eight nine", row, out var isCut);

        Assert.True(isCut);
        Assert.Equal(8, used);
        Assert.Equal((49_406, 49_407), (row[0], row[7]));
    }

    [Fact]
    public void A_short_text_is_followed_by_zeros()
    {
        var row = Enumerable.Repeat(-1L, 8).ToArray();

        var used = Published.Value.Encode("A photo of a Dog", row, out var isCut);

        Assert.False(isCut);
        Assert.Equal(7, used);
        Assert.Equal([49_406, 320, 1125, 539, 320, 1929, 49_407, 0], row);
    }

    [Fact]
    public void Decoding_gives_the_clean_text_back() =>
        Assert.Equal("a photo of a dog , running fast !", Published.Value.Decode(Published.Value.Encode("A photo of a dog, running\n fast!")));

    [Theory]
    [InlineData("ΟΔΟΣ ΣΑΣ", "οδος σας")]
    [InlineData("İstanbul", "i\u0307stanbul")]
    [InlineData("“Quoted” ﬁsh ＡＢ", "\"quoted\" fish ab")]
    [InlineData("Tom &amp;amp; Jerry\u00a0\t x", "tom & jerry x")]
    public void Texts_are_cleaned_as_for_open_clip(string text, string expected) => Assert.Equal(expected, CaptionText.Clean(text));

    [Theory]
    [InlineData("𝐀𝐁 letters beyond 16 bits")]
    [InlineData("lone \ud800 surrogate")]
    [InlineData("\0\u0001")]
    [InlineData("")]
    public void Any_text_has_tokens_of_the_vocabulary(string text) =>
        Assert.All(Published.Value.Encode(text), token => Assert.InRange(token, 0, Published.Value.VocabularySize - 3));

    [Fact]
    public void A_long_word_is_merged_as_a_short_one_would_be()
    {
        var merges = MergeList.Read(SharedData.Require("clip/bpe_simple_vocab_16e6.txt.gz"));
        Gen.Char["aaaabcdehilnorst"].Array[2, 60].Sample(letters =>
        {
            int[] symbols = [.. letters.Select(letter => ByteSymbols.IdOfByte[letter])];
            symbols[^1] += 256;
            Assert.Equal(WordMerger.Merge(letters, merges), WordMerger.Long(symbols, merges));
        }, iter: 300);
    }
}
