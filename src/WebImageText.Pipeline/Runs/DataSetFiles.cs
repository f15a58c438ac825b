using System.Globalization;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Shards;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Takedown;

namespace WebImageText.Pipeline.Runs;

/// <summary>The files that say what the shards are: head, queries, ledger, <c>sizes.json</c>. All follow from what is decided elsewhere.</summary>
internal sealed class DataSetFiles(IShardStore store)
{
    private readonly DataSetManifest _manifest = new(store);

    /// <summary>Begins the data set, or goes on with one that was begun with the same settings.</summary>
    /// <param name="settings">Of this run.</param>
    /// <param name="limit">Likeness from which on a picture counts as an evaluation image.</param>
    /// <param name="evaluation">The evaluation sets as they were read.</param>
    /// <param name="clock">For a new data set.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The data set's queries: those of its list, in the order of their ids, and after them those that are new.</returns>
    /// <exception cref="SettingsMismatchException">It was begun with other settings.</exception>
    /// <exception cref="TakedownCutOffException">A takedown has changed a part of its shards.</exception>
    public async Task<IReadOnlyList<Query>> OpenAsync(
        PipelineSettings settings, float limit, IReadOnlyList<EvaluationSet> evaluation, TimeProvider clock, CancellationToken stop)
    {
        if (await Takedowns.IsCutOffAsync(store, stop).ConfigureAwait(false))
            throw new TakedownCutOffException(settings.Out);
        var head = await _manifest.ReadHeadAsync(stop).ConfigureAwait(false);
        if (head is null)
        {
            head = new()
            {
                Name = Path.GetFileName(settings.Out.TrimEnd('/', '\\')),
                CodeVersion = CodeVersion,
                Created = clock.GetUtcNow(),
                ShardSize = settings.Staging.ShardSize,
                Cap = settings.Run.Cap,
                EvaluationSets = evaluation,
                EvaluationLimit = evaluation.Count == 0 ? null : limit,
                Options = settings.Describe(),
            };
        }
        else
        {
            Refuse(nameof(head.ShardSize), "--shard-size", head.ShardSize, settings.Staging.ShardSize);
            Refuse(nameof(head.Cap), "--cap", head.Cap, settings.Run.Cap);
            Refuse(nameof(head.EvaluationSets), "--eval-set", Names(head.EvaluationSets), Names(evaluation));
        }
        var known = await _manifest.ReadQueriesAsync(stop).ConfigureAwait(false);
        var texts = known.Select(query => query.Text).ToHashSet();
        IReadOnlyList<Query> queries =
        [
            .. known,
            .. settings.Queries.Where(query => !texts.Contains(query.Text)).Select((query, at) => query with { Id = new(known.Count + at) }),
        ];
        await _manifest.WriteHeadAsync(head, "run", stop).ConfigureAwait(false);
        if (queries.Count > known.Count)
            await _manifest.WriteQueriesAsync(queries, "run", stop).ConfigureAwait(false);
        return queries;

        static string Names(IReadOnlyList<EvaluationSet> sets) => string.Join(", ", sets.Select(set => string.Create(CultureInfo.InvariantCulture,
            $"{set.Name} ({set.Images} images, {set.Sha256[..8]}{(set.Limit is { } own ? $", from likeness {own:R} on" : "")})")));

        void Refuse<T>(string name, string option, T began, T now)
        {
            if (!Equals(began, now))
                throw new SettingsMismatchException(settings.Out, name, option, began?.ToString() ?? "none", now?.ToString() ?? "none");
        }
    }

    /// <summary>Writes what follows from the ledger. Of a shard that lost pairs since, the takedown's line stays.</summary>
    public async Task WriteAsync(IReadOnlyList<CommitSummary> commits, CancellationToken stop)
    {
        List<LedgerLine> lines = [.. commits.Select(commit => commit.Files).OfType<LedgerLine>()];
        if (lines.Count == 0)
            return;
        var rewritten = (await _manifest.ReadTombstonesAsync(stop).ConfigureAwait(false)).Select(tombstone => tombstone.Shard).ToHashSet();
        if (rewritten.Count > 0)
        {
            var after = (await _manifest.ReadLedgerAsync(stop).ConfigureAwait(false)).Where(line => rewritten.Contains(line.Shard)).ToDictionary(line => line.Shard);
            lines = [.. lines.Select(line => after.GetValueOrDefault(line.Shard, line))];
        }
        await _manifest.WriteLedgerAsync(lines, "run", stop).ConfigureAwait(false);
        await ShardSizes.WriteAsync(store, lines.ToDictionary(line => line.Shard, line => line.Count), "run", stop).ConfigureAwait(false);
    }

    /// <summary>
    /// Discards what killed processes left staged. Only at the end of a run that has nothing staged itself; a takedown's files stay.
    /// </summary>
    public async Task DiscardLeftoversAsync(CancellationToken stop)
    {
        List<StagedFile> staged = [];
        await foreach (var file in store.ListStagedAsync(stop).ConfigureAwait(false))
            if (!file.Token.StartsWith(Takedowns.TokenPrefix, StringComparison.Ordinal) && file.Token.Length > 0)
                staged.Add(file);
        foreach (var (name, token) in staged)
            await store.DiscardAsync(name, token, stop).ConfigureAwait(false);
    }

    /// <summary>Pairs that were taken down since they were committed.</summary>
    public async Task<long> TombstonesAsync(CancellationToken stop) => (await _manifest.ReadTombstonesAsync(stop).ConfigureAwait(false)).Count;

    private static string CodeVersion =>
        typeof(DataSetFiles).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyInformationalVersionAttribute), false)
            .OfType<System.Reflection.AssemblyInformationalVersionAttribute>().Single().InformationalVersion;
}

/// <summary>A data set cannot be gone on with, because it was begun otherwise.</summary>
public sealed class SettingsMismatchException(string dataSet, string what, string option, string began, string now) : Exception(
    $"The data set in '{dataSet}' was begun with {what} {began}, and this run has {now}. Give {option} as it was, or another --out.");

/// <summary>A data set cannot be gone on with, because a takedown has changed a part of its shards only.</summary>
public sealed class TakedownCutOffException(string dataSet) : Exception(
    $"A takedown in '{dataSet}' was cut off, or is at work. Finish it first: wit shards takedown {dataSet}");
