using System.Runtime.CompilerServices;
using WebImageText.Shards;
using WebImageText.Shards.Tar;

namespace WebImageText.Learn.Data;

/// <summary>One place in the order, read.</summary>
/// <param name="Sample">Null where the tar is damaged before it.</param>
/// <param name="After">Where the reader is once this is taken.</param>
/// <param name="Fault">Why there is no sample.</param>
public readonly record struct StreamedSample(Sample? Sample, SampleCursor After, string? Fault = null);

/// <summary>Reads one rank's samples in the given order, epoch after epoch without end, from any place on.</summary>
/// <param name="order">The order.</param>
/// <param name="limits">How much a tar may ask for; null for the defaults.</param>
public sealed class SampleFeed(SampleOrder order, ShardTarLimits? limits = null)
{
    /// <summary>The samples from a place on.</summary>
    /// <param name="from">The cursor of the last sample taken, or the start of an epoch.</param>
    /// <param name="stop">Gives up.</param>
    public async IAsyncEnumerable<StreamedSample> FromAsync(SampleCursor from, [EnumeratorCancellation] CancellationToken stop = default)
    {
        for (var cursor = from; ; cursor = cursor with { Epoch = cursor.Epoch + 1, Position = 0 })
        {
            var shards = order.Epoch(cursor.Epoch);
            var (first, end) = SampleOrder.Stretch(shards.Sum(shard => shard.Samples), cursor.Rank, cursor.Ranks);
            var start = cursor.Position / order.Window * order.Window;
            var window = new List<(Sample? Sample, string? Fault)>();
            await foreach (var read in ReadAsync(shards, first + start, end, stop))
            {
                window.Add(read);
                if (window.Count < order.Window && first + start + window.Count < end)
                    continue;
                var places = order.Shuffled(cursor with { Position = start }, window.Count);
                for (var at = (int)Math.Max(0, cursor.Position - start); at < places.Length; at++)
                    yield return new(window[places[at]].Sample, cursor with { Position = start + at + 1 }, window[places[at]].Fault);
                start += window.Count;
                window.Clear();
            }
        }
    }

    // Every place from first to end gives exactly one item, whatever is wrong with the tars: places never shift.
    private async IAsyncEnumerable<(Sample? Sample, string? Fault)> ReadAsync(
        IReadOnlyList<TarShard> shards, long first, long end, [EnumeratorCancellation] CancellationToken stop)
    {
        var at = 0L;
        foreach (var shard in shards)
        {
            var (skip, take) = (Math.Max(0, first - at), Math.Min(shard.Samples, end - at));
            at += shard.Samples;
            if (skip >= take)
                continue;
            var given = 0L;
            string? fault = null;
            await using var samples = SamplesAsync(shard, stop).GetAsyncEnumerator(stop);
            for (; given < take; given++)
            {
                try
                {
                    if (!await samples.MoveNextAsync())
                        fault = $"'{shard.Location}' holds {given} samples and should hold {shard.Samples}";
                }
                catch (Exception broken) when (broken is ShardFormatException or IOException)
                {
                    fault = broken.Message;
                }
                if (fault is not null)
                    break;
                if (given >= skip)
                    yield return (samples.Current, null);
            }
            for (given = Math.Max(given, skip); given < take; given++)
                yield return (null, fault);
        }
    }

    private async IAsyncEnumerable<Sample> SamplesAsync(TarShard shard, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var tar = await shard.Store.OpenReadAsync(shard.Name, stop: stop);
        await foreach (var sample in new ShardTarReader(tar, shard.Location, limits).SamplesAsync(stop))
            yield return sample;
    }
}
