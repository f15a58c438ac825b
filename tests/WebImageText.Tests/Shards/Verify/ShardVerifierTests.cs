using System.Text;
using WebImageText.Shards;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Tar;
using WebImageText.Shards.Verify;

namespace WebImageText.Tests.Shards.Verify;

public sealed class ShardVerifierTests : IAsyncLifetime
{
    private const int PerShard = 5;
    private readonly TempFolder _folder = new();
    private FolderStore _store = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = new(_folder.Path);
        await SomeDataSet.WriteAsync(_store, 3, PerShard, Stop, shardSize: 1000);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_data_set_as_a_run_leaves_it_is_clean()
    {
        var progress = new List<VerifyProgress>();

        var report = await new ShardVerifier(_store).RunAsync(new Recorder(progress), Stop);

        Assert.Empty(report.Findings);
        Assert.Equal((3, 15, 5), (report.Shards, report.Samples, report.Rejected));
        Assert.Equal(Enumerable.Range(0, 3).Sum(shard => new FileInfo(PathOf($"shards/0000{shard}.tar")).Length), report.Bytes);
        Assert.Equal(3, progress.Count);
        Assert.Contains(progress, step => step is { Shards: 3, Of: 3, Samples: 15 });
    }

    [Fact]
    public async Task A_cut_tar_is_found_wherever_it_is_cut()
    {
        var whole = File.ReadAllBytes(PathOf("shards/00001.tar"));
        foreach (var length in new[] { 0, 300, 512, 5000, 9 * 512, whole.Length / 2 / 512 * 512, whole.Length - 512 })
        {
            File.WriteAllBytes(PathOf("shards/00001.tar"), whole[..length]);
            await ExpectAsync("shards/00001.tar");
        }
    }

