using WebImageText.Shards.Stores;

namespace WebImageText.Shards.Manifest;

/// <summary>Makes a shard's line of the ledger from its files, where nobody kept one.</summary>
internal static class LedgerFiles
{
    /// <summary>The line of a published shard; a file whose hash the store does not know is read.</summary>
    /// <exception cref="FileNotFoundException">One of the three files is not there.</exception>
    public static async Task<LedgerLine> LineAsync(IShardStore store, string stem, long count, CancellationToken stop) => new(
        stem, count, await FileAsync(store, ShardNaming.Tar(stem), stop), await FileAsync(store, ShardNaming.Parquet(stem), stop),
        await FileAsync(store, ShardNaming.Stats(stem), stop));

    private static async Task<LedgerFile> FileAsync(IShardStore store, string name, CancellationToken stop)
    {
        if (await store.FindAsync(name, stop) is { Sha256: { } known, Length: var length })
            return new(length, known);
        await using var file = await store.OpenReadAsync(name, stop: stop);
        await using var hashed = new HashingStream(file);
        await hashed.CopyToAsync(Stream.Null, stop);
        return new(hashed.Count, hashed.Sha256);
    }
}
