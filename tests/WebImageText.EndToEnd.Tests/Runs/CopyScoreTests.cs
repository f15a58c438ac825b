using WebImageText.Curate.Pixels;
using WebImageText.Shards.Rows;
using WebImageText.Tests.Dedup;

namespace WebImageText.Tests.Runs;

/// <summary><c>wit run --copy-score</c> on real photographs, with this program's own detector.</summary>
[Collection(OneAtATime.Name)]
public sealed class CopyScoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wit-copy-score").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_cut_that_hashes_miss_is_a_copy_by_its_descriptor_in_this_run_and_in_the_next()
    {
        var photos = RealPhotos.Take(6).Select(photo => photo.Jpeg).ToArray();
        byte[] Cut(int photo) => CopyEdits.Of(photos[photo]).Single(copy => copy.Edit == "crop_85").Jpeg;
        await using var web = new SmallWeb([.. photos, Cut(0), Cut(1), Cut(2), Cut(3)]) { Searched = 8 };
        string[] first = ["--provider", "searxng", "--searxng-url", web.SearxngUrl], more = [.. first, "--provider", "openverse", "--openverse-url", web.OpenverseUrl];

        await WitProcess.JsonAsync(0, web.Run(_folder, "hashes", more));
        await WitProcess.JsonAsync(0, web.Run(_folder, "both", [.. first, "--copy-score", "0.8"]));
        var before = await SmallWeb.UidsAsync(_folder, "both");
        await WitProcess.JsonAsync(0, web.Run(_folder, "both", [.. more, "--copy-score", "0.8"]));

        Assert.Equal(10, (await SmallWeb.UidsAsync(_folder, "hashes")).Count);
        var uids = await SmallWeb.UidsAsync(_folder, "both");
        Assert.Equal((6, 6), (before.Count, uids.Count));
        var copies = await RejectedAsync("both");
        Assert.Equal(4, copies.Count);
        Assert.All(copies, copy =>
        {
            Assert.Equal("near_duplicate", copy.Reason);
            Assert.Matches("^0[.][89][0-9]{3} like [0-9a-f]{32}$", copy.Detail);
            Assert.Contains(copy.Detail[^32..], uids);
        });
    }

    [Theory]
    [InlineData("0.9", "none", "needs one")]
    [InlineData("0.5", null, "from 0.75 to 1")]
    [InlineData("NaN", null, "from 0.75 to 1")]
    public async Task A_score_without_a_detector_or_out_of_reach_is_refused(string score, string? detector, string why)
    {
        await using var web = new SmallWeb(pictures: 1) { Searched = 1 };

        var (code, _, errors) = await WitProcess.RunAsync(web.Run(_folder, "out",
            ["--provider", "searxng", "--searxng-url", web.SearxngUrl, "--copy-score", score, .. detector is null ? Array.Empty<string>() : ["--detector", detector]]));

        Assert.Equal(2, code);
        Assert.Contains(why, errors, StringComparison.Ordinal);
        Assert.Empty(web.Log);
    }

    private async Task<List<(string Reason, string Detail)>> RejectedAsync(string output)
    {
        List<(string, string)> rejected = [];
        foreach (var path in Directory.EnumerateFiles(Path.Combine(_folder, output, "rejected"), "*.parquet"))
        {
            await using var file = File.OpenRead(path);
            await foreach (var batch in ParquetTable.ReadAsync(file, path, stop: TestContext.Current.CancellationToken))
                for (var at = 0; at < batch.Count; at++)
                    rejected.Add((batch.Text("reason", at)!, batch.Text("detail", at) ?? ""));
        }
        return rejected;
    }
}
