using System.Text.Json;

namespace WebImageText.Tests.Runs;

/// <summary>Runs that end early, and runs with a calibrated index, on real photographs.</summary>
public sealed class PhotoWebSettingsTests : IDisposable
{
    private readonly string _out = Directory.CreateTempSubdirectory("wit-photo-web").FullName;

    [Fact]
    public async Task The_thresholds_of_a_calibrated_index_hold_in_a_run_and_stand_in_its_data_set()
    {
        await using var web = await PhotoWeb.StartAsync();
        var (first, second, index) = (Path.Combine(_out, "first"), Path.Combine(_out, "second"), Path.Combine(_out, "eval.index"));
        await WitProcess.JsonAsync(0, web.Run(first, PhotoWeb.Search));
        var run = web.Run(second, PhotoWeb.Search);
        var set = run[Array.IndexOf(run, "--eval-set") + 1];
        await WitProcess.JsonAsync(0, "dedup", "index", "--eval-set", set, "--out", index, "--model", PhotoWeb.Detector);
        var (uncalibrated, _, missing) = await WitProcess.RunAsync([.. run, "--eval-index", index]);
        var calibrated = await WitProcess.JsonAsync(0, "dedup", "calibrate", "--index", index, "--eval-set", set, "--crawl", first, "--model", PhotoWeb.Detector);
        var threshold = calibrated.GetProperty("sets")[0].GetProperty("threshold").GetSingle();

        await WitProcess.JsonAsync(0, [.. run, "--eval-index", index]);

        Assert.Equal(3, uncalibrated);
        Assert.Contains("wit dedup calibrate", missing, StringComparison.Ordinal);
        var (code, score) = await PhotoWeb.ScoreAsync(second);
        Assert.True(code == 0, score);
        var head = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(second, "manifest", "dataset.json"), TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(threshold, head.GetProperty("evaluation_sets")[0].GetProperty("limit").GetSingle());
        Assert.Empty((await WitProcess.JsonAsync(0, "shards", "verify", second)).GetProperty("findings").EnumerateArray());
        var (other, _, refused) = await WitProcess.RunAsync(run);
        Assert.Equal(2, other);
        Assert.Contains("from likeness", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_ends_a_run_with_what_it_has_and_the_next_one_goes_on()
    {
        await using var web = await PhotoWeb.StartAsync();

        var early = await WitProcess.JsonAsync(4, web.Run(_out, [.. PhotoWeb.Pages, "--until", "pairs=40"]));
        await WitProcess.JsonAsync(0, "shards", "verify", _out);
        await WitProcess.JsonAsync(0, web.Run(_out, PhotoWeb.Pages));

        Assert.InRange(early.GetProperty("pairs").GetInt32(), 40, 340);
        Assert.Equal(0, early.GetProperty("staged").GetInt32());
        await PhotoWebAnswer.AssertRightAsync(_out);
    }

    public void Dispose() => Directory.Delete(_out, recursive: true);
}
