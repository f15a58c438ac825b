using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Streams;
using WebImageText.Crawl.Addresses;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;
using WebImageText.Crawl.Queries;
using WebImageText.Curate.Dedup;
using WebImageText.Curate.Dedup.Descriptors;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Filter;
using WebImageText.Curate.Pixels;
using WebImageText.Pipeline.Copies;
using WebImageText.Pipeline.Flow;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Pipeline.Runs;
using WebImageText.Pipeline.Staging;
using WebImageText.Shards;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Takedown;

namespace WebImageText.Pipeline;

/// <summary>What a run made, and what stands in the data set after it.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Counts">What this run did.</param>
/// <param name="Pairs">Committed pairs of the data set, earlier runs included.</param>
/// <param name="Shards">Committed shards of the data set.</param>
/// <param name="Rejected">Committed rejections of the data set, by reason.</param>
/// <param name="Staged">Verdicts that are durable on this node and in no shard yet.</param>
/// <param name="Out">Where the data set is.</param>
/// <param name="Elapsed">Of this run.</param>
public sealed record RunReport(
    RunEnd End, RunCounts Counts, long Pairs, int Shards, ImmutableSortedDictionary<DropReason, long> Rejected, int Staged, string Out, TimeSpan Elapsed)
{
    /// <summary>How this node's requests went.</summary>
    public required FetchCounts Fetches { get; init; }
}

