using System.Text.Json;

namespace WebImageText.Tests.Runs;

[Collection(OneAtATime.Name)]
public sealed class DemoTests : IDisposable
{
    private readonly string _out = Directory.CreateTempSubdirectory("wit-demo").FullName;

    [Fact]
    public async Task The_demo_ends_as_it_must_and_shows_what_it_made()
    {
        var result = await WitProcess.JsonAsync(0, "demo", "--out", Path.Combine(_out, "demo"));

        Assert.Equal(0, result.GetProperty("verify_errors").GetInt32());
        Assert.Empty(result.GetProperty("differences").EnumerateArray());
        Assert.True(File.Exists(result.GetProperty("report").GetString()));
        var training = result.GetProperty("training");
        if (training.ValueKind == JsonValueKind.Null)
            Assert.Skip("The program under test was built without libtorch (-p:Torch=none): nothing was trained.");
        Assert.True(training.GetProperty("last_loss").GetDouble() < training.GetProperty("first_loss").GetDouble());
        var colour = training.GetProperty("answers").EnumerateArray().Single(answer => answer.GetProperty("question").GetString() == "colour");
        Assert.True(colour.GetProperty("low").GetDouble() > 2.0 / colour.GetProperty("classes").GetInt32(), "held-out scenes are told apart far better than by chance");
    }

    [Fact]
    public async Task A_folder_of_somebody_else_is_left_alone()
    {
        await File.WriteAllTextAsync(Path.Combine(_out, "thesis.txt"), "mine", TestContext.Current.CancellationToken);

        var (code, _, errors) = await WitProcess.RunAsync("demo", "--out", _out);

        Assert.Equal(2, code);
        Assert.Contains("--out", errors, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_out, "thesis.txt")));
    }

    public void Dispose() => Directory.Delete(_out, recursive: true);
}
