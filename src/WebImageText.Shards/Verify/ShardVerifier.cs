using System.Collections.Concurrent;
using System.Globalization;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;

namespace WebImageText.Shards.Verify;

/// <summary>
/// Reads a whole data set and lists what is wrong with it: <c>wit shards verify</c>. Shards are read in parallel and forgotten;
/// memory holds a count per query and the uids, these on disk past <see cref="VerifyOptions.UidsInMemory"/>.
/// </summary>
/// <param name="store">Where the data set lives.</param>
/// <param name="options">What is checked; null for the defaults.</param>
public sealed class ShardVerifier(IShardStore store, VerifyOptions? options = null)
{
    private static readonly HashSet<string> UidColumn = ["uid"];

    private readonly VerifyOptions _options = options ?? new();

    /// <summary>Checks everything.</summary>
    /// <param name="progress">Hears after every shard how far it is.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<VerifyReport> RunAsync(IProgress<VerifyProgress>? progress = null, CancellationToken stop = default)
    {
        var findings = new FindingList(_options.MostFindings);
        var manifest = new DataSetManifest(store);
        var head = await GuardedAsync(findings, null, () => manifest.ReadHeadAsync(stop));
        var set = _options with
        {
            Cap = _options.Cap ?? head?.Cap,
            EvaluationLimit = _options.EvaluationLimit ?? head?.EvaluationLimit,
            EvaluationLimits = _options.EvaluationLimits
                ?? head?.EvaluationSets.Where(set => set.Limit is not null).ToDictionary(set => set.Name, set => set.Limit!.Value),
        };
        var (shards, files) = await FilesAsync(findings, stop);
        var sizes = await GuardedAsync(findings, null, () => ShardSizes.ReadAsync(store, stop));
        var ledger = (await GuardedAsync(findings, [], () => manifest.ReadLedgerAsync(stop))).ToLookup(line => line.Shard);
        var tombstones = (await GuardedAsync(findings, [], () => manifest.ReadTombstonesAsync(stop))).ToLookup(line => line.Shard, line => line.Key);
        CheckLists(findings, shards, sizes, ledger);

        using var uids = new UidIndex(set.UidsInMemory, set.ScratchFolder);
        var queries = new ConcurrentDictionary<string, int>();
        var (done, samples, bytes) = (0, 0L, 0L);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = set.Parallel, CancellationToken = stop };
        await Parallel.ForEachAsync(shards.Index(), parallel, async (shard, cancel) =>
        {
            var stem = shard.Item;
            var facts = new ShardCheck.Facts(
                stem, sizes?.TryGetValue(stem, out var size) ?? false ? size : null, ledger[stem].FirstOrDefault(), tombstones[stem].ToHashSet());
            var (rows, read, length) = await new ShardCheck(store, set, findings.Add).RunAsync(facts, cancel);
            foreach (var query in rows.Select(row => row.Query).OfType<string>().CountBy(query => query))
                queries.AddOrUpdate(query.Key, query.Value, (_, count) => count + query.Value);
            uids.Add(Entries(rows, shard.Index, ShardNaming.Parquet(stem), findings));
            var step = new VerifyProgress(
                Interlocked.Increment(ref done), shards.Count, Interlocked.Add(ref samples, read), Interlocked.Add(ref bytes, length));
            progress?.Report(step);
        });
        var rejected = await RejectionsAsync(files, shards.Count, uids, findings, stop);
        CheckUids(findings, uids, shards, files);
        foreach (var (query, count) in queries.Where(query => query.Value > set.Cap))
            findings.Add(new(ShardNaming.Folder, null, $"the query '{query}' owns {count} pairs; {set.Cap} are allowed",
                "Take down the pairs beyond the cap, or repack with a cap"));
        return findings.Report(shards.Count, samples, rejected, bytes);
    }

    private async Task<(List<string> Shards, List<string> Rejected)> FilesAsync(FindingList findings, CancellationToken stop)
    {
        var (committed, present, rejected) = (new SortedSet<string>(StringComparer.Ordinal), new List<(string Name, string Stem)>(), new List<string>());
        await foreach (var file in store.ListAsync("", stop))
            if (ShardReader.StemOf(file.Name, "_stats.json") is { } stem)
                committed.Add(stem);
            else if ((ShardReader.StemOf(file.Name, ".tar") ?? ShardReader.StemOf(file.Name, ".parquet")) is { } ofShard)
                present.Add((file.Name, ofShard));
            else if (file.Name.StartsWith("rejected/", StringComparison.Ordinal) && file.Name.EndsWith(".parquet", StringComparison.Ordinal))
                rejected.Add(file.Name);
            else if (file.Name.StartsWith(ShardNaming.Folder, StringComparison.Ordinal) && file.Name != ShardSizes.FileName)
                findings.Add(new(file.Name, null, "it is no file of a shard, and readers that look at all files here trip over it", "Move it away"));
        foreach (var (name, _) in present.Where(file => !committed.Contains(file.Stem)))
            findings.Add(new(name, null, "it is visible, but its shard has no statistics: it was never committed",
                "Resume the run or the takedown that wrote it, or delete it"));
        await foreach (var staged in store.ListStagedAsync(stop))
            findings.Add(new(staged.Name, null, $"it is staged under the token '{staged.Token}', and not published",
                "If nothing is writing here, discard it", IsNote: true));
        if (committed.Count == 0)
            findings.Add(new(ShardNaming.Folder, null, $"there is no committed shard in {store.Location}", "Give the folder that holds 'shards'"));
        return ([.. committed], rejected);
    }

    private static void CheckLists(
        FindingList findings, List<string> shards, IReadOnlyDictionary<string, long>? sizes, ILookup<string, LedgerLine> ledger)
    {
        var there = shards.ToHashSet();
        foreach (var line in ledger.Where(line => !there.Contains(line.Key)))
            findings.Add(new(DataSetManifest.LedgerName, null, $"the ledger has the shard '{line.Key}', and the files are gone",
                "Copy the shard back, or resume the run"));
        foreach (var stem in (sizes?.Keys ?? []).Where(stem => !there.Contains(stem)))
            findings.Add(new(ShardSizes.FileName, null, $"it has the shard '{stem}', which is not there",
                "Resume the run, or repack: both write sizes.json anew"));
    }

    private async Task<long> RejectionsAsync(List<string> files, int firstFile, UidIndex uids, FindingList findings, CancellationToken stop)
    {
        var (reader, count) = (new ShardReader(store), 0L);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Parallel, CancellationToken = stop };
        await Parallel.ForEachAsync(files.Index(), parallel, async (file, cancel) =>
        {
            var rows = new List<PairRow>();
            try
            {
                await foreach (var row in reader.RejectionsAsync(file.Item, UidColumn, cancel))
                    rows.Add(new() { Uid = row.Uid });
            }
            catch (Exception broken) when (broken is ShardFormatException or IOException)
            {
                findings.Add(new(file.Item, null, broken.Message, "Restore it from a copy; what it said is lost otherwise"));
            }
            uids.Add(Entries(rows, firstFile + file.Index, file.Item, findings));
            Interlocked.Add(ref count, rows.Count);
        });
        return count;
    }

    private static List<UidIndex.Entry> Entries(IReadOnlyList<PairRow> rows, int file, string name, FindingList findings)
    {
        var entries = new List<UidIndex.Entry>(rows.Count);
        foreach (var (at, row) in rows.Index())
            if (row.Uid?.Length == 32 && UInt128.TryParse(row.Uid, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var uid))
                entries.Add(new(new(uid), file, at));
            else
                findings.Add(new(name, row.Key, $"row {at} has the uid '{row.Uid}', which is none", "Build the file again"));
        return entries;
    }

    private static void CheckUids(FindingList findings, UidIndex uids, List<string> shards, List<string> rejected)
    {
        foreach (var (first, again) in uids.Repeated())
        {
            var problem = $"row {again.Row} has the uid {again.Uid}, which stands in '{Name(first.File)}', row {first.Row}, too";
            findings.Add(new(Name(again.File), null, problem, "Take one of them down by shard and key; a pair ends in one place"));
        }

        string Name(int file) => file < shards.Count ? ShardNaming.Parquet(shards[file]) : rejected[file - shards.Count];
    }

    private static async Task<T> GuardedAsync<T>(FindingList findings, T otherwise, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (ShardFormatException broken)
        {
            findings.Add(new(broken.File, null, broken.Message, "Restore the file from a copy, or resume the run"));
            return otherwise;
        }
    }
}
