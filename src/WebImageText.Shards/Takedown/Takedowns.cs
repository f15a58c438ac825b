using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;

namespace WebImageText.Shards.Takedown;

/// <summary>
/// Takes pairs out of a data set: <c>wit shards takedown</c>. The sidecars are searched, the shards concerned written again, all
/// others left untouched; tombstones, a signed diff and the list of what is never to be fetched again say what happened. Killed at
/// any point, the next call finishes it first.
/// </summary>
/// <param name="store">Where the data set lives.</param>
/// <param name="key">Signs the diff; a key of the NIST curve P-256.</param>
/// <param name="clock">For its name.</param>
public sealed class Takedowns(IShardStore store, ECDsa key, TimeProvider clock)
{
    /// <summary>Names of takedowns, which are their tokens, begin so.</summary>
    public const string TokenPrefix = "takedown-";

    private readonly DataSetManifest _manifest = new(store);

    /// <summary>Shards that are searched or rewritten at a time. Default: one a core.</summary>
    public int Parallel { get; init; } = Environment.ProcessorCount;

    /// <summary>Looks what would go, and changes nothing.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<TakedownReport> LookAsync(TakedownList list, IProgress<TakedownProgress>? progress = null, CancellationToken stop = default)
    {
        var (searched, shards) = await new TakedownSearch(store, Parallel).RunAsync(list, progress, stop);
        return new(null, shards.Sum(shard => shard.Pairs.Count), shards.Count, searched, null);
    }

    /// <summary>Takes down what the list names.</summary>
    /// <param name="list">What is to go.</param>
    /// <param name="note">Why, for people.</param>
    /// <param name="also">Further lines for the list of what is never to be fetched again.</param>
    /// <param name="progress">Hears after every shard how far it is.</param>
    /// <param name="stop">Stops; the next call goes on.</param>
    /// <exception cref="InvalidOperationException">A run's shards are staged and not published.</exception>
    /// <exception cref="ShardFormatException">A shard is damaged, or holds columns that would be lost.</exception>
    /// <exception cref="AlreadyPublishedException">Another process began a takedown meanwhile.</exception>
    public async Task<TakedownReport> RunAsync(
        TakedownList list, string? note = null, IEnumerable<string>? also = null, IProgress<TakedownProgress>? progress = null, CancellationToken stop = default)
    {
        await ResumeAsync(progress, stop);
        await RefuseWhileStagedAsync(stop);
        var (searched, shards) = await new TakedownSearch(store, Parallel).RunAsync(list, progress, stop);
        var never = list.NeverAgain().Union(also ?? []).Union(shards.SelectMany(shard => shard.Pairs).Select(pair => AddressLine(pair.Url)).OfType<string>()).ToList();
        var at = clock.GetUtcNow();
        var plan = new TakedownPlan(NewId(at), at, note, never, shards);
        var json = JsonSerializer.SerializeToUtf8Bytes(plan, DataSetManifest.Json);
        await store.StageAsync(TakedownPlan.Name, plan.Id, (stream, cancel) => stream.WriteAsync(json, cancel).AsTask(), stop);
        try
        {
            await store.PublishAsync(TakedownPlan.Name, plan.Id, Existing.Refuse, stop);
        }
        catch (AlreadyPublishedException)
        {
            await store.DiscardAsync(TakedownPlan.Name, plan.Id, stop);
            throw;
        }
        return await FinishAsync(plan, searched, progress, stop);
    }

    /// <summary>A takedown was begun there and has not come to its end.</summary>
    public static async Task<bool> IsCutOffAsync(IShardStore store, CancellationToken stop = default) =>
        await store.FindAsync(TakedownPlan.Name, stop) is not null;

    /// <summary>Finishes a takedown that was cut off; null when there is none.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<TakedownReport?> ResumeAsync(IProgress<TakedownProgress>? progress = null, CancellationToken stop = default) =>
        await ReadAsync<TakedownPlan>(TakedownPlan.Name, stop) is { } plan ? await FinishAsync(plan, 0, progress, stop) : null;

