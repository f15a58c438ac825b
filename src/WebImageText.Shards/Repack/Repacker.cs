using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Takedown;
using WebImageText.Shards.Tar;

namespace WebImageText.Shards.Repack;

/// <summary>
/// Writes a data set anew: full shards, another order, a part of it. Rows are selected by the sidecars, samples pass through one
/// by one; a shuffle takes room on disk, not in memory. The same source and options give the same bytes, so that what was cut off
/// is begun again and finds its shards done.
/// </summary>
/// <param name="from">The data set; not changed.</param>
/// <param name="to">A place without a data set, or with what an earlier try wrote.</param>
/// <param name="options">What is to come along, and how.</param>
public sealed class Repacker(IShardStore from, IShardStore to, RepackOptions options)
{
    private readonly ShardReader _reader = new(from);

    /// <summary>Selected pairs, and when they came.</summary>
    private sealed record Part(string Stem, long First, int Selected, long Rows, ShardTimes Times);

    /// <summary>Does the work.</summary>
    /// <param name="progress">Hears after every shard how far it is.</param>
    /// <param name="stop">Gives up; the next call with the same options finds the finished shards.</param>
    /// <exception cref="ShardFormatException">A shard is damaged, or holds columns that would be lost.</exception>
    /// <exception cref="InvalidOperationException">The new place holds another data set, or nothing is selected.</exception>
    public async Task<RepackReport> RunAsync(IProgress<RepackProgress>? progress = null, CancellationToken stop = default)
    {
        var parts = await SelectAsync(progress, stop);
        var selected = parts.Sum(part => (long)part.Selected);
        var count = Math.Min(selected, options.MostPairs ?? long.MaxValue);
        if (count == 0)
            throw new InvalidOperationException($"None of the {parts.Sum(part => part.Rows)} pairs in {from.Location} is selected: {options.Select}.");
        var token = await BeginAsync(stop);
        var shards = (int)((count + options.ShardSize - 1) / options.ShardSize);
        var times = new ShardTimes(parts.Min(part => part.Times.Start), parts.Max(part => part.Times.End));
        var naming = new ShardNaming(options.ShardSize, options.ShardWidth);
        var ledger = new List<LedgerLine>();
        var samples = options.Seed is { } seed ? ShuffledAsync(parts, new(selected, seed), count, shards, progress, stop) : InOrderAsync(parts, progress, stop);
        await using var next = samples.GetAsyncEnumerator(stop);
        for (var shard = 0; shard < shards; shard++)
        {
            var size = (int)Math.Min(options.ShardSize, count - ((long)shard * options.ShardSize));
            var writer = new ShardWriter(to, naming);
            var files = await writer.StageAsync(shard, token, size, times, TakeAsync(next, size, row => naming.Key(shard, row)), stop);
            await writer.PublishAsync(shard, token, Existing.Refuse, stop);
            ledger.Add(LedgerLine.Of(files, naming));
            progress?.Report(new("written", shard + 1, shards));
        }
        await new DataSetManifest(to).WriteLedgerAsync(ledger, token, stop);
        await ShardSizes.WriteAsync(to, ledger.ToDictionary(line => line.Shard, line => line.Count), token, stop);
        return new(count, shards, parts.Sum(part => part.Rows));
    }

    private async Task<List<Part>> SelectAsync(IProgress<RepackProgress>? progress, CancellationToken stop)
    {
        var stems = new List<string>();
        await foreach (var stem in _reader.ShardsAsync(stop))
            stems.Add(stem);
        if (stems.Count == 0)
            throw new InvalidOperationException($"There is no committed shard in {from.Location}.");
        var found = new Part[stems.Count];
        var done = 0;
        await Parallel.ForAsync(0, stems.Count, stop, async (at, cancel) =>
        {
            if (await _reader.ForeignColumnsAsync(stems[at], cancel) is { Count: > 0 } lost)
                throw new ShardFormatException(ShardNaming.Parquet(stems[at]),
                    $"it has columns that are not of this program and would be lost: {string.Join(", ", lost)}. Repack it with the program that wrote it.");
            var (selected, rows) = (0, 0L);
            await foreach (var row in _reader.RowsAsync(stems[at], options.Select.Columns, cancel))
            {
                rows++;
                if (options.Select.Has(row))
                    selected++;
            }
            found[at] = new(stems[at], 0, selected, rows, (await _reader.StatsAsync(stems[at], cancel)).Times);
            progress?.Report(new("selected", Interlocked.Increment(ref done), stems.Count));
        });
        var first = 0L;
        return [.. found.Select(part => part with { First = (first += part.Selected) - part.Selected })];
    }

