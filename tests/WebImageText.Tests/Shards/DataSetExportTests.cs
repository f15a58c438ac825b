using System.Text.Json;
using WebImageText.Shards;
using WebImageText.Shards.Export;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;

namespace WebImageText.Tests.Shards;

public sealed class DataSetExportTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FolderStore _from;
    private readonly FolderStore _to;

    public DataSetExportTests() => (_from, _to) = (new(_folder.File("from")), new(_folder.File("to")));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Metaclip_finds_a_jpeg_and_its_texts_under_each_uid()
    {
        await ExportAsync(ExportProfile.Metaclip);

        Assert.Equal(["0/0.tar", "1/1.tar", "2/2.tar"], _to.ListAsync("", Stop).ToBlockingEnumerable(Stop).Select(file => file.Name));
        var samples = SampleReader.ReadAsync(_folder.File("to/1/1.tar"), stop: Stop).ToBlockingEnumerable(Stop).ToList();
        var pair = SomePairs.Pair(6);
        var sample = samples.Single(sample => sample.Key == pair.Uid.ToString());
        Assert.Equal(["jpeg", "json"], sample.Members.Keys.Order());
        Assert.Equal(pair.Image.ToArray(), sample.Members["jpeg"].ToArray());
        using var json = JsonDocument.Parse(sample.Json!.Value);
        Assert.Equal(["alt", pair.Candidate.Texts[0].Text], json.RootElement.GetProperty("texts")[0].EnumerateArray().Select(text => text.GetString()));
        Assert.Equal(2, json.RootElement.GetProperty("texts").GetArrayLength());
    }

    [Fact]
    public async Task Files_stand_in_a_folder_a_shard_and_what_was_cut_off_is_written_again()
    {
        Directory.CreateDirectory(_folder.File("to/.00001.export.tmp"));

        await ExportAsync(ExportProfile.Files);

        Assert.Equal(["00000", "00001", "00002"], Directory.GetDirectories(_folder.File("to")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(15, Directory.GetFiles(_folder.File("to/00001")).Length);
        Assert.Equal(SomePairs.Pair(5).Image.ToArray(), File.ReadAllBytes(_folder.File("to/00001/10.jpg".Replace("10", new ShardNaming(5).Key(1, 0), StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Parquet_holds_the_images_for_another_reader()
    {
        await ExportAsync(ExportProfile.Parquet);

        var rows = Duck.Ask($"select uid, to_base64(jpg), key from '{_folder.File("to/00001.parquet")}' order by key");
        Assert.Equal(5, rows.Count);
        Assert.Equal(Enumerable.Range(5, 5).Select(number => SomePairs.Pair(number).Uid.ToString()), rows.Select(row => row[0]));
        Assert.Equal(Convert.ToBase64String(SomePairs.Pair(7).Image.Span), rows[2][1]);
        Assert.Equal(5, ShardStats.Parse(File.ReadAllBytes(_folder.File("to/00001_stats.json")), "x").Successes);
    }

    private async Task ExportAsync(ExportProfile profile)
    {
        await SomeDataSet.WriteAsync(_from, 3, 5, Stop);
        Assert.Equal((3, 15), await new DataSetExport(_from, _to).RunAsync(profile, stop: Stop));
        Assert.Equal((3, 15), await new DataSetExport(_from, _to).RunAsync(profile, stop: Stop)); // again: all is there
    }
}
