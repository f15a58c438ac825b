using WebImageText.Shards.Stores.Blobs;
using WebImageText.Tests.Shards.Stores;

namespace WebImageText.Tests.Runs;

/// <summary>A whole run into Azure Blob, by Azurite.</summary>
public sealed class AzureRunTests(Azurite azurite) : IAsyncLifetime
{
    private const string Variable = "AZURE_STORAGE_CONNECTION_STRING";

    private readonly string _folder = Directory.CreateTempSubdirectory("wit-azure").FullName;
    private AzureBlobStore _set = null!;

    public async ValueTask InitializeAsync()
    {
        await azurite.RequireAsync(TestContext.Current.CancellationToken);
        _set = await azurite.NewStoreAsync("photo/web", TestContext.Current.CancellationToken);
        Environment.SetEnvironmentVariable(Variable, Azurite.Connection(azurite.Port));
    }

    [Fact]
    public async Task Killed_twice_it_ends_in_the_right_shards_and_leaves_nothing_behind()
    {
        await using var web = await PhotoWeb.StartAsync();
        string[] run = [.. web.Run(_set.Location, "--provider", "pages", "--pages", PhotoWeb.Seeds, "--shard-size", "30", "--state", Path.Combine(_folder, "state"))];
        foreach (var enough in new[] { 200, 400 })
        {
            using var wit = WitProcess.Start(run);
            while (!wit.HasEnded && (await web.LogAsync()).Count < enough)
                await Task.Delay(20, TestContext.Current.CancellationToken);
            Assert.False(wit.HasEnded);
            wit.Kill();
            await wit.EndAsync();
        }

        var ended = await WitProcess.JsonAsync(0, run);

        Assert.True(ended.GetProperty("shards").GetInt32() > 5);
        var verified = await WitProcess.JsonAsync(0, "shards", "verify", _set.Location);
        Assert.Empty(verified.GetProperty("findings").EnumerateArray());
        var copy = await CopyAsync();
        var (code, score) = await PhotoWeb.ScoreAsync(copy);
        Assert.True(code == 0, score);
        Assert.Equal(PhotoWeb.ExpectedCounts()["keep"], ended.GetProperty("pairs").GetInt32());
        await AssertOthersAreRefusedAsync(run);
        Assert.Equal(await TrainAsync(copy), await TrainAsync(_set.Location));
    }

    [Fact]
    public async Task A_container_that_is_not_there_is_the_users_to_create()
    {
        var (code, _, errors) = await WitProcess.RunAsync("run", "--queries", PhotoWeb.Queries, "--provider", "pages", "--pages", PhotoWeb.Seeds, "--contact", "crawl@example.org", "--out", "az://not-there/x", "--state", _folder);

        Assert.Equal(2, code);
        Assert.Contains("az storage container create -n not-there", errors, StringComparison.Ordinal);
    }

    // A run from elsewhere knows nothing of these shards.
    private async Task AssertOthersAreRefusedAsync(string[] run)
    {
        var (code, _, errors) = await WitProcess.RunAsync([.. run[..^1], Path.Combine(_folder, "other")]);

        Assert.Equal(2, code);
        Assert.Contains("--state", errors, StringComparison.Ordinal);
    }

    // What a model sees of shards, wherever they are read from.
    private async Task<string[]> TrainAsync(string data)
    {
        var run = Path.Combine(_folder, $"train-{data.StartsWith("az://", StringComparison.Ordinal)}");
        await WitProcess.JsonAsync(0, "train", "--data", data, "--model", "tiny", "--batch", "16", "--steps", "3", "--seed", "1", "--out", run);
        var losses = (await File.ReadAllLinesAsync(Path.Combine(run, "steps.csv"), TestContext.Current.CancellationToken))
            .Select(line => string.Join(',', line.Split(',').Take(3))).ToArray();
        Assert.Equal(4, losses.Length);
        return losses;
    }

    private async Task<string> CopyAsync()
    {
        var copy = Path.Combine(_folder, "copy");
        await foreach (var file in _set.ListAsync("", TestContext.Current.CancellationToken))
        {
            var path = Path.Combine(copy, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var to = File.Create(path);
            await using var from = await _set.OpenReadAsync(file.Name, stop: TestContext.Current.CancellationToken);
            await from.CopyToAsync(to, TestContext.Current.CancellationToken);
        }
        return copy;
    }

    public ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
