using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using WebImageText.Pipeline.Flow;
using WebImageText.Pipeline.Hosts;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Pipeline.Queries;
using WebImageText.Pipeline.Staging;

namespace WebImageText.Pipeline.Runs;

/// <summary>
/// These queries are done, as earlier versions noted it: it is not known with which providers. They are started once more, and
/// each knows by its cursors that it has nothing to ask.
/// </summary>
internal sealed record QueriesDone(ImmutableArray<int> Rows);

/// <summary>These queries need not be started again for these providers: none of them has more, and every candidate is settled.</summary>
internal sealed record QueriesAsked(ImmutableArray<int> Rows, ImmutableArray<string> Providers);

/// <summary>This host has pages to visit.</summary>
internal sealed record HostOpened(string Host);

/// <summary>This host has no pages left to visit.</summary>
internal sealed record HostClosed(string Host);

/// <summary>
/// Sole owner of the run's progress: starts queries in the order of their list as others come to rest, knows which hosts
/// have pages left, and has everything committed once nobody has anything to do.
/// </summary>
internal sealed class RunCoordinator : ReceivePersistentActor, IWithTimers
{
    private const int DoneBatch = 256;
    private const int HopelessAfter = 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(10);

    private readonly NodeParts _node;
    private readonly Dictionary<string, HashSet<int>> _asked = []; // by provider
    private readonly HashSet<string> _hosts = [];
    private readonly Queue<QueryId> _toStart = [];
    private readonly Dictionary<QueryId, Heard> _queries = [];
    private readonly Dictionary<string, Heard> _frontiers = [];
    private readonly Dictionary<string, IReadOnlyList<FoundPage>> _seedsToPlace = [];
    private readonly Dictionary<string, NodeSeen> _nodes = [];
    private readonly HashSet<string> _toSeal = [];
    private readonly List<int> _unsavedDone = [];
    private readonly OrderedGate? _order; // in a replay, which must know who has work
    private readonly HashSet<string> _busyNames = [];
    private readonly Dictionary<string, (int Count, string First)> _faults = [];
    private RunIs _run = new(false, null, null, []);
    private DateTimeOffset _beganAt;
    private DateTimeOffset _sealedAt;
    private int _busy;
    private int _open;
    private bool _begun;
    private bool _sealing;
    private bool _sealed;
    private bool _ending;

    /// <summary>A query has come further.</summary>
    public sealed record QueryIs(QueryId Query, WorkState State);

    /// <summary>A host's frontier has come further; answered with <see cref="FrontierEntity.Noted"/> when it is busy.</summary>
    public sealed record FrontierIs(string Host, WorkState State);

    /// <summary>A provider did not answer as it should, for a query or, without one, for all.</summary>
    public sealed record ProviderFailed(string Provider, QueryId? Query, string Fault);

    /// <summary>How do the nodes get on? Answered with <see cref="AllNodes"/>.</summary>
    public sealed record AskNodes
    {
        public static AskNodes Instance { get; } = new();
    }

    /// <summary>The last report of every node, and where the run stands.</summary>
    public sealed record AllNodes(IReadOnlyList<NodeReport> Nodes, RunIs Run, int Busy, int Open);

    private sealed record Heard(WorkState State, DateTimeOffset At);

    private sealed record NodeSeen(IActorRef Reporter, NodeReport Report, DateTimeOffset At);

    private sealed record Begin
    {
        public static Begin Instance { get; } = new();
    }

    private sealed record Look
    {
        public static Look Instance { get; } = new();
    }

    private sealed record ManifestWritten
    {
        public static ManifestWritten Instance { get; } = new();
    }

    public RunCoordinator(NodeParts node)
    {
        (_node, _order) = (node, node.Gate as OrderedGate);
        Recover<QueriesDone>(_ => { });
        Recover<QueriesAsked>(Apply);
        Recover<HostOpened>(opened => _hosts.Add(opened.Host));
        Recover<HostClosed>(closed => _hosts.Remove(closed.Host));
        Recover<RecoveryCompleted>(_ => Self.Tell(Begin.Instance));
        Command<Begin>(_ => OnBegin());
        Command<FrontierEntity.Taken>(taken =>
        {
            _seedsToPlace.Remove(taken.Host);
            GoOn();
        });
        Command<QueryIs>(OnQuery);
        Command<FrontierIs>(OnFrontier);
        Command<ProviderFailed>(OnFault);
        Command<NodeReport>(OnReport);
        Command<AskNodes>(_ => Sender.Tell(new AllNodes([.. _nodes.Values.Select(node => node.Report)], _run, _busy, _open)));
        Command<Stager.Sealed>(answer =>
        {
            _toSeal.Remove(answer.Node);
            GoOn();
        });
        Command<Look>(_ => LookAfter());
        Command<ManifestWritten>(_ =>
        {
            _run = _run with { IsFinished = true, Gaps = [.. _faults.Select(fault => Gap(fault.Key, fault.Value.Count, fault.Value.First))] };
            TellAll();
        });
        Command<Status.Failure>(failed =>
        {
            Context.GetLogger().Warning(failed.Cause, "the manifest is not written yet");
            _ending = false;
        });
    }

