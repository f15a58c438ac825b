using System.Text.Json;
using NetVips;
using WebImageText.Curate.Dedup;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Pixels;
using WebImageText.Tests.Curate.Pixels;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Curate.Dedup;

public sealed class EvaluationIndexTests : IDisposable
{
    private static readonly ImageOptions Images = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("wit-evaluation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Copies_of_the_photo_web_are_found_and_nothing_else()
    {
        var root = Path.GetDirectoryName(SharedData.Require("photo-web/expected.json"))!;
        var index = await EvaluationIndex.LoadAsync([new("eval", Path.Combine(root, "eval"))], Images, stop: TestContext.Current.CancellationToken);
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "expected.json")));
        var judge = new ImageJudge(Images);
        var (found, copies, missed) = (0, 0, new List<string>());

        foreach (var row in expected.RootElement.EnumerateArray())
        {
            var file = Path.Combine(root, "hosts", row.GetProperty("url").GetString()!["http://".Length..]);
            if (!File.Exists(file) || judge.Judge(File.ReadAllBytes(file)) is not ImageVerdict.Kept kept)
                continue;
            var match = index.Nearest(kept.Facts);
            var drop = index.Judge(match);
            if (!row.TryGetProperty("transform", out var transform))
            {
                Assert.True(drop is null, $"{file}: {drop}");
                continue;
            }
            copies++;
            if (drop is null)
            {
                missed.Add(transform.GetString()!);
                continue;
            }
            found++;
            Assert.Equal($"eval/{row.GetProperty("evaluation_image").GetString()}", match!.Nearest);
            Assert.Equal(DropReason.NearDuplicateOfEvaluationImage, drop.Reason);
        }

        Assert.Equal((50, 40), (index.Images, copies));
        Assert.All(missed, transform => Assert.Contains(transform, new[] { "crop85", "text" }));
        Assert.True(found >= 34, $"{found} of 40 found");
    }

    [Fact]
    public async Task Every_turn_border_and_middle_of_an_image_is_found()
    {
        using var scene = Blobs();
        Write("a/scene.png", scene.PngsaveBuffer());
        var index = await Load(new EvaluationSet("set", _folder));
        Image[] copies =
        [
            scene, scene.Flip(Enums.Direction.Horizontal), scene.Flip(Enums.Direction.Vertical), scene.Rot90(), scene.Rot180(), scene.Rot270(), scene.Resize(1.7), scene * 0.8,
            scene.Gravity(Enums.CompassDirection.Centre, 480, 480, extend: Enums.Extend.White), scene.Crop(70, 0, 340, 340),
            scene.Crop(24, 17, 432, 306),
        ];

        for (var at = 0; at < copies.Length; at++)
        {
            var copy = copies[at];
            var facts = Assert.IsType<ImageVerdict.Kept>(new ImageJudge(Images).Judge(copy.Cast(Enums.BandFormat.Uchar).JpegsaveBuffer(q: 60))).Facts;
            var match = index.Nearest(facts);

            Assert.Equal((at, "set/a/scene.png"), (at, match?.Nearest));
            Assert.StartsWith("near_duplicate_of_evaluation_image (set/a/scene.png, ", index.Judge(match)!.ToString());
        }
    }

    [Fact]
    public async Task An_image_inside_a_border_is_found_without_it()
    {
        using var scene = Blobs();
        using var framed = scene.Gravity(Enums.CompassDirection.Centre, 640, 460, extend: Enums.Extend.White);
        Write("framed.png", framed.PngsaveBuffer());

        var index = await Load(new EvaluationSet("set", _folder));

        Assert.NotNull(index.Judge(index.Nearest(Facts(OddImages.Jpeg(scene)))));
    }

    [Fact]
    public async Task A_featureless_image_is_found_by_its_pixels_only()
    {
        using var flat = (Image.Black(300, 260, bands: 3) + 77).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        Write("flat.png", flat.PngsaveBuffer());

        var index = await Load(new EvaluationSet("set", _folder));

        Assert.Equal((1, 0, "flat.png"), (index.Images, index.Hashes, Assert.Single(index.Sets[0].Featureless)));
        Assert.Equal(new EvaluationMatch("set/flat.png", 1), index.Nearest(Facts(flat.WebpsaveBuffer(lossless: true))));
        Assert.NotNull(index.Judge(index.Nearest(Facts(flat.PngsaveBuffer()))));
        using var other = (flat + 1).Cast(Enums.BandFormat.Uchar);
        Assert.Null(index.Nearest(Facts(other.PngsaveBuffer())));
    }

    [Fact]
    public async Task A_set_of_its_own_likeness_keeps_out_by_that()
    {
        using var scene = Blobs();
        Write("strict/scene.png", scene.PngsaveBuffer());
        Write("loose/scene.png", scene.Flip(Enums.Direction.Vertical).PngsaveBuffer());
        using var describer = new PdqDescriber();
        Task<EvaluationIndex> LoadAsync(float? own) => EvaluationIndex.LoadAsync(
            [new("strict", Path.Combine(_folder, "strict")), new("loose", Path.Combine(_folder, "loose"), own)], Images, describer: describer,
            stop: TestContext.Current.CancellationToken);
        var other = Assert.IsType<ImageVerdict.Kept>(new ImageJudge(Images).Judge(OddImages.Jpeg(OddImages.Scene(300, 260))));

        var usual = (await LoadAsync(null)).Compare(other.Facts, other.Stored);
        var own = (await LoadAsync(-0.9f)).Compare(other.Facts, other.Stored);

        Assert.Null(usual.Drop);
        Assert.InRange(usual.Nearest!.Score, -1, 0.74f);
        Assert.Equal("loose/scene.png", own.Nearest!.Nearest);
        Assert.Equal(DropReason.NearDuplicateOfEvaluationImage, own.Drop!.Reason);
    }

    [Fact]
    public async Task Bad_files_are_counted_and_named()
    {
        Write("good.jpg", OddImages.Jpeg());
        Write("class/torn.jpg", OddImages.Jpeg()[..900]);
        Write("class/page.png", "<html>"u8.ToArray());
        Write("class/labels.json", "{}"u8.ToArray());
        Write("tiny.png", OddImages.Scene(32, 32).PngsaveBuffer());
        var progress = new List<EvaluationProgress>();

        var index = await EvaluationIndex.LoadAsync(
            [new("set", _folder)], Images, progress: new Told(progress), stop: TestContext.Current.CancellationToken);

        Assert.Equal(2, index.Images);
        Assert.Equal(["class/page.png", "class/torn.jpg"], index.Sets[0].Bad.Select(bad => bad.File));
        Assert.All(index.Sets[0].Bad, bad => Assert.NotEmpty(bad.Why));
        Assert.Equal((4, 4, 2), progress.Select(step => (step.Done, step.Total, step.Bad)).MaxBy(step => step.Done));
    }

    [Fact]
    public async Task A_set_that_would_guard_nothing_is_an_error()
    {
        Write("labels.json", "{}"u8.ToArray());

        await Assert.ThrowsAsync<InvalidDataException>(() => Load(new EvaluationSet("set", _folder)));
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => Load(new EvaluationSet("set", Path.Combine(_folder, "none"))));
        await Assert.ThrowsAsync<ArgumentException>(() => Load(new EvaluationSet("a/b", _folder)));
        await Assert.ThrowsAsync<ArgumentException>(() => Load(new EvaluationSet("set", _folder), new EvaluationSet("set", _folder)));
    }

    // 480 x 340 with features of every size, as photographs have.
    private static Image Blobs() => Enumerable.Range(0, 3)
        .Select(band => new[] { 8, 20, 60 }.Select((size, at) =>
                Image.Gaussnoise(480 / size + 2, 340 / size + 2, sigma: 25 + 15 * at, mean: 43, seed: 9 * band + size).Resize(size).Crop(0, 0, 480, 340))
            .Aggregate((all, part) => all + part))
        .Aggregate((all, band) => all.Bandjoin(band)).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb).CopyMemory();

    private static PictureFacts Facts(byte[] bytes) => Assert.IsType<ImageVerdict.Kept>(new ImageJudge(Images).Judge(bytes)).Facts;

    private static Task<EvaluationIndex> Load(params EvaluationSet[] sets) =>
        EvaluationIndex.LoadAsync(sets, Images, stop: TestContext.Current.CancellationToken);

    private void Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private sealed class Told(List<EvaluationProgress> steps) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value)
        {
            lock (steps)
                steps.Add(value);
        }
    }
}
