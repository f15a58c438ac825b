using System.Runtime.CompilerServices;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Tar;

namespace WebImageText.Shards;

/// <summary>Reads a data set: its committed shards, their samples, their rows. A shard is named by its stem, <c>00012</c>.</summary>
/// <param name="store">Where the data set lives.</param>
/// <param name="limits">How much a tar may ask for; null for the defaults.</param>
public sealed class ShardReader(IShardStore store, ShardTarLimits? limits = null)
{
    private const string StatsSuffix = "_stats.json";
    private const int MostStatsBytes = 1 << 20;

    /// <summary>Bytes of one parquet, at most: it is held in memory while it is read.</summary>
    internal const int MostParquetBytes = 1 << 30;

    /// <summary>The stems of the committed shards, in order: those that have statistics.</summary>
    public async IAsyncEnumerable<string> ShardsAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        await foreach (var file in store.ListAsync(ShardNaming.Folder, stop))
            if (StemOf(file.Name, StatsSuffix) is { } stem)
                yield return stem;
    }

    /// <summary>What a shard's statistics say.</summary>
    /// <exception cref="ShardFormatException">They are not of img2dataset's form.</exception>
    public async Task<ShardStats> StatsAsync(string shard, CancellationToken stop = default)
    {
        var name = ShardNaming.Stats(shard);
        return ShardStats.Parse(await store.ReadAllAsync(name, MostStatsBytes, stop), name);
    }

    /// <summary>The samples of a shard's tar, in order.</summary>
    /// <inheritdoc cref="ShardTarReader.SamplesAsync" path="/exception"/>
    public async IAsyncEnumerable<Sample> SamplesAsync(string shard, [EnumeratorCancellation] CancellationToken stop = default)
    {
        var name = ShardNaming.Tar(shard);
        await using var tar = await store.OpenReadAsync(name, stop: stop);
        await foreach (var sample in new ShardTarReader(tar, name, limits).SamplesAsync(stop))
            yield return sample;
    }

    /// <summary>The rows of a shard's parquet, in order.</summary>
    /// <param name="shard">Its stem.</param>
    /// <param name="columns">Names of the columns to read, the others stay empty; null reads all.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="ShardFormatException">The parquet is damaged.</exception>
    public IAsyncEnumerable<PairRow> RowsAsync(string shard, IReadOnlySet<string>? columns = null, CancellationToken stop = default) =>
        ReadRowsAsync(ShardNaming.Parquet(shard), columns, PairColumns.Read, stop);

    /// <summary>The columns of a shard's parquet that <see cref="RowsAsync"/> does not read: of another writer, or of another type.</summary>
    internal async Task<IReadOnlyList<string>> ForeignColumnsAsync(string shard, CancellationToken stop)
    {
        var name = ShardNaming.Parquet(shard);
        using var parquet = new MemoryStream(await store.ReadAllAsync(name, MostParquetBytes, stop), writable: false);
        var known = PairColumns.All.Select(column => column.Name).ToHashSet();
        return [.. (await ParquetTable.ColumnsAsync(parquet, name, stop)).Where(column => !column.IsRead || !known.Contains(column.Name)).Select(column => column.Name)];
    }

    /// <summary>The names of the files of rejections, in order.</summary>
    public async IAsyncEnumerable<string> RejectedFilesAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        await foreach (var file in store.ListAsync("rejected/", stop))
            if (file.Name.EndsWith(".parquet", StringComparison.Ordinal))
                yield return file.Name;
    }

    /// <summary>The rows of a file of rejections, in order.</summary>
    /// <param name="name">As <see cref="RejectedFilesAsync"/> gives it.</param>
    /// <param name="columns">Names of the columns to read, the others stay empty; null reads all.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="ShardFormatException">The parquet is damaged.</exception>
    public IAsyncEnumerable<RejectionRow> RejectionsAsync(string name, IReadOnlySet<string>? columns = null, CancellationToken stop = default) =>
        ReadRowsAsync(name, columns, RejectionColumns.Read, stop);

    /// <summary>The stem of a file in the folder of shards that ends in <paramref name="suffix"/>: decimal digits; else null.</summary>
    internal static string? StemOf(string name, string suffix)
    {
        if (!name.StartsWith(ShardNaming.Folder, StringComparison.Ordinal) || !name.EndsWith(suffix, StringComparison.Ordinal))
            return null;
        var stem = name[ShardNaming.Folder.Length..^suffix.Length];
        return stem.Length is > 0 and < 10 && stem.All(char.IsAsciiDigit) ? stem : null;
    }

    private async IAsyncEnumerable<T> ReadRowsAsync<T>(
        string name, IReadOnlySet<string>? columns, Func<ParquetBatch, int, T> read, [EnumeratorCancellation] CancellationToken stop)
    {
        using var parquet = new MemoryStream(await store.ReadAllAsync(name, MostParquetBytes, stop), writable: false);
        await foreach (var batch in ParquetTable.ReadAsync(parquet, name, columns, stop))
            for (var at = 0; at < batch.Count; at++)
                yield return read(batch, at);
    }
}
