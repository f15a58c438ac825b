using WebImageText.Cli.Terminal;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Dedup.Search;
using WebImageText.Shards;
using WebImageText.Shards.Stores;

namespace WebImageText.Cli.Dedup;

/// <summary>The descriptors of a crawl, with a name for every row: a data set's from its sidecars or its images, or a file's.</summary>
/// <param name="Rows">The descriptors.</param>
/// <param name="Names">Of every row: the uid in a data set, the line of a list, or the row's number.</param>
/// <param name="Places">Of every row: its shard and key in a data set; empty for a file.</param>
/// <param name="Without">Pictures without a descriptor: too few features, or not decoded.</param>
internal sealed record CrawlSource(DescriptorRows Rows, IReadOnlyList<string> Names, IReadOnlyList<CrawlPlace> Places, int Without) : IDisposable
{
    private static readonly HashSet<string> Columns = ["uid", "key", "pdq", "descriptor"];

    /// <summary>Reads the descriptors of <paramref name="source"/> that can be compared with an index.</summary>
    /// <param name="source">A data set's location, a descriptor file, or a bare <c>.f32</c> file.</param>
    /// <param name="model">Hash of the model wanted.</param>
    /// <param name="dimension">Numbers of its descriptors.</param>
    /// <param name="list">Names of the rows of a file, one a line.</param>
    /// <param name="fromImages">Makes the descriptors of a data set's images anew.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<CrawlSource> OpenAsync(
        string source, string model, int dimension, string? list, Describer? fromImages, CancellationToken stop)
    {
        if (File.Exists(source))
            return OfFile(source, dimension, list);
        var reader = new ShardReader(ShardStores.Open(source));
        var (rows, names, places, without) = (new List<float[]>(), new List<string>(), new List<CrawlPlace>(), 0);
        await foreach (var shard in reader.ShardsAsync(stop))
        {
            if (fromImages is not null)
            {
                await foreach (var batch in Batches(reader.SamplesAsync(shard, stop), 256))
                {
                    var described = new float[]?[batch.Count];
                    Parallel.For(0, batch.Count, new ParallelOptions { CancellationToken = stop }, at =>
                        described[at] = fromImages.TryDescribe(batch[at].Image ?? default, withViews: false, out var made) is null && !made.IsFeatureless ? made.Rows : null);
                    for (var at = 0; at < batch.Count; at++)
                        Take(described[at], UidOf(batch[at].Json) ?? batch[at].Key, new(shard, batch[at].Key));
                }
                continue;
            }
            await foreach (var row in reader.RowsAsync(shard, Columns, stop))
                Take(Stored(row.Pdq, row.Descriptor), row.Uid ?? row.Key ?? "", new(shard, row.Key ?? ""));
        }
        if (names.Count + without == 0)
            throw UserErrorException.BadData($"'{source}' holds no committed shard.");
        if (names.Count == 0)
            throw UserErrorException.BadData($"'{source}' has no stored descriptors of this model in {without} rows. Give --from-images to make them of its images.");
        var flat = new float[checked(names.Count * dimension)];
        for (var at = 0; at < rows.Count; at++)
            rows[at].CopyTo(flat, at * dimension);
        return new(new DescriptorMatrix(source, model, dimension, flat), names, places, without);

        void Take(float[]? row, string name, CrawlPlace place)
        {
            if (row is null)
            {
                without++;
                return;
            }
            rows.Add(row);
            names.Add(name);
            places.Add(place);
        }

        float[]? Stored(string? pdq, byte[]? descriptor)
        {
            if (model == PdqDescriber.ModelHash)
            {
                if (pdq is null)
                    return null;
                var row = new float[PdqDescriber.Bits];
                PdqDescriber.Write(PdqHash.Parse(pdq), row);
                return row;
            }
            return descriptor is null ? null : StoredDescriptor.TryRead(descriptor, model, dimension, out var wrong)
                ?? throw UserErrorException.BadData($"'{source}': {wrong}");
        }
    }

    public void Dispose() => (Rows as IDisposable)?.Dispose();

    private static CrawlSource OfFile(string path, int dimension, string? list)
    {
        try
        {
            var file = path.EndsWith(".f32", StringComparison.OrdinalIgnoreCase) ? DescriptorFile.OpenBare(path, dimension) : DescriptorFile.Open(path);
            var names = list is null ? [.. Enumerable.Range(0, (int)file.Count).Select(row => $"{row}")] : File.ReadAllLines(list).Where(line => line.Length > 0).ToArray();
            return names.Length == file.Count
                ? new(file, names, [], 0)
                : throw UserErrorException.BadData($"'{path}' has {file.Count} rows and '{list}' {names.Length} lines: they do not belong together.");
        }
        catch (InvalidDataException wrong)
        {
            throw UserErrorException.BadData(wrong.Message);
        }
    }

    private static async IAsyncEnumerable<List<T>> Batches<T>(IAsyncEnumerable<T> items, int size)
    {
        var batch = new List<T>(size);
        await foreach (var item in items)
        {
            batch.Add(item);
            if (batch.Count < size)
                continue;
            yield return batch;
            batch = new(size);
        }
        if (batch.Count > 0)
            yield return batch;
    }

    private static string? UidOf(ReadOnlyMemory<byte>? json)
    {
        if (json is not { } text)
            return null;
        using var parsed = System.Text.Json.JsonDocument.Parse(text);
        return parsed.RootElement.TryGetProperty("uid", out var uid) ? uid.GetString() : null;
    }
}

/// <summary>Where a picture of a data set lies.</summary>
internal readonly record struct CrawlPlace(string Shard, string Key);
