using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using WebImageText.Shards;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Tar;

namespace WebImageText.Tests.Shards;

public sealed class ShardWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FolderStore _store;
    private readonly ShardWriter _writer;

    public ShardWriterTests() => (_store, _writer) = (new(_folder.Path), new(new FolderStore(_folder.Path), new()));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_shard_is_a_tar_a_parquet_and_statistics()
    {
        var files = await _writer.StageAsync(12, "t", SomePairs.Pairs(5), SomePairs.Times, Stop);
        await _writer.PublishAsync(12, "t", stop: Stop);

        Assert.Equal(["00012.parquet", "00012.tar", "00012_stats.json"], Names());
        foreach (var file in files.All)
        {
            var bytes = File.ReadAllBytes(_folder.File(file.Name));
            Assert.Equal(file, new(file.Name, bytes.Length, SomePairs.Sha256(bytes)));
        }
    }

    [Fact]
    public async Task Each_sample_has_image_json_and_text_in_that_order_under_its_key()
    {
        var pairs = SomePairs.Pairs(5);
        await PublishAsync(12, pairs);

        var names = new List<string>();
        using (var tar = new TarReader(File.OpenRead(_folder.File("shards/00012.tar"))))
            while (await tar.GetNextEntryAsync(cancellationToken: Stop) is { } entry)
                names.Add(entry.Name);
        Assert.Equal(Enumerable.Range(0, 5).SelectMany(row => new[] { "jpg", "json", "txt" }, (row, type) => $"00012000{row}.{type}"), names);

        var samples = await SamplesAsync("00012");
        for (var row = 0; row < 5; row++)
        {
            Assert.Equal(pairs[row].Image.ToArray(), samples[row].Image!.Value.ToArray());
            Assert.Equal(pairs[row].Candidate.Caption!.Text, Encoding.UTF8.GetString(samples[row].Text!.Value.Span));
            Assert.Equal(SampleJson.Write(PairRow.Of(pairs[row], samples[row].Key), pairs[row].Candidate.Texts), samples[row].Json!.Value.ToArray());
        }
    }

    [Fact]
    public async Task The_exif_field_is_json_within_json()
    {
        await PublishAsync(0, SomePairs.Pairs(1));

        using var json = JsonDocument.Parse((await SamplesAsync("00000"))[0].Json!.Value);
        using var exif = JsonDocument.Parse(json.RootElement.GetProperty("exif").GetString()!);
        Assert.Equal("Canon", exif.RootElement.GetProperty("Image Make").GetString());
    }

    [Fact]
    public async Task The_statistics_are_those_of_img2dataset()
    {
        await PublishAsync(0, SomePairs.Pairs(5));

        Assert.Equal(
            """
            {
                "count": 5,
                "successes": 5,
                "failed_to_download": 0,
                "failed_to_resize": 0,
                "duration": 90.0,
                "start_time": 1749283750.123456,
                "end_time": 1749283840.123456,
                "status_dict": {
                    "success": 5
                }
            }
            """, File.ReadAllText(_folder.File("shards/00000_stats.json")));
        Assert.Equal(new(5, 5, SomePairs.Times), ShardStats.Parse(File.ReadAllBytes(_folder.File("shards/00000_stats.json")), "x"));
    }

    [Fact]
    public async Task The_same_pairs_give_the_same_bytes()
    {
        var first = await _writer.StageAsync(0, "a", SomePairs.Pairs(50), SomePairs.Times, Stop);
        await Task.Delay(1100, Stop); // a clock in any header would tick
        var second = await _writer.StageAsync(0, "b", SomePairs.Pairs(50), SomePairs.Times, Stop);

        Assert.Equal(first.All, second.All);
    }

    [Fact]
    public async Task Before_publishing_nothing_matches_what_readers_look_for()
    {
        await _writer.StageAsync(0, "t", SomePairs.Pairs(5), SomePairs.Times, Stop);

        Assert.All(Names(), name => Assert.Matches(@"^\..*\.tmp$", name));
    }

    [Fact]
    public async Task A_kill_between_any_two_steps_of_publishing_is_made_good_by_publishing_again()
    {
        await _writer.StageAsync(0, "t", SomePairs.Pairs(5), SomePairs.Times, Stop);
        foreach (var published in new[] { "00000.tar", "00000.parquet" })
        {
            await _store.PublishAsync("shards/" + published, "t", stop: Stop);
            Assert.False(File.Exists(_folder.File("shards/00000_stats.json"))); // not committed yet
        }

        await _writer.PublishAsync(0, "t", Existing.Refuse, Stop);
        await _writer.PublishAsync(0, "t", Existing.Refuse, Stop);

        Assert.Equal(["00000.parquet", "00000.tar", "00000_stats.json"], Names());
    }

    [Fact]
    public async Task Only_statistics_match_json_in_the_folder_of_shards()
    {
        await PublishAsync(0, SomePairs.Pairs(5));

        // img2dataset resumes by int(name.split("_")[0]) over every *.json there
        Assert.All(Directory.GetFiles(_folder.File("shards"), "*.json"), file => int.Parse(Path.GetFileName(file).Split('_')[0], null));
    }

    [Fact]
    public async Task A_shard_that_could_not_be_read_back_is_not_written()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _writer.StageAsync(0, "t", [], SomePairs.Times, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => _writer.StageAsync(0, "t", [SomePairs.Pair(1), SomePairs.Pair(1)], SomePairs.Times, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => new ShardWriter(_store, new(4)).StageAsync(0, "t", SomePairs.Pairs(5), SomePairs.Times, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            _writer.StageAsync(0, "t", [SomePairs.Pair(1) with { Image = "<html>"u8.ToArray() }], SomePairs.Times, Stop));

        Assert.Empty(Names());
    }

    private async Task PublishAsync(int number, IReadOnlyList<Pair> pairs)
    {
        await _writer.StageAsync(number, "t", pairs, SomePairs.Times, Stop);
        await _writer.PublishAsync(number, "t", stop: Stop);
    }

    private async Task<List<Sample>> SamplesAsync(string stem)
    {
        var samples = new List<Sample>();
        await using var tar = await _store.OpenReadAsync(ShardNaming.Tar(stem), stop: Stop);
        await foreach (var sample in new ShardTarReader(tar, stem).SamplesAsync(Stop))
            samples.Add(sample);
        return samples;
    }

    private string[] Names() => Directory.Exists(_folder.File("shards"))
        ? [.. Directory.GetFiles(_folder.File("shards")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)]
        : [];
}
