namespace WebImageText.Tests.Runs;

[Collection(OneAtATime.Name)]
public sealed class TokenizerVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wit-tokenizer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_vocabulary_is_learned_from_captions_and_used()
    {
        var (captions, vocabulary) = (Path.Combine(_folder, "captions.txt"), Path.Combine(_folder, "own.bpe.gz"));
        await File.WriteAllLinesAsync(
            captions, Enumerable.Range(0, 20).Select(at => $"a quokka beside {at} tents"), TestContext.Current.CancellationToken);

        var trained = await WitProcess.JsonAsync(0, "tokenizer", "train", captions, "--size", "600", "--out", vocabulary);
        var encoded = await WitProcess.JsonAsync(0, "tokenizer", "encode", "Two quokka", "--vocab", vocabulary);

        Assert.Equal(20, trained.GetProperty("texts").GetInt32());
        Assert.Equal(4, encoded[0].GetProperty("tokens").GetArrayLength()); // t w o, quokka
    }

    [Fact]
    public async Task Only_CLIPs_own_vocabulary_is_taken_for_it()
    {
        var other = Path.Combine(_folder, "other.txt.gz");
        await File.WriteAllTextAsync(other, "no vocabulary", TestContext.Current.CancellationToken);

        var (code, _, errors) = await WitProcess.RunAsync("vocab", "fetch", "--from", other);

        // A machine that has it already asks nobody.
        Assert.True(code == 0 || code == 3 && errors.Contains("sha256", StringComparison.Ordinal), errors);
    }

    [Fact]
    public async Task A_file_that_is_no_vocabulary_is_bad_data()
    {
        var bad = Path.Combine(_folder, "bad.txt");
        await File.WriteAllTextAsync(bad, "#version\nnot merges\n", TestContext.Current.CancellationToken);

        var (code, output, errors) = await WitProcess.RunAsync("tokenizer", "encode", "x", "--vocab", bad);

        Assert.Equal(3, code);
        Assert.Empty(output);
        Assert.Contains(bad, errors, StringComparison.Ordinal);
    }
}
