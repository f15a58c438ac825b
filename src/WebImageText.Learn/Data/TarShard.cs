using System.Text.Json;
using WebImageText.Shards;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Tar;

namespace WebImageText.Learn.Data;

/// <summary>One tar of a training set.</summary>
/// <param name="Store">The folder or blob prefix that holds it.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Samples">How many samples it holds.</param>
public sealed record TarShard(IShardStore Store, string Name, long Samples)
{
    /// <summary>Where it is, for messages.</summary>
    public string Location => $"{Store.Location}/{Name}";

    /// <summary>
    /// Finds the tars that a pattern means: <c>shards/{00000..00041}.tar</c>, <c>az://container/prefix/{0..9}.tar</c>, several
    /// joined by <c>::</c>, or the place of a data set, which stands for all its committed shards.
    /// </summary>
    /// <remarks>
    /// Sizes come from <c>sizes.json</c> beside the tars, then from a shard's <c>_stats.json</c>; a tar that has neither is read
    /// once to count its samples.
    /// </remarks>
    /// <exception cref="FormatException">The pattern is malformed.</exception>
    /// <exception cref="FileNotFoundException">A tar is missing, or the data set has no shard.</exception>
    public static async Task<IReadOnlyList<TarShard>> FindAsync(string pattern, CancellationToken stop = default)
    {
        var shards = new List<TarShard>();
        var folders = new Dictionary<string, (IShardStore Store, IReadOnlyDictionary<string, long> Sizes)>();
        foreach (var part in pattern.Split("::", StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var path in part.EndsWith(".tar", StringComparison.Ordinal) ? ShardPattern.Expand(part) : await OfDataSetAsync(part, stop))
            {
                var slash = path.LastIndexOf('/');
                var (folder, name) = slash < 0 ? (".", path) : (path[..slash], path[(slash + 1)..]);
                if (!folders.TryGetValue(folder, out var place))
                {
                    var store = ShardStores.Open(folder);
                    folders[folder] = place = (store, await SizesAsync(store, stop));
                }
                shards.Add(new(place.Store, name, await CountAsync(place.Store, name, place.Sizes, stop)));
            }
        }
        return shards.Count > 0 ? shards : throw new FileNotFoundException(
            $"'{pattern}' names no shard. Give tars, such as 'shards/{{00000..00041}}.tar', or the folder of a data set.");
    }

    private static async Task<IReadOnlyList<string>> OfDataSetAsync(string location, CancellationToken stop)
    {
        var names = new List<string>();
        await foreach (var stem in new ShardReader(ShardStores.Open(location)).ShardsAsync(stop))
            names.Add($"{location.TrimEnd('/')}/{ShardNaming.Tar(stem)}");
        return names;
    }

    private static async Task<IReadOnlyDictionary<string, long>> SizesAsync(IShardStore store, CancellationToken stop)
    {
        const string Name = "sizes.json";
        if (await store.FindAsync(Name, stop) is null)
            return new Dictionary<string, long>();
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, long>>(await store.ReadAllAsync(Name, 256 << 20, stop)) ?? [];
        }
        catch (JsonException broken)
        {
            throw new ShardFormatException($"{store.Location}/{Name}", $"it is not {{\"00000.tar\": 10000, ...}}: {broken.Message}", broken);
        }
    }

    private static async Task<long> CountAsync(IShardStore store, string name, IReadOnlyDictionary<string, long> sizes, CancellationToken stop)
    {
        if (await store.FindAsync(name, stop) is null)
            throw new FileNotFoundException($"'{store.Location}/{name}' does not exist.");
        if (sizes.TryGetValue(name, out var size))
            return size;
        var stats = Path.GetFileNameWithoutExtension(name) + "_stats.json";
        if (await store.FindAsync(stats, stop) is not null)
            return ShardStats.Parse(await store.ReadAllAsync(stats, 1 << 20, stop), stats).Successes;
        await using var tar = await store.OpenReadAsync(name, stop: stop);
        return await new ShardTarReader(tar, name).SamplesAsync(stop).CountAsync(stop);
    }
}
