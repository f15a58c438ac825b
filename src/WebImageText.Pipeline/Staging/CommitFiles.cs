using WebImageText.Shards;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Stores;

namespace WebImageText.Pipeline.Staging;

/// <summary>The files of a commit: a shard, a file of rejections, or both. Images pass through one by one.</summary>
internal sealed class CommitFiles(IShardStore store, ShardNaming naming)
{
    private readonly ShardWriter _shards = new(store, naming);
    private readonly RejectionWriter _rejections = new(store, naming);

    /// <param name="shard">Number of the shard; null for none.</param>
    /// <param name="rejected">Number of the file of rejections; null for none.</param>
    /// <param name="token">Under which the files are staged.</param>
    /// <param name="plan">Which verdicts go where.</param>
    /// <param name="read">Reads the segment from the start.</param>
    /// <param name="clock">For the verdicts that the plan turns down.</param>
    /// <returns>The shard's line of the ledger; null without a shard.</returns>
    public async Task<LedgerLine?> StageAsync(
        int? shard, int? rejected, string token, CommitPlan plan, Func<IEnumerable<Verdict>> read, TimeProvider clock)
    {
        ShardFiles? files = null;
        if (shard is { } number)
            files = await _shards.StageAsync(number, token, plan.Pairs.Length, plan.PairsOf(read()), plan.Times(read())).ConfigureAwait(false);
        if (rejected is { } file)
            await _rejections.StageAsync(file, token, [.. plan.RejectionsOf(read(), clock.GetUtcNow())]).ConfigureAwait(false);
        return files is null ? null : LedgerLine.Of(files, naming);
    }

    /// <summary>Makes the files visible; may be repeated.</summary>
    /// <exception cref="AlreadyPublishedException">Another writer's files have the names.</exception>
    public async Task PublishAsync(int? shard, int? rejected, string token)
    {
        if (rejected is { } file)
            await _rejections.PublishAsync(file, token, Existing.Refuse).ConfigureAwait(false);
        if (shard is { } number)
            await PublishShardAsync(number, token).ConfigureAwait(false);
    }

    // A takedown may have rewritten the shard before it was noted that it is visible: its files then have another writer's token.
    private async Task PublishShardAsync(int shard, string token)
    {
        try
        {
            await _shards.PublishAsync(shard, token, Existing.Refuse).ConfigureAwait(false);
        }
        catch (AlreadyPublishedException)
        {
            var stem = naming.Stem(shard);
            if ((await new DataSetManifest(store).ReadTombstonesAsync().ConfigureAwait(false)).All(tombstone => tombstone.Shard != stem))
                throw;
        }
    }
}
