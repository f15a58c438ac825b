namespace WebImageText.Tests.Runs;

/// <summary>What holds for all verbs: help, exit codes, settings, errors that help.</summary>
[Collection(OneAtATime.Name)]
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wit-cli").FullName;

    [Theory]
    [InlineData("run")]
    [InlineData("demo")]
    [InlineData("doctor")]
    [InlineData("shards", "verify")]
    [InlineData("shards", "stats")]
    [InlineData("eval", "zero-shot")]
    [InlineData("classify")]
    [InlineData("export")]
    [InlineData("tokenizer", "train")]
    [InlineData("vocab", "fetch")]
    public async Task Every_verb_explains_itself(params string[] verb)
    {
        var (code, output, _) = await WitProcess.RunAsync([.. verb, "--help"]);

        Assert.Equal(0, code);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
        Assert.Contains("--json", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("run")]
    [InlineData("run", "--queries", "/no/such/file", "--provider", "searxng", "--out", "x")]
    [InlineData("run", "--provider", "carrier-pigeon")]
    [InlineData("shards", "verify")]
    public async Task A_wrong_call_ends_with_2_and_says_what_is_wrong(params string[] words)
    {
        var (code, output, errors) = await WitProcess.RunAsync(words);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith("error:", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_needs_its_unit()
    {
        var queries = Path.Combine(_folder, "queries.tsv");
        await File.WriteAllTextAsync(queries, "cat\n", TestContext.Current.CancellationToken);

        var (code, _, errors) = await WitProcess.RunAsync("run", "--queries", queries, "--provider", "pages", "--host-delay", "20", "--out", _folder);

        Assert.Equal(2, code);
        Assert.Contains("'20' is not a time with its unit", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_says_which_option_it_needs()
    {
        var queries = Path.Combine(_folder, "queries.tsv");
        await File.WriteAllTextAsync(queries, "cat\n", TestContext.Current.CancellationToken);

        var (code, _, errors) = await WitProcess.RunAsync("run", "--queries", queries, "--provider", "searxng", "--out", _folder);

        Assert.Equal(2, code);
        Assert.Contains("--searxng-url", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_folder_is_no_data_set()
    {
        var (code, _, errors) = await WitProcess.RunAsync("shards", "verify", _folder);

        Assert.Equal(3, code);
        Assert.Contains("no committed shard", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_says_what_is_here()
    {
        var findings = (await WitProcess.JsonAsync(0, "doctor")).EnumerateArray().ToDictionary(finding => finding.GetProperty("part").GetString()!);

        Assert.Equal("good", findings["images"].GetProperty("health").GetString());
        Assert.Equal("good", findings["libtorch"].GetProperty("health").GetString());
        Assert.All(findings.Values, finding => Assert.True(
            finding.GetProperty("health").GetString() == "good" || finding.GetProperty("remedy").GetString()!.Length > 10));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
