using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;

namespace WebImageText.Shards;

/// <summary>Writes what was not kept, and why: <c>rejected/00000.parquet</c> and on. Staged and published like a shard.</summary>
/// <param name="store">Where the data set lives.</param>
/// <param name="naming">Names of the files.</param>
public sealed class RejectionWriter(IShardStore store, ShardNaming naming)
{
    /// <summary>Stages a file of rejections.</summary>
    /// <param name="number">The file's number, from 0.</param>
    /// <param name="token">Tells this attempt apart; needed again to publish.</param>
    /// <param name="rejections">In the order that they are to have; at least one.</param>
    /// <param name="stop">Gives up.</param>
    public Task<StoredFile> StageAsync(
        int number, string token, IReadOnlyList<Rejection> rejections, CancellationToken stop = default)
    {
        if (rejections.Count == 0)
            throw new ArgumentException("A file of rejections holds at least one.", nameof(rejections));
        return StageAsync(naming.Rejected(number), token, [.. rejections.Select(RejectionRow.Of)], stop);
    }

    internal Task<StoredFile> StageAsync(string name, string token, IReadOnlyList<RejectionRow> rows, CancellationToken stop) =>
        store.StageAsync(name, token, (stream, cancel) => ParquetTable.WriteAsync(stream, RejectionColumns.All, rows, cancel), stop);

    /// <summary>Makes a staged file of rejections visible; may follow a crash, and be repeated.</summary>
    /// <inheritdoc cref="IShardStore.PublishAsync" path="/exception"/>
    public Task PublishAsync(int number, string token, Existing existing = Existing.Replace, CancellationToken stop = default) =>
        store.PublishAsync(naming.Rejected(number), token, existing, stop);

    /// <summary>Drops what is staged under a token.</summary>
    public Task DiscardAsync(int number, string token, CancellationToken stop = default) =>
        store.DiscardAsync(naming.Rejected(number), token, stop);
}
