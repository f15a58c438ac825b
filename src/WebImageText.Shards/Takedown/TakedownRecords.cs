using WebImageText.Shards.Manifest;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;

namespace WebImageText.Shards.Takedown;

/// <summary>The files that count and list what the shards hold, brought up to date after shards were rewritten. May be repeated.</summary>
internal sealed class TakedownRecords(IShardStore store, DataSetManifest manifest)
{
    public async Task WriteAsync(TakedownPlan plan, IReadOnlyList<Tombstone> tombstones, IReadOnlyList<LedgerLine> after, CancellationToken stop)
    {
        var changed = after.ToDictionary(line => line.Shard);
        await WriteRejectionsAsync(plan, stop);
        await manifest.WriteTombstonesAsync((await manifest.ReadTombstonesAsync(stop)).Union(tombstones), plan.Id, stop);
        if (await manifest.ReadLedgerAsync(stop) is { Count: > 0 } ledger)
            await manifest.WriteLedgerAsync(ledger.Select(line => changed.GetValueOrDefault(line.Shard, line)), plan.Id, stop);
        if (await ShardSizes.ReadAsync(store, stop) is { } sizes)
            await ShardSizes.WriteAsync(store, sizes.ToDictionary(size => size.Key, size => changed.GetValueOrDefault(size.Key)?.Count ?? size.Value), plan.Id, stop);
        else
            await ShardSizes.RebuildAsync(store, plan.Id, stop);
    }

    /// <summary>Each candidate ends in one place: these end here, by name, address and reason, without the text that went with them.</summary>
    private Task WriteRejectionsAsync(TakedownPlan plan, CancellationToken stop)
    {
        var rows = plan.Shards.SelectMany(shard => shard.Pairs).Where(pair => pair.Uid is not null).Select(pair => new RejectionRow
        {
            Uid = pair.Uid,
            Url = pair.Url,
            Reason = DropReason.TakenDown.Word(),
            Detail = $"{plan.Id}: {pair.Entry}",
            At = PairRow.Microseconds(plan.At),
        }).ToList();
        return rows.Count == 0 ? Task.CompletedTask : WriteAsync();

        async Task WriteAsync()
        {
            await store.StageAsync(plan.RejectedName, plan.Id, (stream, cancel) => ParquetTable.WriteAsync(stream, RejectionColumns.All, rows, cancel), stop);
            await store.PublishAsync(plan.RejectedName, plan.Id, Existing.Replace, stop);
        }
    }
}
