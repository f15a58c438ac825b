using System.Collections.Concurrent;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;

namespace WebImageText.Shards.Takedown;

/// <summary>Finds in the sidecars what a list names: a few columns of each, never a tar.</summary>
internal sealed class TakedownSearch(IShardStore store, int parallel)
{
    /// <summary>Searches every committed shard.</summary>
    /// <returns>How many shards there are, and what those lose that lose anything, in order.</returns>
    /// <exception cref="ShardFormatException">A sidecar cannot be read, or has columns that a rewrite would lose.</exception>
    public async Task<(int Searched, IReadOnlyList<ShardPlan> Shards)> RunAsync(
        TakedownList list, IProgress<TakedownProgress>? progress, CancellationToken stop)
    {
        var reader = new ShardReader(store);
        var stems = new List<string>();
        await foreach (var stem in reader.ShardsAsync(stop))
            stems.Add(stem);
        var ledger = (await new DataSetManifest(store).ReadLedgerAsync(stop)).ToDictionary(line => line.Shard);
        var found = new ConcurrentBag<ShardPlan>();
        var done = 0;
        await Parallel.ForEachAsync(stems, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = stop }, async (stem, cancel) =>
        {
            var pairs = new List<PlannedPair>();
            await foreach (var row in reader.RowsAsync(stem, TakedownList.Columns, cancel))
                if (row.Key is { } key && list.Why(row) is { } entry)
                    pairs.Add(new(key, row.Uid, row.Url, entry));
            if (pairs.Count > 0)
                found.Add(await PlanAsync(reader, stem, pairs, ledger.GetValueOrDefault(stem), cancel));
            progress?.Report(new("searched", Interlocked.Increment(ref done), stems.Count));
        });
        return (stems.Count, [.. found.OrderBy(shard => shard.Before.Shard, StringComparer.Ordinal)]);
    }

    private async Task<ShardPlan> PlanAsync(ShardReader reader, string stem, List<PlannedPair> pairs, LedgerLine? line, CancellationToken stop)
    {
        var lost = await reader.ForeignColumnsAsync(stem, stop);
        if (lost.Count > 0)
            throw new ShardFormatException(ShardNaming.Parquet(stem),
                $"it has columns that are not of this program and would be lost: {string.Join(", ", lost)}. Take its rows down with the program that wrote it.");
        var stats = await reader.StatsAsync(stem, stop);
        return new(line ?? await LedgerFiles.LineAsync(store, stem, stats.Successes, stop), stats.Times, pairs);
    }
}
