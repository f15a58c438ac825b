using WebImageText.Shards;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Stores;

namespace WebImageText.Tests.Shards;

/// <summary>A whole small data set, as a run leaves it.</summary>
internal static class SomeDataSet
{
    /// <summary>Writes shards of consecutive pairs, a file of as many rejections, sizes and manifest.</summary>
    public static async Task WriteAsync(
        IShardStore store, int shards, int pairsPerShard, CancellationToken stop, int? shardSize = null, Func<int, Pair>? pair = null)
    {
        var naming = new ShardNaming(shardSize ?? pairsPerShard);
        var writer = new ShardWriter(store, naming);
        var ledger = new List<LedgerLine>();
        for (var shard = 0; shard < shards; shard++)
        {
            var pairs = Enumerable.Range(shard * pairsPerShard, pairsPerShard).Select(pair ?? (number => SomePairs.Pair(number))).ToList();
            ledger.Add(LedgerLine.Of(await writer.StageAsync(shard, "run", pairs, SomePairs.Times, stop), naming));
            await writer.PublishAsync(shard, "run", Existing.Refuse, stop);
        }
        var rejections = new RejectionWriter(store, naming);
        await rejections.StageAsync(0, "run",
            [.. Enumerable.Range(1_000_000, pairsPerShard).Select(number => SomePairs.Rejection(number, DropReasons.All[number % DropReasons.All.Count]))], stop);
        await rejections.PublishAsync(0, "run", stop: stop);
        await ShardSizes.RebuildAsync(store, "run", stop);
        var manifest = new DataSetManifest(store);
        await manifest.WriteLedgerAsync(ledger, "run", stop);
        await manifest.WriteQueriesAsync([.. Enumerable.Range(0, 8).Select(row => new Query(new(row), $"query {row}"))], "run", stop);
        await manifest.WriteHeadAsync(new()
        {
            Name = "some",
            CodeVersion = "test",
            Created = SomePairs.Start,
            ShardSize = naming.ShardSize,
            Cap = 20_000,
            EvaluationSets = [new("set", 1, SomePairs.Sha256("set"u8))],
            EvaluationLimit = 0.88f,
        }, "run", stop);
    }
}
