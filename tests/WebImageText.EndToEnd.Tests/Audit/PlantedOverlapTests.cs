using System.Globalization;
using System.Text.Json;
using WebImageText.Curate.Pixels;
using WebImageText.Tests.Dedup;
using WebImageText.Tests.Runs;

namespace WebImageText.Tests.Audit;

/// <summary>An evaluation set of real photographs, some of which were put into training data, edited: is exactly that reported?</summary>
[Collection(OneAtATime.Name)]
public sealed class PlantedOverlapTests : IDisposable
{
    private const int SetSize = 100, Planted = 12;

    // What perceptual hashes find.
    private static readonly string[] Edits = ["jpeg_50", "half_size", "blur", "mirror"];

    private readonly string _folder = Directory.CreateTempSubdirectory("wit-planted").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_planted_eighth_is_found_and_nothing_else()
    {
        var photos = RealPhotos.Take(340);
        var files = RealPhotos.WriteFolder(At("set"), photos[..SetSize]);
        var clean = photos[SetSize..].Select(photo => photo.Jpeg).ToArray();
        var planted = Enumerable.Range(0, Planted).Select(at => CopyEdits.Of(photos[at * 8].Jpeg).Single(edit => edit.Edit == Edits[at % Edits.Length]).Jpeg).ToArray();
        await RealPhotos.WriteDataSetAsync(At("clean"), clean, Stop);
        var uids = await RealPhotos.WriteDataSetAsync(At("data"), [.. clean, .. planted], Stop);
        // The model is right on 9 of the 12 planted images and on 44 of the 88 others.
        await File.WriteAllLinesAsync(At("results.csv"), ["file,correct", .. files.Select((file, at) => $"\"{file}\",{(IsRight(at) ? 1 : 0)}")], Stop);

        await WitProcess.JsonAsync(0, "dedup", "index", "--eval-set", $"photos={At("set")}", "--out", At("index"), "--model", "pdq");
        var audit = await WitProcess.JsonAsync(0, "audit", "overlap", At("data"), "--index", At("index"), "--results", $"photos={At("results.csv")}",
            "--eval-set", $"photos={At("set")}", "--out", At("report"));

        var set = audit.GetProperty("sets")[0];
        Assert.Equal(0.12, set.GetProperty("contamination").GetDouble(), 0.01);
        Assert.Equal(9 / 12.0, Accuracy(set, "overlap"));
        Assert.Equal(44 / 88.0, Accuracy(set, "clean"));
        Assert.Equal(53 / 100.0, Accuracy(set, "all"));
        Assert.Equal(0.03, set.GetProperty("all_minus_clean").GetDouble(), 1e-9);
        Assert.Equal(0.07299804688, set.GetProperty("p").GetDouble(), 1e-9);
        var flagged = Pairs(At("report", "pairs.csv")).Where(pair => pair.IsOver).ToDictionary(pair => pair.File, pair => pair.Crawl);
        Assert.Equal(Enumerable.Range(0, Planted).ToDictionary(at => files[at * 8], at => uids[clean.Length + at]), flagged);
        var page = await File.ReadAllTextAsync(At("report", "index.html"), Stop);
        Assert.All(Directory.GetFiles(At("report", "thumbs")), thumb => Assert.Contains(Path.GetFileName(thumb), page, StringComparison.Ordinal));
        Assert.True(Directory.GetFiles(At("report", "thumbs")).Length >= 2 * Planted);
        Assert.Contains("<svg", await File.ReadAllTextAsync(At("report", "difference.svg"), Stop), StringComparison.Ordinal);

        var leaks = await WitProcess.JsonAsync(3, "audit", "leaks", At("data"), "--eval-set", $"photos={At("set")}", "--model", "pdq");
        Assert.Equal(Planted, leaks.GetProperty("leaks").GetInt32());
        await WitProcess.JsonAsync(0, "audit", "leaks", At("clean"), "--index", At("index"));
        var (code, _, errors) = await WitProcess.RunAsync("audit", "leaks", At("clean"), "--index", At("index"), "--threshold", "other=0.5");
        Assert.Equal(2, code);
        Assert.Contains("'other'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_threshold_is_calibrated_stored_and_moved_by_verdicts()
    {
        var photos = RealPhotos.Take(300);
        RealPhotos.WriteFolder(At("set"), photos[..60]);
        var uids = await RealPhotos.WriteDataSetAsync(At("data"), [.. photos[60..].Select(photo => photo.Jpeg)], Stop);
        await WitProcess.JsonAsync(0, "dedup", "index", "--eval-set", $"photos={At("set")}", "--out", At("index"), "--model", "pdq");
        string[] calibrate = ["dedup", "calibrate", "--index", At("index"), "--eval-set", $"photos={At("set")}", "--crawl", At("data")];

        var first = (await WitProcess.JsonAsync(0, calibrate)).GetProperty("sets")[0];

        var threshold = first.GetProperty("threshold").GetSingle();
        Assert.InRange(threshold, 0.3f, 0.9f);
        Assert.Equal(1, first.GetProperty("calibration").GetProperty("recall_by_edit").GetProperty("jpeg_50").GetDouble());
        Assert.Contains("tail", first.GetProperty("calibration").GetProperty("reason").GetString(), StringComparison.Ordinal);
        await WitProcess.JsonAsync(0, "dedup", "scan", At("data"), "--index", At("index"), "--floor", "0.2", "--out", At("pairs.csv"));
        var nearest = Pairs(At("pairs.csv")).First();
        Assert.Contains(nearest.Crawl, uids);

        // A person calls the most alike pair different, and it lies over the threshold that 50 % false alarms would give.
        await File.WriteAllTextAsync(At("verdicts.json"), JsonSerializer.Serialize(new[]
        {
            new { set = "photos", file = nearest.File, crawl = nearest.Crawl, score = nearest.Score, is_copy = false },
        }), Stop);
        var second = (await WitProcess.JsonAsync(0, [.. calibrate, "--false-rate", "0.4", "--verdicts", At("verdicts.json")])).GetProperty("sets")[0];

        Assert.Equal(MathF.BitIncrement(nearest.Score), second.GetProperty("threshold").GetSingle());
        Assert.Contains("called different", second.GetProperty("calibration").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    private static bool IsRight(int at) => at % 8 == 0 && at < 96 ? at / 8 < 9 : Array.IndexOf([.. Enumerable.Range(0, SetSize).Where(other => other % 8 != 0 || other >= 96)], at) < 44;

    private static double Accuracy(JsonElement set, string part) => set.GetProperty(part).GetProperty("accuracy").GetDouble();

    private static IEnumerable<(string File, string Crawl, float Score, bool IsOver)> Pairs(string path) => File.ReadLines(path).Skip(1).Select(line => line.Split(','))
        .Select(fields => (fields[1], fields[2], float.Parse(fields[3], CultureInfo.InvariantCulture), fields[4] == "1"));

    private string At(params string[] parts) => Path.Combine([_folder, .. parts]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
