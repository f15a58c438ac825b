using WebImageText.Learn.Text;

namespace WebImageText.Learn.Tests.Text;

public sealed class MergeLearnerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wit-merges-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Frequent_words_become_one_symbol_and_pairs_across_words_never_do()
    {
        var learner = new MergeLearner();
        for (var times = 0; times < 5; times++)
            learner.Add("a red ball, a red box");
        learner.Add("a ball");

        var merges = learner.Learn(600);

        Assert.Contains("r ed</w>", merges);
        Assert.DoesNotContain(merges, line => line.Contains("box b", StringComparison.Ordinal));
    }

    [Fact]
    public void A_learned_vocabulary_is_read_back_and_finds_its_words_whole()
    {
        var learner = new MergeLearner();
        for (var times = 0; times < 3; times++)
            learner.Add("A green square above a yellow triangle");
        var path = Path.Combine(_folder.FullName, "own.bpe.gz");

        MergeLearner.Write(path, learner.Learn(700));

        var tokenizer = ClipTokenizer.Load(path);
        Assert.Equal(["green</w>", "square</w>"], tokenizer.Encode("green square").Select(token => tokenizer.Symbols[token]));
        Assert.Equal(tokenizer.VocabularySize - 1, tokenizer.EndOfText);
    }

    [Fact]
    public void The_order_of_texts_does_not_matter()
    {
        string[] texts = ["one two three", "two three four", "three four five one", "naïve café", "🙂🙂 123"];
        var (forward, backward) = (new MergeLearner(), new MergeLearner());
        foreach (var text in texts.Concat(texts))
            forward.Add(text);
        foreach (var text in texts.Concat(texts).Reverse())
            backward.Add(text);

        Assert.Equal(forward.Learn(560), backward.Learn(560));
    }

    [Fact]
    public void The_shipped_vocabulary_has_8192_tokens_and_knows_common_words()
    {
        var tokenizer = ClipTokenizer.Shipped;

        Assert.Equal(8_192, tokenizer.VocabularySize);
        Assert.InRange(tokenizer.Encode("a red triangle above a green square").Count, 7, 8);
    }

    [Theory]
    [InlineData("#version\na a\nzz q\n")]
    [InlineData("#version\na b\na b\n")]
    [InlineData("#version\nab\n")]
    [InlineData("#version\n")]
    [InlineData("")]
    public void A_file_that_is_no_vocabulary_is_refused(string text)
    {
        var path = Path.Combine(_folder.FullName, "bad.txt");
        File.WriteAllText(path, text);

        Assert.Throws<InvalidDataException>(() => ClipTokenizer.Load(path));
    }
}