    /// <summary>Writes the manifest, or sees that it is that of an earlier try; the token follows from all that shapes the bytes.</summary>
    private async Task<string> BeginAsync(CancellationToken stop)
    {
        var (old, target) = (new DataSetManifest(from), new DataSetManifest(to));
        var head = await old.ReadHeadAsync(stop);
        var description = new SortedDictionary<string, string>(options.Describe().ToDictionary(), StringComparer.Ordinal) { ["of"] = head?.Name ?? Path.GetFileName(from.Location) };
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', description)));
        var token = $"repack-{Convert.ToHexStringLower(hash)[..16]}";
        var made = (head ?? new() { Name = Path.GetFileName(from.Location), CodeVersion = "", Created = DateTimeOffset.UnixEpoch }) with
        {
            ShardSize = options.ShardSize,
            ShardWidth = options.ShardWidth,
            Options = new Dictionary<string, JsonElement>(head?.Options ?? new Dictionary<string, JsonElement>()) { ["repack"] = JsonSerializer.SerializeToElement(description) },
        };
        if (await target.ReadHeadAsync(stop) is { } there
            && !(there.Options.TryGetValue("repack", out var earlier) && JsonElement.DeepEquals(earlier, made.Options["repack"])))
            throw new InvalidOperationException($"There is another data set in {to.Location}. Give a place that is empty.");
        await target.WriteHeadAsync(made, token, stop);
        foreach (var name in new[] { DataSetManifest.QueriesName, NeverFetch.Name })
            if (await from.FindAsync(name, stop) is not null)
                await to.WriteAllAsync(name, token, await from.ReadAllAsync(name, 1 << 30, stop), stop);
        return token;
    }

    /// <summary>The selected samples of the data set in their order.</summary>
    private async IAsyncEnumerable<(PairRow Row, ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Image)> InOrderAsync(
        IReadOnlyList<Part> parts, IProgress<RepackProgress>? progress, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var (at, part) in parts.Index())
        {
            await foreach (var (row, sample) in SamplesAsync(part, stop))
                yield return (row, sample.Json ?? default, sample.Image ?? default);
            progress?.Report(new("read", at + 1, parts.Count));
        }
    }

    private async IAsyncEnumerable<(PairRow Row, ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Image)> ShuffledAsync(
        IReadOnlyList<Part> parts, Shuffle shuffle, long count, int shards, IProgress<RepackProgress>? progress, [EnumeratorCancellation] CancellationToken stop)
    {
        using var spill = new SampleSpill(options.Scratch);
        foreach (var (at, part) in parts.Index())
        {
            var number = part.First;
            await foreach (var (row, sample) in SamplesAsync(part, stop))
                if (shuffle.PlaceOf(number++) is var place && place < count)
                    await spill.AddAsync((int)(place / options.ShardSize), (int)(place % options.ShardSize), row, sample, stop);
            progress?.Report(new("read", at + 1, parts.Count));
        }
        for (var shard = 0; shard < shards; shard++)
            await foreach (var sample in spill.ReadAsync(shard, stop))
                yield return sample;
    }

    private async IAsyncEnumerable<(PairRow Row, Sample Sample)> SamplesAsync(Part part, [EnumeratorCancellation] CancellationToken stop)
    {
        if (part.Selected == 0)
            yield break;
        var rows = new Dictionary<string, PairRow>(part.Selected);
        await foreach (var row in _reader.RowsAsync(part.Stem, null, stop))
            if (options.Select.Has(row) && row.Key is { } key)
                rows[key] = row;
        await foreach (var sample in _reader.SamplesAsync(part.Stem, stop))
            if (rows.Remove(sample.Key, out var row))
                yield return sample.Image is null || sample.Json is null
                    ? throw new ShardFormatException(ShardNaming.Tar(part.Stem), $"the sample '{sample.Key}' has no image or no json. Verify the data set first.")
                    : (row, sample);
        if (rows.Count > 0)
            throw new ShardFormatException(ShardNaming.Tar(part.Stem), $"it lacks {rows.Count} samples that the parquet has. Verify the data set first.");
    }

    private static async IAsyncEnumerable<StoredSample> TakeAsync(
        IAsyncEnumerator<(PairRow Row, ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Image)> samples, int count, Func<int, string> key)
    {
        for (var at = 0; at < count && await samples.MoveNextAsync(); at++)
        {
            var (row, json, image) = samples.Current;
            yield return new(row with { Key = key(at) }, SampleJson.Texts(json), image);
        }
    }
}
