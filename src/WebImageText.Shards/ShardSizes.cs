using System.Text.Json;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;

namespace WebImageText.Shards;

/// <summary><c>shards/sizes.json</c>: how many samples each tar holds, as open_clip reads it beside the shards.</summary>
public static class ShardSizes
{
    /// <summary>Its name in the store.</summary>
    public const string FileName = ShardNaming.Folder + "sizes.json";

    private const int MostBytes = 256 << 20;

    /// <summary>Writes the file: <c>{"00000.tar": 10000, ...}</c>, in order.</summary>
    /// <param name="store">Where the data set lives.</param>
    /// <param name="sizes">Samples by shard, <c>00000</c> and on.</param>
    /// <param name="token">Tells this writer apart.</param>
    /// <param name="stop">Gives up.</param>
    public static Task<StoredFile> WriteAsync(
        IShardStore store, IReadOnlyDictionary<string, long> sizes, string token, CancellationToken stop = default)
    {
        using var bytes = new MemoryStream();
        using (var json = PythonJson.Writer(bytes))
        {
            json.WriteStartObject();
            foreach (var (stem, count) in sizes.OrderBy(size => size.Key, StringComparer.Ordinal))
                json.WriteNumber($"{stem}.tar", count);
            json.WriteEndObject();
        }
        return store.WriteAllAsync(FileName, token, bytes.ToArray(), stop);
    }

    /// <summary>Writes the file anew from the statistics of all committed shards.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> RebuildAsync(IShardStore store, string token, CancellationToken stop = default)
    {
        var reader = new ShardReader(store);
        var sizes = new Dictionary<string, long>();
        await foreach (var stem in reader.ShardsAsync(stop))
            sizes[stem] = (await reader.StatsAsync(stem, stop)).Successes;
        await WriteAsync(store, sizes, token, stop);
        return sizes;
    }

    /// <summary>Samples by shard; null where there is no such file.</summary>
    /// <exception cref="ShardFormatException">The file is not of that form.</exception>
    public static async Task<IReadOnlyDictionary<string, long>?> ReadAsync(IShardStore store, CancellationToken stop = default)
    {
        if (await store.FindAsync(FileName, stop) is null)
            return null;
        try
        {
            var sizes = JsonSerializer.Deserialize<Dictionary<string, long>>(await store.ReadAllAsync(FileName, MostBytes, stop)) ?? [];
            return sizes.ToDictionary(size => Path.GetFileNameWithoutExtension(size.Key), size => size.Value);
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
            throw new ShardFormatException(FileName, $"it is not {{\"00000.tar\": 10000, ...}}: {broken.Message}", broken);
        }
    }
}
