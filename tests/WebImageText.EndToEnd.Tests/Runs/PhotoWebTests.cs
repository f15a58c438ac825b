using System.Text.Json;

namespace WebImageText.Tests.Runs;

/// <summary>Real photographs all the way, by the program as it is built.</summary>
public sealed class PhotoWebTests : IDisposable
{
    private readonly string _out = Directory.CreateTempSubdirectory("wit-photo-web").FullName;

    [Fact]
    public async Task A_search_ends_in_the_right_shards()
    {
        await using var web = await PhotoWeb.StartAsync();

        await WitProcess.JsonAsync(0, web.Run(_out, PhotoWeb.Search));

        await PhotoWebAnswer.AssertRightAsync(_out);
        // PhotoWeb.Search results name neither images without a text nor those that are gone.
        await PhotoWebAnswer.AssertReasonsAsync(_out, "no_text", "http_error");
    }

    [Fact]
    public async Task A_cap_holds()
    {
        await using var web = await PhotoWeb.StartAsync();

        var run = await WitProcess.JsonAsync(0, web.Run(_out, [.. PhotoWeb.Search, "--cap", "1"]));

        var stats = await WitProcess.JsonAsync(0, "shards", "stats", _out);
        Assert.Equal(1, stats.GetProperty("queries").GetProperty("most").GetInt32());
        Assert.Equal(run.GetProperty("pairs").GetInt32(), stats.GetProperty("queries").GetProperty("count").GetInt32());
        Assert.True(run.GetProperty("rejected").GetProperty("query_full").GetInt32() > 0);
        await WitProcess.JsonAsync(0, "shards", "verify", _out, "--cap", "1");
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_and_a_finished_one_adds_nothing()
    {
        await using var web = await PhotoWeb.StartAsync();
        foreach (var enough in new[] { 100, 250 })
        {
            using var wit = WitProcess.Start(web.Run(_out, PhotoWeb.Pages));
            await wit.UntilAsync(async () => (await web.LogAsync()).Count >= enough);
            wit.Interrupt();
            Assert.Equal(4, (await wit.EndAsync()).Code);
        }
        await WitProcess.JsonAsync(0, web.Run(_out, PhotoWeb.Pages));
        await PhotoWebAnswer.AssertRightAsync(_out);
        var before = Files();
        var asked = (await web.LogAsync()).Count;

        var again = await WitProcess.JsonAsync(0, web.Run(_out, PhotoWeb.Pages));

        Assert.Equal(0, again.GetProperty("this_run").GetProperty("kept").GetInt32());
        Assert.Equal(before, Files());
        Assert.Equal(asked, (await web.LogAsync()).Count);
    }

    private Dictionary<string, (long, DateTime)> Files() =>
        Directory.EnumerateFiles(_out, "*", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}state{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !path.Contains("manifest", StringComparison.Ordinal) && !path.EndsWith("sizes.json", StringComparison.Ordinal))
            .ToDictionary(path => path, path => (new FileInfo(path).Length, File.GetLastWriteTimeUtc(path)));

    public void Dispose() => Directory.Delete(_out, recursive: true);
}
