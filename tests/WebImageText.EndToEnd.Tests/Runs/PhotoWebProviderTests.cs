using System.Text.Json.Nodes;

namespace WebImageText.Tests.Runs;

/// <summary>The providers that are read once, and traces, on real photographs by the program as it is built.</summary>
public sealed class PhotoWebProviderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wit-providers");

    private string At(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Sitemaps_lead_to_the_right_shards()
    {
        await using var web = await PhotoWeb.StartAsync();
        var sitemaps = PhotoWeb.Hosts.SelectMany(host => new[] { "--sitemap", $"http://{host}/sitemap.xml" });

        await WitProcess.JsonAsync(0, web.Run(At("out"), ["--provider", "sitemap", .. sitemaps]));

        await AssertRightAsync(At("out"));
        Assert.DoesNotContain(await web.LogAsync(), request => request.Path.StartsWith("/private/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_is_half_read_is_gone_on_with_after_a_restart()
    {
        await using var web = await PhotoWeb.StartAsync();
        await File.WriteAllLinesAsync(At("list.jsonl"), PhotoWeb.Images.Select(image => new JsonObject { ["URL"] = (string?)image["url"], ["TEXT"] = (string?)image["text"] }.ToJsonString()), TestContext.Current.CancellationToken);
        string[] words = web.Run(At("out"), "--provider", "urls", "--urls", At("list.jsonl"));

        await WitProcess.JsonAsync(4, [.. words, "--until", "pairs=60"]);
        await WitProcess.JsonAsync(0, words);
        var asked = (await web.LogAsync()).Count;
        var again = await WitProcess.JsonAsync(0, words);

        await AssertRightAsync(At("out"));
        Assert.Equal(0, again.GetProperty("this_run").GetProperty("kept").GetInt32());
        Assert.Equal(asked, (await web.LogAsync()).Count);
    }

    [Fact]
    public async Task A_list_with_a_hash_that_does_not_hold_loses_the_image()
    {
        await using var web = await PhotoWeb.StartAsync();
        var kept = PhotoWeb.Images.Where(image => (string?)image["status"] == "keep" && !((string)image["text"]!).Contains('"', StringComparison.Ordinal)).Take(2).ToList();
        await File.WriteAllLinesAsync(At("list.csv"),
        [
            "url,caption,sha256",
            $"{kept[0]["url"]},\"{kept[0]["text"]}\",{PhotoWeb.Sha256Of((string)kept[0]["url"]!)}",
            $"{kept[1]["url"]},\"{kept[1]["text"]}\",{new string('0', 64)}",
        ], TestContext.Current.CancellationToken);

        var run = await WitProcess.JsonAsync(0, web.Run(At("out"), "--provider", "urls", "--urls", At("list.csv")));

        Assert.Equal(1, run.GetProperty("pairs").GetInt32());
        Assert.Equal(1, run.GetProperty("rejected").GetProperty("hash_mismatch").GetInt32());
    }

    [Fact]
    public async Task A_trace_is_replayed_without_a_network_and_gives_the_same_bytes_each_time()
    {
        var (trace, words) = (At("web.warc.gz"), (string[])["--provider", "pages", "--pages", PhotoWeb.Seeds, "--shard-size", "100"]);
        string[] Run(PhotoWeb web, string name, params string[] more) => web.Run(At(name), [.. words, .. more]);
        string[] second;
        await using (var web = await PhotoWeb.StartAsync())
        {
            await WitProcess.JsonAsync(0, Run(web, "live", "--record", trace));
            // The pages of the trace, and the images of the web.
            await WitProcess.JsonAsync(0, web.Run(At("archive"), "--provider", "warc", "--warc", trace));
            var asked = (await web.LogAsync()).Count;
            await WitProcess.JsonAsync(0, Run(web, "first", "--replay", trace));
            Assert.Equal(asked, (await web.LogAsync()).Count);
            second = Run(web, "second", "--replay", trace);
        }
        await WitProcess.JsonAsync(0, second);

        foreach (var name in new[] { "live", "archive", "first", "second" })
            await AssertRightAsync(At(name));
        foreach (var folder in new[] { "shards", "rejected" })
        {
            var files = Directory.GetFiles(Path.Combine(At("first"), folder));
            Assert.Equal(files.Length, Directory.GetFiles(Path.Combine(At("second"), folder)).Length);
            foreach (var file in files)
                Assert.True(File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(At("second"), folder, Path.GetFileName(file)))), file);
        }
    }

    [Theory]
    [InlineData(2, "needs --urls", "--provider", "urls")]
    [InlineData(2, "needs --sitemap", "--provider", "sitemap")]
    [InlineData(2, "needs --feed", "--provider", "feed")]
    [InlineData(2, "set WIT_FLICKR_KEY", "--provider", "flickr")]
    [InlineData(2, "does not exist", "--provider", "urls", "--urls", "no.csv")]
    [InlineData(2, "no .warc or .warc.gz", "--provider", "warc", "--warc", "no.warc")]
    [InlineData(2, "does not exist", "--provider", "commoncrawl", "--commoncrawl", "no.paths")]
    [InlineData(2, "give one of them", "--provider", "openverse", "--record", "a.warc", "--replay", "b.warc")]
    [InlineData(2, "does not exist", "--provider", "openverse", "--replay", "no.warc")]
    public async Task What_a_provider_lacks_is_said_before_the_run_begins(int code, string words, params string[] options)
    {
        await File.WriteAllTextAsync(At("queries.txt"), "cat\n", TestContext.Current.CancellationToken);

        var (got, _, errors) = await WitProcess.RunAsync(["run", "--queries", At("queries.txt"), "--out", At("out"), .. options]);

        Assert.Equal(code, got);
        Assert.Contains(words, errors.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("out")));
    }

    private static async Task AssertRightAsync(string output)
    {
        var (code, score) = await PhotoWeb.ScoreAsync(output);
        Assert.True(code == 0, score);
        await WitProcess.JsonAsync(0, "shards", "verify", output);
    }
}
