using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Tar;

namespace WebImageText.Shards.Export;

/// <summary>Writes a data set in the form that another program expects, shard by shard; what is there already is left.</summary>
/// <param name="from">The data set; not changed.</param>
/// <param name="to">Where the other form goes.</param>
public sealed class DataSetExport(IShardStore from, IShardStore to)
{
    private const string Token = "export";

    private readonly ShardReader _reader = new(from);

    /// <summary>Exports every committed shard.</summary>
    /// <param name="profile">The form.</param>
    /// <param name="progress">Hears after every shard how many are done, of how many.</param>
    /// <param name="stop">Gives up; the next call goes on.</param>
    /// <returns>Shards and samples of the data set.</returns>
    /// <exception cref="ShardFormatException">A shard is damaged.</exception>
    /// <exception cref="NotSupportedException">Files are for a local folder.</exception>
    public async Task<(int Shards, long Samples)> RunAsync(ExportProfile profile, IProgress<(int Done, int Of)>? progress = null, CancellationToken stop = default)
    {
        var stems = new List<string>();
        await foreach (var stem in _reader.ShardsAsync(stop))
            stems.Add(stem);
        var (samples, done) = (0L, 0);
        await Parallel.ForEachAsync(stems, stop, async (stem, cancel) =>
        {
            await (profile switch
            {
                ExportProfile.Metaclip => MetaclipAsync(stem, cancel),
                ExportProfile.Files => FilesAsync(stem, cancel),
                _ => ParquetAsync(stem, cancel),
            });
            Interlocked.Add(ref samples, (await _reader.StatsAsync(stem, cancel)).Successes);
            progress?.Report((Interlocked.Increment(ref done), stems.Count));
        });
        return (stems.Count, samples);
    }

    /// <summary>A tar in a folder of its hundred, as MetaCLIP's loader looks for it: <c>{shard % 100}/{shard}.tar</c>.</summary>
    private async Task MetaclipAsync(string stem, CancellationToken stop)
    {
        var number = int.Parse(stem, null);
        var name = $"{number % 100}/{number}.tar";
        if (await to.FindAsync(name, stop) is not null)
            return;
        await to.StageAsync(name, Token, async (stream, cancel) =>
        {
            var tar = new UstarWriter(stream);
            await foreach (var (row, sample) in SamplesAsync(stem, cancel))
            {
                var uuid = row.Uid ?? sample.Key;
                await tar.AddAsync($"{uuid}.json", MetaclipJson.Write(uuid, row, SampleJson.Texts(sample.Json!.Value)), cancel);
                await tar.AddAsync($"{uuid}.jpeg", sample.Image!.Value, cancel);
            }
            await tar.FinishAsync(cancel);
        }, stop);
        await to.PublishAsync(name, Token, stop: stop);
    }

    /// <summary>img2dataset's output format <c>files</c>: a folder a shard, three files a sample.</summary>
    private async Task FilesAsync(string stem, CancellationToken stop)
    {
        if (to is not FolderStore)
            throw new NotSupportedException($"Single files are written to a folder of this machine, and {to.Location} is none.");
        var (made, whole) = (Path.Combine(to.Location, $".{stem}.{Token}.tmp"), Path.Combine(to.Location, stem));
        if (Directory.Exists(whole))
            return;
        Directory.CreateDirectory(made);
        await foreach (var sample in _reader.SamplesAsync(stem, stop))
            foreach (var (extension, content) in sample.Members)
                await File.WriteAllBytesAsync(Path.Combine(made, $"{sample.Key}.{extension}"), content, stop);
        Directory.Move(made, whole);
    }

    /// <summary>img2dataset's output format <c>parquet</c>: the images in a column of the sidecar.</summary>
    private async Task ParquetAsync(string stem, CancellationToken stop)
    {
        var (name, mark) = ($"{stem}.parquet", $"{stem}_stats.json");
        if (await to.FindAsync(mark, stop) is not null)
            return;
        string? column = null;
        await foreach (var sample in _reader.SamplesAsync(stem, stop))
        {
            column = ImageExtension.Of(sample.Image!.Value.Span);
            break;
        }
        await to.StageAsync(name, Token, (stream, cancel) => ParquetTable.WriteImagesAsync(
            stream, column ?? "jpg", SamplesAsync(stem, cancel).Select(pair => (pair.Row, pair.Sample.Image!.Value.ToArray())), cancel), stop);
        await to.PublishAsync(name, Token, stop: stop);
        await to.WriteAllAsync(mark, Token, await from.ReadAllAsync(ShardNaming.Stats(stem), 1 << 20, stop), stop);
    }

    private async IAsyncEnumerable<(PairRow Row, Sample Sample)> SamplesAsync(
        string stem, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var rows = new Dictionary<string, PairRow>();
        await foreach (var row in _reader.RowsAsync(stem, null, stop))
            if (row.Key is { } key)
                rows[key] = row;
        await foreach (var sample in _reader.SamplesAsync(stem, stop))
            yield return sample.Image is not null && sample.Json is not null && rows.TryGetValue(sample.Key, out var row)
                ? (row, sample)
                : throw new ShardFormatException(ShardNaming.Tar(stem), $"the sample '{sample.Key}' has no image, no json or no row. Verify the data set first.");
    }
}

/// <summary>Forms that other programs expect.</summary>
public enum ExportProfile
{
    /// <summary>MetaCLIP: tars of uid.json and uid.jpeg in folders of the shard's number by 100.</summary>
    Metaclip,
    /// <summary>img2dataset's single files.</summary>
    Files,
    /// <summary>img2dataset's parquet with the images inside.</summary>
    Parquet,
}