    public override string PersistenceId => "run";

    public ITimerScheduler Timers { get; set; } = null!;

    private DateTimeOffset Now => _node.Clock.GetUtcNow();

    private void OnBegin()
    {
        _begun = true;
        _beganAt = Now;
        if (_node.Searched.Count > 0)
        {
            foreach (var query in _node.Queries.Where(query => !IsAsked(query.Id.Row)))
                _toStart.Enqueue(query.Id);
        }
        foreach (var host in _hosts)
        {
            Hear(_frontiers, host, WorkState.Busy);
            _node.Owners.Frontiers.Tell(new FrontierEntity.Wake(host));
        }
        foreach (var list in _node.Lists.Select(ListEntity.IdOf))
        {
            Hear(_frontiers, list, WorkState.Busy);
            _node.Owners.Frontiers.Tell(new FrontierEntity.Wake(list));
        }
        foreach (var host in _node.Options.Seeds.GroupBy(seed => seed.Host))
        {
            _seedsToPlace[host.Key] = [.. host.Select(seed => new FoundPage(seed, 0))];
            Place(host.Key);
        }
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, LookEvery);
        GoOn();
    }

    private ImmutableArray<string> Searched => [.. _node.Searched.Select(provider => provider.Traits.Name)];

    // Of every provider that this run searches.
    private bool IsAsked(int row) => _node.Searched.All(provider => _asked.TryGetValue(provider.Traits.Name, out var rows) && rows.Contains(row));

    private void Apply(QueriesAsked asked)
    {
        foreach (var provider in asked.Providers)
        {
            if (!_asked.TryGetValue(provider, out var rows))
                _asked[provider] = rows = [];
            rows.UnionWith(asked.Rows);
        }
    }

    private void Place(string host) => _node.Owners.Frontiers.Tell(new FrontierEntity.Add(host, "", _seedsToPlace[host]));

    private void OnQuery(QueryIs news)
    {
        Hear(_queries, news.Query, news.State);
        if (news.State == WorkState.Done && !IsAsked(news.Query.Row))
        {
            Apply(new([news.Query.Row], Searched));
            _unsavedDone.Add(news.Query.Row);
        }
        if (_unsavedDone.Count >= DoneBatch)
            SaveDone();
        GoOn();
    }

    private void OnFrontier(FrontierIs news)
    {
        Hear(_frontiers, news.Host, news.State);
        // The journal takes events in the order of these lines; what was noted before is lasting when its turn comes.
        if (news.State == WorkState.Busy && _hosts.Add(news.Host))
            PersistAsync(new HostOpened(news.Host), opened => Note(opened.Host));
        else if (news.State == WorkState.Busy)
            DeferAsync(news.Host, Note);
        else if (news.State == WorkState.Done && _hosts.Remove(news.Host))
            PersistAsync(new HostClosed(news.Host), _ => { });
        GoOn();
    }

    private void OnReport(NodeReport report)
    {
        _nodes[report.Node] = new(Sender, report, Now);
        if (_begun && _run.UsedUp is null && !_ending && _node.Options.Until.UsedUp([.. _nodes.Values.Select(node => node.Report.Counts)], Now - _beganAt) is { } budget)
        {
            _run = _run with { UsedUp = budget };
            TellAll();
        }
        Sender.Tell(_run);
        GoOn();
    }

    private string Gap(string provider, int count, string first) => _node.Provider(provider)?.Traits.TakesQueries == false
        ? $"{provider} was not read to its end, the same command goes on: {first}"
        : $"{provider} did not answer {count} queries: {first}";

    private void Note(string host) => _node.Owners.Frontiers.Tell(new FrontierEntity.Noted(host));

    private void SaveDone()
    {
        if (_unsavedDone.Count > 0)
            PersistAsync(new QueriesAsked([.. _unsavedDone], Searched), _ => { });
        _unsavedDone.Clear();
    }

    private void OnFault(ProviderFailed failed)
    {
        var (count, first) = _faults.GetValueOrDefault(failed.Provider, (0, failed.Fault));
        _faults[failed.Provider] = (count + 1, first);
        // Not one answer: the service is not there, or not what it was taken for. Better to say so than to ask 500,000 times.
        var isHopeless = failed.Query is null ? _node.Providers.Count == 1 && _node.Options.Seeds.Count == 0 : count + 1 >= HopelessAfter;
        if (isHopeless && _nodes.Values.All(node => node.Report.Counts.Judged == 0))
        {
            _run = _run with { Failure = $"The provider '{failed.Provider}' {(failed.Query is null ? "gives nothing" : "answers none of the queries")}. {first}" };
            TellAll();
        }
    }

    private void Hear<T>(Dictionary<T, Heard> heard, T who, WorkState state) where T : notnull
    {
        var before = heard.TryGetValue(who, out var last) ? last.State : WorkState.Unknown;
        _busy += (state == WorkState.Busy ? 1 : 0) - (before == WorkState.Busy ? 1 : 0);
        _open += (IsOpen(state) ? 1 : 0) - (IsOpen(before) ? 1 : 0);
        heard[who] = new(state, Now);
        if (_order is not null)
        {
            var name = who is QueryId query ? QueryEntity.NameOf(query) : $"{who}";
            _ = state == WorkState.Busy ? _busyNames.Add(name) : _busyNames.Remove(name);
        }
        _sealed &= before == state;

        static bool IsOpen(WorkState state) => state is WorkState.Busy or WorkState.Quiet;
    }

    // Entities move and die with their nodes. Who is not done and has been silent is started again, which is how it is found.
    private void LookAfter()
    {
        if (_node.Stopping.IsCancellationRequested)
            return;
        var silent = Now - SilentAfter;
        foreach (var (query, heard) in _queries.Where(entry => IsWaitedFor(entry.Value, silent)).ToList())
        {
            _queries[query] = heard with { At = Now };
            _node.Owners.Queries.Tell(new QueryEntity.Start(query));
        }
        foreach (var (host, heard) in _frontiers.Where(entry => IsWaitedFor(entry.Value, silent)).ToList())
        {
            _frontiers[host] = heard with { At = Now };
            _node.Owners.Frontiers.Tell(new FrontierEntity.Wake(host));
        }
        foreach (var host in _seedsToPlace.Keys)
            Place(host);
        foreach (var gone in _nodes.Where(node => node.Value.At < Now - GoneAfter).Select(node => node.Key).ToList())
        {
            _nodes.Remove(gone);
            _toSeal.Remove(gone);
        }
        if (_sealing)
            Seal();
        // What a dead node has staged is waited for: it comes back with its node, or is worked on anew.
        if (_sealed && _open > 0 && Now >= _sealedAt + LookEvery)
            _sealed = false;
        GoOn();

        static bool IsWaitedFor(Heard heard, DateTimeOffset silent) => heard.State is WorkState.Busy or WorkState.Quiet && heard.At < silent;
    }

    private void GoOn()
    {
        if (!_begun || _ending || _node.Stopping.IsCancellationRequested)
            return;
        while (_busy < _node.Gate.Places * Math.Max(1, _nodes.Count) && _toStart.TryDequeue(out var query))
        {
            Hear(_queries, query, WorkState.Busy);
            _node.Owners.Queries.Tell(new QueryEntity.Start(query));
        }
        if (_seedsToPlace.Count == 0)
            _order?.Expect(_busyNames);
        if (_sealing && _toSeal.Count == 0)
            (_sealing, _sealed, _sealedAt) = (false, true, Now);
        if (_busy > 0 || _seedsToPlace.Count > 0 || _sealing || _nodes.Count == 0)
            return;
        if (_sealed && _open == 0)
        {
            _ending = true;
            SaveDone();
            DeferAsync(ManifestWritten.Instance, written => WriteManifestAsync().PipeTo(Self, success: () => written));
        }
        else if (!_sealed)
        {
            _sealing = true;
            _toSeal.UnionWith(_nodes.Keys);
            Seal();
        }
    }

    private void Seal()
    {
        foreach (var name in _toSeal)
            _nodes[name].Reporter.Tell(Stager.Seal.Instance);
    }

    private async Task WriteManifestAsync()
    {
        var history = await _node.Owners.Ledger.Ask<Ledger.History>(Ledger.AskHistory.Instance, TimeSpan.FromSeconds(30)).ConfigureAwait(false);
        await _node.DataSet.WriteAsync(history.Commits, CancellationToken.None).ConfigureAwait(false);
    }

    private void TellAll()
    {
        foreach (var node in _nodes.Values)
            node.Reporter.Tell(_run);
    }
}