    [Fact]
    public async Task Every_altered_byte_of_a_tar_is_found()
    {
        var whole = File.ReadAllBytes(PathOf("shards/00001.tar"));
        var random = new Random(1);
        for (var change = 0; change < 50; change++)
        {
            var altered = whole.ToArray();
            altered[random.Next(altered.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(PathOf("shards/00001.tar"), altered);
            await ExpectAsync("shards/00001.tar");
        }
    }

    [Fact]
    public async Task An_altered_image_is_found_without_a_ledger()
    {
        File.Delete(PathOf("manifest/ledger.jsonl"));
        await RewriteTarAsync("00001", (row, samples) => samples[row].Image[100] ^= 1);

        await ExpectAsync("the image is not the one that stored_sha256 names", "00001002");
    }

    [Fact]
    public async Task Another_caption_in_the_text_is_found()
    {
        await RewriteTarAsync("00001", (row, samples) => samples[row] = samples[row] with { Text = "other"u8.ToArray() });

        await ExpectAsync("the caption of txt and parquet differ", "00001002");
    }

    [Fact]
    public async Task A_caption_that_is_not_UTF_8_is_found()
    {
        await RewriteTarAsync("00001", (row, samples) => samples[row] = samples[row] with { Text = [0xC3, 0x28] });

        await ExpectAsync("the caption is not UTF-8", "00001002");
    }

    [Theory]
    [InlineData("\"width\": 512", "\"width\": 513", "the field 'width' of json and parquet differ")]
    [InlineData("café", "cafe", "the field 'caption' of json and parquet differ")]
    [InlineData("    \"texts\"", "  \"texts\"", "another order or form")]
    [InlineData("\"texts\"", "\"text\"", "the field 'texts' of json and parquet differ")]
    [InlineData("{", "", "JSON")]
    public async Task Another_field_in_the_json_is_found(string part, string other, string problem)
    {
        part = part.Replace("é", "\\u00e9", StringComparison.Ordinal);
        await RewriteTarAsync("00001", (row, samples) => samples[row] = samples[row] with
        {
            Json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(samples[row].Json).Replace(part, other, StringComparison.Ordinal)),
        });

        await ExpectAsync(problem, "00001002");
    }

    [Fact]
    public async Task A_missing_sample_is_found()
    {
        await RewriteTarAsync("00001", (row, samples) => samples.RemoveAt(row));

        await ExpectAsync("00001002 is missing before it", "00001003");
        await ExpectAsync("the tar has 4 samples, the parquet 5 rows, the statistics say 5 of 5");
        await ExpectAsync("'00001.tar' has 4 samples; it says 5");
    }

    [Fact]
    public async Task Samples_out_of_order_are_found()
    {
        await RewriteTarAsync("00001", (row, samples) => (samples[row], samples[row + 1]) = (samples[row + 1], samples[row]));

        await ExpectAsync("stands twice, or its members are not side by side", "00001002");
    }

    [Fact]
    public async Task A_sample_without_json_and_a_stray_member_are_found()
    {
        var samples = await SamplesAsync("00001");
        await using (var file = File.Create(PathOf("shards/00001.tar")))
        {
            var tar = new UstarWriter(file);
            await tar.AddAsync("__index__", "x"u8.ToArray(), Stop);
            foreach (var (key, image, _, text) in samples)
            {
                await tar.AddAsync($"{key}.jpg", image, Stop);
                await tar.AddAsync($"{key}.txt", text, Stop);
            }
            await tar.FinishAsync(Stop);
        }

        await ExpectAsync("it has the members jpg, txt; an image, json and txt are needed", "00001000");
        await ExpectAsync("1 members belong to no sample");
    }

    [Fact]
    public async Task Damaged_parquet_and_statistics_are_found()
    {
        File.WriteAllBytes(PathOf("shards/00000.parquet"), File.ReadAllBytes(PathOf("shards/00000.parquet"))[..^9]);
        File.WriteAllText(PathOf("shards/00001_stats.json"), "{\"count\": \"many\"}");
        File.Delete(PathOf("shards/00002.parquet"));
        File.Delete(PathOf("shards/00002.tar"));

        await ExpectAsync("this parquet file cannot be read");
        await ExpectAsync("these are no shard statistics");
        await ExpectAsync("There is no 'shards/00002.parquet'");
        await ExpectAsync("There is no 'shards/00002.tar'");
    }

    [Fact]
    public async Task A_shard_without_the_commit_mark_is_found()
    {
        File.Delete(PathOf("shards/00001_stats.json"));

        var report = await new ShardVerifier(_store).RunAsync(stop: Stop);

        Assert.Equal((2, 10), (report.Shards, report.Samples)); // counted though nobody asks for progress
        await ExpectAsync("it was never committed");
        await ExpectAsync("the ledger has the shard '00001', and the files are gone");
        await ExpectAsync("it has the shard '00001', which is not there");
    }

    [Fact]
    public async Task Foreign_files_beside_the_shards_are_found()
    {
        File.WriteAllText(PathOf("shards/notes.json"), "{}");

        await ExpectAsync("it is no file of a shard");
    }

    [Fact]
    public async Task What_is_staged_is_a_note()
    {
        await new ShardWriter(_store, new(1000)).StageAsync(7, "dead", SomePairs.Pairs(1, 900), SomePairs.Times, Stop);

        var report = await new ShardVerifier(_store).RunAsync(stop: Stop);

        Assert.True(report.IsClean);
        Assert.Equal(
            ["shards/00007.parquet", "shards/00007.tar", "shards/00007_stats.json"], report.Findings.Select(finding => finding.File));
        Assert.All(report.Findings, finding => Assert.Contains("'dead'", finding.Problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(20_000_000)]
    [InlineData(3)] // everything goes through the partitions on disk
    public async Task A_pair_that_stands_twice_is_found_in_shards_and_in_rejections(int uidsInMemory)
    {
        var writer = new ShardWriter(_store, new(1000));
        await writer.StageAsync(3, "t", [SomePairs.Pair(2), SomePairs.Pair(1_000_001)], SomePairs.Times, Stop);
        await writer.PublishAsync(3, "t", stop: Stop);
        await ShardSizes.RebuildAsync(_store, "t", Stop);

        var report = await new ShardVerifier(_store, new() { UidsInMemory = uidsInMemory, ScratchFolder = _folder.Path }).RunAsync(stop: Stop);

        Assert.Equal(
            [
                ("rejected/00000.parquet", $"row 1 has the uid {SomePairs.Pair(1_000_001).Uid}, which stands in 'shards/00003.parquet', row 1, too"),
                ("shards/00003.parquet", $"row 0 has the uid {SomePairs.Pair(2).Uid}, which stands in 'shards/00000.parquet', row 2, too"),
            ], report.Findings.Select(finding => (finding.File, finding.Problem)));
        Assert.Empty(Directory.GetDirectories(_folder.Path, "wit-uids-*"));
    }

    [Fact]
    public async Task A_query_beyond_its_cap_is_found()
    {
        await ExpectAsync("the query 'query 0' owns 3 pairs; 2 are allowed", options: new() { Cap = 2 });
        Assert.True((await new ShardVerifier(_store, new() { Cap = 3 }).RunAsync(stop: Stop)).IsClean);
    }

    [Fact]
    public async Task An_image_that_does_not_decode_is_found()
    {
        var third = Convert.ToHexString(SomePairs.Image(2, 300));

        await ExpectAsync("the image does not decode: truncated", "00000002",
            new() { Decode = image => Convert.ToHexString(image.Span) == third ? "truncated" : null });
    }

    [Fact]
    public async Task An_evaluation_image_is_found_by_its_score_and_by_comparing()
    {
        await ExpectAsync("its likeness to the evaluation image 'set/0001.jpg' is 0.5", "00000000", new() { EvaluationLimit = 0.5f });
        await ExpectAsync("is 0.5; 0.4 is one too many", "00000000", new() { EvaluationLimit = 0.9f, EvaluationLimits = new Dictionary<string, float> { ["set"] = 0.4f } });
        await ExpectAsync("it is the evaluation image 'set/7.jpg'", "00001002",
            new() { EvaluationImage = (row, _) => row.Uid == SomePairs.Pair(7).Uid.ToString() ? "set/7.jpg" : null });
    }

    [Fact]
    public async Task A_folder_without_shards_is_not_clean() =>
        Assert.False((await new ShardVerifier(new FolderStore(_folder.File("shards"))).RunAsync(stop: Stop)).IsClean);

    [Fact]
    public async Task Of_very_many_findings_the_first_are_listed_and_all_are_counted()
    {
        var report = await new ShardVerifier(_store, new() { Decode = _ => "no", MostFindings = 4 }).RunAsync(stop: Stop);

        Assert.Equal((15, 4), (report.Errors, report.Findings.Count));
    }

    [Fact]
    public async Task A_gap_that_a_tombstone_explains_is_no_error()
    {
        await RewriteTarAsync("00001", (row, samples) => samples.RemoveAt(row));
        await new DataSetManifest(_store).WriteTombstonesAsync([new("00001", "00001002", SomePairs.Pair(7).Uid.ToString(), "id")], "t", Stop);

        var report = await new ShardVerifier(_store).RunAsync(stop: Stop);

        Assert.DoesNotContain(report.Findings, finding => finding.Problem.Contains("is missing", StringComparison.Ordinal));
    }

    private string PathOf(string name) => _folder.File(name);

    private async Task ExpectAsync(string problemOrFile, string? key = null, VerifyOptions? options = null)
    {
        var report = await new ShardVerifier(_store, options).RunAsync(stop: Stop);

        Assert.False(report.IsClean);
        Assert.Contains(report.Findings, finding =>
            (finding.Problem.Contains(problemOrFile, StringComparison.Ordinal) || finding.File == problemOrFile) && (key is null || finding.Key == key));
    }

    private async Task<List<Parts>> SamplesAsync(string stem)
    {
        var samples = new List<Parts>();
        await foreach (var sample in new ShardReader(_store).SamplesAsync(stem, Stop))
            samples.Add(new(sample.Key, sample.Image!.Value.ToArray(), sample.Json!.Value.ToArray(), sample.Text!.Value.ToArray()));
        return samples;
    }

    /// <summary>Writes a tar again after a change to its third sample.</summary>
    private async Task RewriteTarAsync(string stem, Action<int, List<Parts>> change)
    {
        var samples = await SamplesAsync(stem);
        change(2, samples);
        await using var file = File.Create(PathOf(ShardNaming.Tar(stem)));
        var tar = new UstarWriter(file);
        foreach (var (key, image, json, text) in samples)
        {
            await tar.AddAsync($"{key}.jpg", image, Stop);
            await tar.AddAsync($"{key}.json", json, Stop);
            await tar.AddAsync($"{key}.txt", text, Stop);
        }
        await tar.FinishAsync(Stop);
    }

    private sealed record Parts(string Key, byte[] Image, byte[] Json, byte[] Text);

    private sealed class Recorder(List<VerifyProgress> steps) : IProgress<VerifyProgress>
    {
        public void Report(VerifyProgress value)
        {
            lock (steps)
                steps.Add(value);
        }
    }
}
