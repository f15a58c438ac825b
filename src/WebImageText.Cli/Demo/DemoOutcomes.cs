using WebImageText.Shards;
using WebImageText.Shards.Stores;

namespace WebImageText.Cli.Demo;

/// <summary>What a data set says became of each address: <c>kept</c>, or the word of a drop reason.</summary>
internal static class DemoOutcomes
{
    /// <param name="store">Of the data set.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>By canonical address.</returns>
    public static async Task<Dictionary<string, string>> ReadAsync(IShardStore store, CancellationToken stop)
    {
        var outcomes = new Dictionary<string, string>();
        var reader = new ShardReader(store);
        await foreach (var shard in reader.ShardsAsync(stop))
        {
            await foreach (var row in reader.RowsAsync(shard, stop: stop))
                outcomes[Canonical(row.Url)] = DemoExpectation.KeptWord;
        }
        await foreach (var file in reader.RejectedFilesAsync(stop))
        {
            await foreach (var row in reader.RejectionsAsync(file, stop: stop))
                outcomes.TryAdd(Canonical(row.Url), row.Reason ?? "");
        }
        return outcomes;

        static string Canonical(string? address) => WebAddress.Parse(address ?? "").Canonical;
    }
}
