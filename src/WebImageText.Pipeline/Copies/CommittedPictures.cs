using WebImageText.Shards;
using WebImageText.Shards.Stores;

namespace WebImageText.Pipeline.Copies;

/// <summary>Reads from the sidecars of a data set what identifies its pictures: once for all ranges of a node that start together.</summary>
/// <param name="store">The data set.</param>
/// <param name="rule">Which of them are copies.</param>
internal sealed class CommittedPictures(IShardStore store, CopyRule rule)
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<string> _columns = rule.Likeness is null ? ["uid", "sha256", "stored_sha256", "pdq"] : ["uid", "sha256", "stored_sha256", "pdq", "descriptor"];
    private readonly Lock _gate = new();
    private (List<PictureOf>?[] Wanted, Task Whole)? _next;

    /// <summary>Which pictures are copies.</summary>
    public CopyRule Rule => rule;

    /// <summary>The pictures that are at home in the range, of every shard that was visible when it asked.</summary>
    public async Task<IReadOnlyList<PictureOf>> ReadAsync(int range)
    {
        List<PictureOf> pictures;
        Task whole;
        lock (_gate)
        {
            if (_next is null)
            {
                var begun = new List<PictureOf>?[CopyTable.Ranges];
                _next = (begun, ReadAsync(begun));
            }
            (var wanted, whole) = _next.Value;
            pictures = wanted[range] ??= [];
        }
        await whole.ConfigureAwait(false);
        return pictures;
    }

    private async Task ReadAsync(List<PictureOf>?[] wanted)
    {
        await Task.Delay(Gather).ConfigureAwait(false);
        // Whoever asks from now on may know of a shard that this reading misses.
        lock (_gate)
            _next = null;
        var reader = new ShardReader(store);
        await foreach (var shard in reader.ShardsAsync().ConfigureAwait(false))
        {
            await foreach (var row in reader.RowsAsync(shard, _columns).ConfigureAwait(false))
            {
                var keys = rule.KeysOf(row.Sha256!, row.StoredSha256!, row.Pdq is null ? null : PdqHash.Parse(row.Pdq), row.Descriptor);
                wanted[keys.Home]?.Add(new(PairUid.Parse(row.Uid!), keys));
            }
        }
    }
}