/// <summary>One run on a node: of a cluster, or of one that is embedded and has no other.</summary>
public sealed class PipelineRun(PipelineSettings settings, TimeProvider wall)
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HandOverTime = TimeSpan.FromSeconds(20);

    private readonly SteadyClock _clock = new(wall);
    private readonly Tally _tally = new();
    private readonly FetchTally _fetches = new();
    private HttpFetcher? _fetcher;

    /// <summary>What the run has done so far. Thread-safe.</summary>
    public RunCounts Now => _tally.Now();

    /// <summary>How this node's requests have gone so far. Thread-safe.</summary>
    public FetchCounts Fetches => _fetches.Now();

    /// <summary>How this node's fetcher gets on; null before it is there. Thread-safe.</summary>
    public FetcherState? Fetcher => _fetcher?.Now;

    /// <summary>Runs to the end, or until the stop; then what was begun is made durable, and a later run goes on from there.</summary>
    public async Task<RunReport> RunAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(settings.State);
        await WriterMark.TakeAsync(ShardStores.Open(settings.Out), settings.State, stop).ConfigureAwait(false);
        await using var member = await ClusterMember.JoinAsync(new() { Journal = Path.Combine(settings.State, "journal.db") }, stop).ConfigureAwait(false);
        return await RunAsync(member, stop).ConfigureAwait(false);
    }

    /// <summary>Runs this node's part of what its cluster does; then the node leaves it.</summary>
    public async Task<RunReport> RunAsync(ClusterMember member, CancellationToken stop)
    {
        var system = member.System;
        var began = Stopwatch.GetTimestamp();
        using var folder = new StagingFolder(Path.Combine(settings.State, "staging"));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var addresses = new AddressPolicy(settings.Addresses);
        await using var web = await WebAccess.OpenAsync(settings, addresses, member.IsAlone ? null : member.IsInTouchAsync, _clock, stop).ConfigureAwait(false);
        _fetcher = web.Http;
        // A trace keeps what the list refused as not asked for.
        var spawning = settings.Fetch.Spawning is { } list && web.Http is not null ? new SpawningList(list, web.Http, _clock) : null;
        using IJobGate gate = web.Turns is null ? new JobGate(settings.Run.Jobs) : new OrderedGate();
        var store = ShardStores.Open(settings.Out);
        var filters = await FiltersAsync(store, stop).ConfigureAwait(false);
        var images = new ImageJudge(settings.Image, filters);
        using var detector = settings.Detector is { } path ? new DetectorDescriber(DetectorModel.Open(path, threads: 1)) : null;
        var copies = new CopyRule(settings.CopyScore is { } least && detector is not null ? new(least, detector.Model, detector.Dimension) : null);
        // Ends before what its actors use.
        await using var leaving = member.ConfigureAwait(false);
        var evaluation = await EvaluationIndex.LoadAsync(settings.EvaluationSets, settings.Image, settings.Evaluation, detector, stop: stop).ConfigureAwait(false);
        var naming = new ShardNaming(settings.Staging.ShardSize);
        var dataSet = new DataSetFiles(store);
        var queries = await dataSet.OpenAsync(settings, evaluation.Limit, [.. evaluation.Sets.Select(set => new Shards.Manifest.EvaluationSet(set.Set.Name, set.Images, set.Sha256) { Limit = set.Set.MinScore })], _clock, stop)
            .ConfigureAwait(false);
        var node = new NodeParts
        {
            Options = settings.Run,
            Queries = queries,
            Providers = settings.Providers,
            Fetch = settings.Fetch,
            Fetcher = web.Fetcher,
            Fetches = _fetches,
            Expect = web.Http is { } http ? http.Expect : null,
            Spawning = spawning,
            Licenses = new(settings.Run.Tries, _clock),
            Trace = web.Trace,
            Turns = web.Turns,
            Addresses = addresses,
            Gate = gate,
            Owners = new(),
            Tally = _tally,
            Copies = copies,
            Blocks = filters.Blocks,
            Clock = _clock,
            WebClock = web.Clock,
            DataSet = dataSet,
            Stopping = stopping.Token,
        };
        var listing = spawning?.RunAsync(stopping.Token) ?? new TaskCompletionSource().Task;
        var matcher = QueryMatcher.Build(queries);
        var rooms = new RoomBoard(settings.Run.Cap);
        rooms.Replies = system.ActorOf(Props.Create(() => new RoomReplies(rooms)), "rooms");
        node.Desk = new(node, new TextJudge(settings.Text), matcher, rooms);
        node.Judge = new(node, images, evaluation, Environment.ProcessorCount);
        var files = new CommitFiles(store, naming);
        Node.Start(system, node, folder, settings.Staging, new ShardCommit(node.Owners, files, copies, filters.Blocks, _clock, web.Clock), files, new CommittedPictures(store, copies));
        var materializer = system.Materializer();
        var desk = node.Desk.Graph(Environment.ProcessorCount).Run(materializer);
        var judge = node.Judge.Graph().Run(materializer);
        var end = new TaskCompletionSource<RunEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        Node.StartRun(system, node, folder, end);

        var stopped = Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        await Task.WhenAny(end.Task, stopped, desk, judge, member.Removed, web.Broken, listing).ConfigureAwait(false);
        var how = end.Task.IsCompletedSuccessfully ? await end.Task.ConfigureAwait(false)
            : stop.IsCancellationRequested ? new RunEnd.Stopped("by the user")
            : member.Removed.IsCompleted ? new RunEnd.Failed(member.WhyRemoved)
            : web.Broken.IsCompleted ? new RunEnd.Failed(await web.Broken.ConfigureAwait(false))
            : listing.IsFaulted ? new RunEnd.Failed($"The list of opt-outs cannot be asked any more: {listing.Exception.GetBaseException().Message}")
            : new RunEnd.Failed($"A stream of the pipeline broke: {(desk.Exception ?? judge.Exception)?.GetBaseException().Message}");

        // Stop begins nothing new; what was fetched still gets its verdict, and every verdict is made durable.
        await stopping.CancelAsync().ConfigureAwait(false);
        node.Desk.Close();
        node.Judge.Close();
        await Task.WhenAny(Task.WhenAll(desk, judge), Task.Delay(DrainTime, CancellationToken.None)).ConfigureAwait(false);
        if (member.Removed.IsCompleted)
            return new(how, _tally.Now(), 0, 0, ImmutableSortedDictionary<DropReason, long>.Empty, folder.Staged, settings.Out, Stopwatch.GetElapsedTime(began)) { Fetches = Fetches };
        await node.Owners.Staging.Ask<Stager.Taken>(Stager.FlushNow.Instance, AnswerTime, CancellationToken.None).ConfigureAwait(false);
        if (how is RunEnd.Stopped { IsBudget: var isBudget } && (isBudget || !member.IsAlone))
            await HandOverAsync(node.Owners).ConfigureAwait(false);
        var history = await node.Owners.Ledger.Ask<Ledger.History>(Ledger.AskHistory.Instance, AnswerTime, CancellationToken.None).ConfigureAwait(false);
        // The coordinator has written it where the run is finished.
        if (member.IsAlone && how is not RunEnd.Finished)
            await dataSet.WriteAsync(history.Commits, CancellationToken.None).ConfigureAwait(false);
        if (member.IsAlone && how is RunEnd.Finished)
        {
            await dataSet.DiscardLeftoversAsync(CancellationToken.None).ConfigureAwait(false);
            if (settings.Run.HotTexts > 0)
                await Quarantine.RunAsync(store, settings.Run.HotTexts, _clock, stop).ConfigureAwait(false);
        }
        var gone = await dataSet.TombstonesAsync(CancellationToken.None).ConfigureAwait(false);
        return new(
            how, _tally.Now(), history.Commits.Sum(commit => (long)commit.Pairs) - gone, history.Commits.Count(commit => commit.Shard is not null),
            history.Commits.SelectMany(commit => commit.Reasons.Select(entry => (entry.Key, Count: (long)entry.Value)))
                .Concat(gone > 0 ? [(DropReason.TakenDown, gone)] : Array.Empty<(DropReason, long)>()).GroupBy(entry => entry.Item1)
                .ToImmutableSortedDictionary(group => group.Key, group => group.Sum(entry => entry.Item2)),
            folder.Staged, settings.Out, Stopwatch.GetElapsedTime(began))
        { Fetches = Fetches };
    }

    // What was taken down of this data set must not come back.
    private async Task<PictureFilters> FiltersAsync(IShardStore store, CancellationToken stop) =>
        await NeverFetch.ReadAsync(store, stop).ConfigureAwait(false) is { Count: > 0 } lines
            ? settings.Filters.With(BlockList.With(settings.Filters.Blocks, lines, NeverFetch.Name, DropReason.TakenDown))
            : settings.Filters;

    // Whoever leaves a cluster, or has used up its budget, commits what it has, full shard or not: the others need not wait for its return.
    private static async Task HandOverAsync(Wire.Owners owners)
    {
        try
        {
            await owners.Staging.Ask<Stager.Sealed>(Stager.Seal.Instance, HandOverTime).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            // It stays staged, and is committed when this node comes back.
        }
    }
}
