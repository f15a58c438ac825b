using WebImageText.Shards;
using WebImageText.Shards.Stores;

namespace WebImageText.Pipeline.Copies;

/// <summary>Reads from the sidecars of a data set what identifies its pictures.</summary>
internal sealed class CommittedPictures(IShardStore store)
{
    private static readonly HashSet<string> Columns = ["uid", "sha256", "stored_sha256", "pdq"];

    public async Task<IReadOnlyList<(PairUid Uid, PictureKeys Keys)>> ReadAsync()
    {
        List<(PairUid, PictureKeys)> pictures = [];
        var reader = new ShardReader(store);
        await foreach (var shard in reader.ShardsAsync().ConfigureAwait(false))
        {
            await foreach (var row in reader.RowsAsync(shard, Columns).ConfigureAwait(false))
                pictures.Add((PairUid.Parse(row.Uid!), PictureKeys.Of(row.Sha256!, row.StoredSha256!, row.Pdq is null ? null : PdqHash.Parse(row.Pdq))));
        }
        return pictures;
    }
}
