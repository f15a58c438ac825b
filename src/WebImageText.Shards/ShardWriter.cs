using System.Text;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Tar;

namespace WebImageText.Shards;

/// <summary>A shard's three files as they were written.</summary>
/// <param name="Shard">Its number.</param>
/// <param name="Count">Its pairs.</param>
/// <param name="Tar">Images, JSON and captions.</param>
/// <param name="Parquet">One row a pair.</param>
/// <param name="Stats">The commit mark.</param>
public sealed record ShardFiles(int Shard, int Count, StoredFile Tar, StoredFile Parquet, StoredFile Stats)
{
    /// <summary>In the order in which they are published.</summary>
    public IReadOnlyList<StoredFile> All => [Tar, Parquet, Stats];
}

/// <summary>
/// Writes shards: tar, parquet and statistics are staged, and then published in that order, so that the statistics say that all
/// of it is there. The same pairs and times give the same bytes.
/// </summary>
/// <param name="store">Where the data set lives.</param>
/// <param name="naming">Names of shards and keys.</param>
public sealed class ShardWriter(IShardStore store, ShardNaming naming)
{
    /// <summary>Stages a shard; nobody sees it before <see cref="PublishAsync"/>.</summary>
    /// <param name="number">The shard's number, from 0.</param>
    /// <param name="token">Tells this attempt apart; needed again to publish.</param>
    /// <param name="pairs">1 to <see cref="ShardNaming.ShardSize"/> pairs, in the order that they are to have.</param>
    /// <param name="times">For the statistics.</param>
    /// <param name="stop">Gives up; what was staged by then stays until it is staged again or discarded.</param>
    /// <exception cref="ArgumentException">No pairs, too many, one twice, or an image that is no JPEG, PNG or WebP.</exception>
    public Task<ShardFiles> StageAsync(
        int number, string token, IReadOnlyList<Pair> pairs, ShardTimes times, CancellationToken stop = default) =>
        StageAsync(number, token, pairs.Count, pairs, times, stop);

    /// <summary>Stages a shard whose pairs come one by one: only their rows are held in memory.</summary>
    /// <param name="number">The shard's number, from 0.</param>
    /// <param name="token">Tells this attempt apart; needed again to publish.</param>
    /// <param name="count">How many pairs there are, 1 to <see cref="ShardNaming.ShardSize"/>.</param>
    /// <param name="pairs">The pairs, in the order that they are to have; read once.</param>
    /// <param name="times">For the statistics.</param>
    /// <param name="stop">Gives up; what was staged by then stays until it is staged again or discarded.</param>
    /// <exception cref="ArgumentException">No pairs, too many, one twice, or an image that is no JPEG, PNG or WebP.</exception>
    public Task<ShardFiles> StageAsync(
        int number, string token, int count, IEnumerable<Pair> pairs, ShardTimes times, CancellationToken stop = default)
    {
        return StageAsync(number, token, count, times, Samples(), stop);

        async IAsyncEnumerable<StoredSample> Samples()
        {
            await Task.CompletedTask;
            var uids = new HashSet<PairUid>();
            foreach (var pair in pairs)
            {
                if (!uids.Add(pair.Uid))
                    throw new ArgumentException($"Shard {number} has the pair {pair.Uid} twice.", nameof(pairs));
                yield return new(PairRow.Of(pair, naming.Key(number, uids.Count - 1)), pair.Candidate.Texts, pair.Image);
            }
        }
    }

    /// <summary>Stages a shard whose samples come one by one: of any origin, the keys already given.</summary>
    internal async Task<ShardFiles> StageAsync(
        int number, string token, int count, ShardTimes times, IAsyncEnumerable<StoredSample> samples, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        if (count == 0 || count > naming.ShardSize)
            throw new ArgumentException($"Shard {number} would hold {count} pairs; 1 to {naming.ShardSize} fit.", nameof(count));
        var stem = naming.Stem(number);
        var rows = new List<PairRow>(count);
        var tar = await store.StageAsync(ShardNaming.Tar(stem), token, WriteTarAsync, stop);
        var parquet = await store.StageAsync(ShardNaming.Parquet(stem), token,
            (stream, cancel) => ParquetTable.WriteAsync(stream, PairColumns.All, rows, cancel), stop);
        var stats = await store.StageAsync(ShardNaming.Stats(stem), token,
            (stream, cancel) => stream.WriteAsync(new ShardStats(rows.Count, rows.Count, times).ToJson(), cancel).AsTask(), stop);
        return new(number, rows.Count, tar, parquet, stats);

        async Task WriteTarAsync(Stream stream, CancellationToken cancel)
        {
            var writer = new ShardTar(stream);
            await foreach (var (row, texts, image) in samples.WithCancellation(cancel))
            {
                rows.Add(row);
                await writer.AddAsync(
                    row.Key!, image, SampleJson.Write(row, texts), Encoding.UTF8.GetBytes(row.Caption ?? ""), cancel);
            }
            await writer.FinishAsync(cancel);
        }
    }

    /// <summary>
    /// Makes a staged shard visible: tar, parquet, then the statistics. It may be called again after a crash, with the number and
    /// the token alone, and any number of times.
    /// </summary>
    /// <inheritdoc cref="IShardStore.PublishAsync" path="/exception"/>
    public async Task PublishAsync(int number, string token, Existing existing = Existing.Replace, CancellationToken stop = default)
    {
        foreach (var name in NamesOf(number))
            await store.PublishAsync(name, token, existing, stop);
    }

    /// <summary>Drops what is staged of a shard under a token.</summary>
    public async Task DiscardAsync(int number, string token, CancellationToken stop = default)
    {
        foreach (var name in NamesOf(number))
            await store.DiscardAsync(name, token, stop);
    }

    private string[] NamesOf(int number) => NamesOf(naming.Stem(number));

    /// <summary>The names of a shard's files, in the order in which they are published.</summary>
    internal static string[] NamesOf(string stem) => [ShardNaming.Tar(stem), ShardNaming.Parquet(stem), ShardNaming.Stats(stem)];
}

/// <summary>A sample on its way into a shard.</summary>
/// <param name="Row">Its fields, with the key that it is to have.</param>
/// <param name="Texts">Every text found for the image.</param>
/// <param name="Image">Encoded bytes.</param>
internal readonly record struct StoredSample(PairRow Row, IReadOnlyList<ImageText> Texts, ReadOnlyMemory<byte> Image);
