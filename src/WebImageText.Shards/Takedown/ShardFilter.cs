using WebImageText.Shards.Manifest;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Tar;

namespace WebImageText.Shards.Takedown;

/// <summary>
/// Writes a shard again without some of its keys; what stays keeps its key and every byte. To filter what is filtered changes nothing,
/// so that the work may be repeated wherever it was cut off.
/// </summary>
internal sealed class ShardFilter(IShardStore store)
{
    /// <summary>
    /// Stages tar and parquet, takes the old commit mark away, makes both visible and writes the new mark: between old and new the
    /// shard is not there, never half of each. A mark that were staged while the old one is deleted might go with it.
    /// </summary>
    /// <returns>The shard's line of the ledger.</returns>
    public async Task<LedgerLine> RewriteAsync(string stem, string token, IReadOnlySet<string> without, ShardTimes times, CancellationToken stop)
    {
        var rows = new List<PairRow>();
        await foreach (var row in new ShardReader(store).RowsAsync(stem, null, stop))
            if (row.Key is null || !without.Contains(row.Key))
                rows.Add(row);
        var samples = 0L;
        var tar = await store.StageAsync(ShardNaming.Tar(stem), token, WriteTarAsync, stop);
        var parquet = await store.StageAsync(ShardNaming.Parquet(stem), token,
            (stream, cancel) => ParquetTable.WriteAsync(stream, PairColumns.All, rows, cancel), stop);
        await store.DeleteAsync(ShardNaming.Stats(stem), stop);
        await store.PublishAsync(ShardNaming.Tar(stem), token, Existing.Replace, stop);
        await store.PublishAsync(ShardNaming.Parquet(stem), token, Existing.Replace, stop);
        var stats = await store.WriteAllAsync(ShardNaming.Stats(stem), token, new ShardStats(rows.Count, samples, times).ToJson(), stop);
        return new(stem, samples, LedgerFile.Of(tar), LedgerFile.Of(parquet), LedgerFile.Of(stats));

        async Task WriteTarAsync(Stream stream, CancellationToken cancel)
        {
            var writer = new UstarWriter(stream);
            await foreach (var sample in new ShardReader(store).SamplesAsync(stem, cancel))
            {
                if (without.Contains(sample.Key))
                    continue;
                foreach (var (extension, content) in sample.Members)
                    await writer.AddAsync($"{sample.Key}.{extension}", content, cancel);
                samples++;
            }
            await writer.FinishAsync(cancel);
        }
    }
}