    private async Task<TakedownReport> FinishAsync(TakedownPlan plan, int searched, IProgress<TakedownProgress>? progress, CancellationToken stop)
    {
        // First of all, so that a run that begins now fetches nothing of it.
        await NeverFetch.AddAsync(store, plan.NeverAgain, plan.Id, stop);
        var after = new LedgerLine[plan.Shards.Count];
        var done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = stop };
        await System.Threading.Tasks.Parallel.ForAsync(0, after.Length, parallel, async (at, cancel) =>
        {
            after[at] = await RewriteAsync(plan, plan.Shards[at], cancel);
            progress?.Report(new("rewritten", Interlocked.Increment(ref done), after.Length));
        });
        var tombstones = plan.Shards.SelectMany(shard => shard.Pairs.Select(pair => new Tombstone(shard.Before.Shard, pair.Key, pair.Uid ?? "", plan.Id))).ToList();
        await new TakedownRecords(store, _manifest).WriteAsync(plan, tombstones, after, stop);
        await WriteDiffAsync(new(plan.Id, plan.At, plan.Note, plan.NeverAgain, tombstones, [.. plan.Shards.Zip(after, (shard, line) => new ShardChange(shard.Before, line))]), plan, stop);
        await store.DeleteAsync(TakedownPlan.Name, stop);
        foreach (var shard in plan.Shards)
            await store.DeleteAsync(plan.Mark(shard.Before.Shard), stop);
        return new(plan.Id, tombstones.Count, plan.Shards.Count, searched, plan.DiffName);
    }

    private async Task<LedgerLine> RewriteAsync(TakedownPlan plan, ShardPlan shard, CancellationToken stop)
    {
        var stem = shard.Before.Shard;
        if (await ReadAsync<LedgerLine>(plan.Mark(stem), stop) is { } done)
            return done;
        var line = await new ShardFilter(store).RewriteAsync(stem, plan.Id, shard.Pairs.Select(pair => pair.Key).ToHashSet(), shard.Times, stop);
        await store.WriteAllAsync(plan.Mark(stem), plan.Id, JsonSerializer.SerializeToUtf8Bytes(line, DataSetManifest.Json), stop);
        return line;
    }

    private async Task WriteDiffAsync(TakedownDiff diff, TakedownPlan plan, CancellationToken stop)
    {
        var json = diff.ToJson();
        var name = plan.DiffName[..^".json".Length];
        await store.WriteAllAsync(name + ".pem", plan.Id, Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n"), stop);
        await store.WriteAllAsync(name + ".sig", plan.Id, TakedownDiff.Sign(json, key), stop);
        await store.WriteAllAsync(plan.DiffName, plan.Id, json, stop);
    }

    // What is staged becomes visible when its run goes on, whatever was taken down meanwhile.
    private async Task RefuseWhileStagedAsync(CancellationToken stop)
    {
        await foreach (var staged in store.ListStagedAsync(stop))
            if (staged.Name.StartsWith(ShardNaming.Folder, StringComparison.Ordinal))
                throw new InvalidOperationException(
                    $"'{staged.Name}' is staged in {store.Location} under the token '{staged.Token}': a run is writing there, or was killed. " +
                    "Let it end, or go on with it to its end.");
    }

    private async Task<T?> ReadAsync<T>(string name, CancellationToken stop)
        where T : class =>
        await store.FindAsync(name, stop) is null ? null : DataSetManifest.Parse<T>(name, await store.ReadAllAsync(name, MostBytes, stop));

    private const int MostBytes = 1 << 30;

    private static string NewId(DateTimeOffset at) => $"{TokenPrefix}{at.UtcDateTime:yyyyMMdd'T'HHmmss}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";

    private static string? AddressLine(string? url) =>
        url is not null && WebAddress.TryParse(url, null, out var address) && address.IsWeb ? $"address {address.Canonical}" : null;
}

/// <summary>How far a takedown is.</summary>
/// <param name="Step">What is counted: shards <c>searched</c> or <c>rewritten</c>.</param>
/// <param name="Shards">Shards done.</param>
/// <param name="Of">Shards in all.</param>
public readonly record struct TakedownProgress(string Step, int Shards, int Of);

/// <summary>The outcome of a takedown.</summary>
/// <param name="Id">Its name; null when it was only looked what would go.</param>
/// <param name="Pairs">Pairs that are gone, or would be.</param>
/// <param name="Shards">Shards that were rewritten, or would be.</param>
/// <param name="Searched">Shards whose rows were read; 0 when a takedown was only finished.</param>
/// <param name="Diff">Name of the signed diff in the store.</param>
public sealed record TakedownReport(string? Id, int Pairs, int Shards, int Searched, string? Diff);
