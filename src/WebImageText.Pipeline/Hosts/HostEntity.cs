using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;
using WebImageText.Crawl.Providers;
using WebImageText.Crawl.Robots;
using WebImageText.Pipeline.Flow;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Staging;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Hosts;

/// <summary>
/// Sole owner of the way to one host: one request at a time, never sooner than its pace allows, nothing that its robots.txt
/// refuses, no image that its files say is not to be used. Redirects lead to the entity of the host that they name, so every hop is polite.
/// </summary>
internal sealed class HostEntity : ReceiveActor, IWithTimers
{
    /// <summary>Failures of this machine that an item outlives; there is a pause after each.</summary>
    public const int LocalTries = 20;

    /// <summary>Times that a trace may put its robots.txt off.</summary>
    private const int MostDeferrals = 20;

    private static readonly SemaphoreSlim Readers = new(Environment.ProcessorCount);

    private readonly string _host;
    private readonly NodeParts _node;
    private readonly HostPace _pace;
    private readonly SiteFiles _files;
    private readonly SiteFileWeb _fileWeb;
    private readonly LinkedList<HostItem> _items = [];
    private readonly HashSet<string> _keys = [];
    private readonly Dictionary<string, IActorRef> _askers = [];
    private readonly Dictionary<string, RequestBudget> _budgets = [];
    private int _deferrals;
    private bool _busy;
    private Drop? _lastTrouble;

    /// <summary>An image for a pair that has its slot.</summary>
    public sealed record FetchImage(Work Work) : IEntityMessage
    {
        public string EntityId => Work.At.Host;
    }

    /// <summary>A page of the frontier.</summary>
    public sealed record FetchPage(Visit Visit) : IEntityMessage
    {
        public string EntityId => Visit.At.Host;
    }

    /// <summary>
    /// A pair that has its slot, and whose page was named and not visited: what the files of the page's site say about use is heard
    /// before its image is asked for. The page itself is not fetched.
    /// </summary>
    public sealed record JudgePage(Work Work) : IEntityMessage
    {
        public string EntityId => Work.Candidate.Page?.Host ?? throw new InvalidOperationException("A pair without a page has no site of its page.");
    }

    /// <summary>Something that a provider needs; answered with <see cref="Data"/> to whoever asked last.</summary>
    /// <param name="Id">Of the request: what is asked for again has the same.</param>
    /// <param name="Provider">Whose limits hold beside the pace of the host.</param>
    /// <param name="IsService">See <see cref="ProviderRequest.IsService"/>.</param>
    /// <param name="Request">What is asked for.</param>
    public sealed record FetchData(string Id, string Provider, bool IsService, FetchRequest Request) : IEntityMessage
    {
        public string EntityId => Request.Address.Host;
    }

    /// <summary>How the request of a provider ended.</summary>
    public sealed record Data(string Id, FetchResult Result);

    private sealed record Fetched(HostItem Item, FetchResult Result);

    private sealed record FileFetched(KnownFile File);

    /// <summary>What the list of opt-outs says.</summary>
    private sealed record Listed(HostItem Item, Drop? Refusal);

    /// <summary>It could not be asked at all, which ends the run: another one asks again.</summary>
    private sealed record Unlisted(Exception Cause);

    /// <summary>It is here, and waits for what the site says about it.</summary>
    private sealed record Waits(HostItem Item);

    private sealed record HandedOver
    {
        public static HandedOver Instance { get; } = new();
    }

    private sealed record Next
    {
        public static Next Instance { get; } = new();
    }

    public HostEntity(string host, NodeParts node)
    {
        (_host, _node) = (host, node);
        // Nobody knows whether a run before this one asked the host a moment ago: the full delay comes first.
        _pace = HostPace.AfterRestart(node.Fetch.Pace, null, node.Clock.GetUtcNow());
        (_files, _fileWeb) = (new(node.Options.Tries), new(host, node));
        node.Expect?.Invoke(host);
        Receive<FetchImage>(image => AskList(image.Work));
        Receive<Listed>(listed =>
        {
            if (_node.Stopping.IsCancellationRequested)
                return;
            if (listed.Refusal is { } refusal)
                Refuse(listed.Item, refusal);
            else
                Enqueue(listed.Item);
        });
        Receive<Unlisted>(unlisted =>
        {
            if (!_node.Stopping.IsCancellationRequested)
                Context.GetLogger().Warning(unlisted.Cause, "{0}: the list of opt-outs cannot be asked", _host);
        });
        Receive<JudgePage>(page => Enqueue(new(page.Work.Candidate.Page!, page)));
        Receive<FetchPage>(page => Enqueue(new(page.Visit.At, page.Visit)));
        Receive<FetchData>(data =>
        {
            _askers[data.Id] = Sender;
            Enqueue(new(data.Request.Address, data));
        });
        Receive<FileFetched>(fetched => OnFile(fetched.File));
        Receive<Waits>(waits =>
        {
            _busy = false;
            _keys.Add(waits.Item.Key);
            _items.AddFirst(waits.Item);
            Go();
        });
        Receive<Fetched>(OnFetched);
        Receive<Next>(_ => Go());
        Receive<HandedOver>(_ =>
        {
            _busy = false;
            Go();
        });
        Receive<Status.Failure>(failed =>
        {
            // What was under way is asked for again by whoever waits for it.
            if (!_node.Stopping.IsCancellationRequested)
                Context.GetLogger().Warning(failed.Cause, "{0}: a request came to nothing", _host);
            _busy = false;
            Go();
        });
        // What waits here is still being worked on, however slow the host.
        Receive<Look>(_ => _node.Owners.Renew(_items.Select(item => item.Work).OfType<Work>().Select(work => work.Uid)));
        Receive<ReceiveTimeout>(_ =>
        {
            if (_items.Count == 0 && !_busy)
                Context.Parent.Tell(new Passivate(PoisonPill.Instance));
        });
        SetReceiveTimeout(Patience.IdleTime);
    }

    protected override void PreStart()
    {
        base.PreStart();
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, Patience.LookEvery);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void AskList(Work work)
    {
        var item = new HostItem(work.At, work);
        if (_node.Spawning is { } list && work.Candidate.OptOut is null)
            list.AskAsync(work.At, _node.Stopping).PipeTo(Self, success: refusal => new Listed(item, refusal), failure: cause => new Unlisted(cause));
        else
            Enqueue(item);
    }

    private void Enqueue(HostItem item)
    {
        // A host that cannot be done with in time would hold up the end of the run: what comes too late for it is dropped at once.
        var wait = _items.Count * _pace.Delay;
        if (_keys.Contains(item.Key))
            Go();
        else if (item.IsPageOfPair)
        {
            // Once the files of the site are known it takes no time of the host: it waits for them, and not for what is fetched there.
            _keys.Add(item.Key);
            _items.AddFirst(item);
            Go();
        }
        else if (wait > _node.Fetch.LongestQueue && item.What is not FetchData)
            Refuse(item, new(DropReason.Timeout, $"{_items.Count} requests wait for the host, for {wait:c} and more"));
        else
        {
            _keys.Add(item.Key);
            _items.AddLast(item);
            Go();
        }
    }

    private void Go()
    {
        while (!_busy && !_node.Stopping.IsCancellationRequested && _items.First?.Value is { } item)
        {
            var now = _node.Clock.GetUtcNow();
            var missing = item.IsService ? null : _files.Missing(item.At, item.HasUse, item.Licenses, now);
            // What is refused already needs no more files to be read.
            if (missing?.Kind != SiteFileKind.Robots && !item.IsFetched && Refusal(item, missing is null) is { } refusal)
            {
                Take(item);
                Refuse(item, refusal);
                continue;
            }
            if (missing is null && (item.IsFetched || item.IsPageOfPair))
            {
                Take(item);
                HandOver(item);
                continue;
            }
            var budget = missing is null && item.What is FetchData data ? BudgetOf(data.Provider) : null;
            if (budget is not null)
                _pace.NotBefore(budget.Earliest(now));
            if (missing?.Kind != SiteFileKind.Robots && !item.IsService)
                AwaitVisitTime(item.At);
            if (_node.Turns is null && !_pace.TryStart(now))
            {
                if (_pace.EarliestStart - now > _node.Fetch.Patience)
                    GiveUp(_pace.EarliestStart);
                else
                    Timers.StartSingleTimer(nameof(Next), Next.Instance, _pace.EarliestStart - now);
                return;
            }
            _busy = true;
            if (missing is not null)
            {
                _fileWeb.FetchAsync(missing, _files.Find(missing)).PipeTo(Self, success: file => new FileFetched(file), failure: cause => new Status.Failure(cause));
                return;
            }
            _items.RemoveFirst();
            item.Tries++;
            budget?.Take(now);
            _node.Fetcher.FetchAsync(item.Request, _node.Stopping)
                .PipeTo(Self, success: result => new Fetched(item, result), failure: _ => new Fetched(item, Stopped));
        }
    }

    private void Take(HostItem item)
    {
        _items.RemoveFirst();
        _keys.Remove(item.Key);
    }

    // In a replay it is always the time at which the trace was kept.
    private void AwaitVisitTime(WebAddress at)
    {
        var now = _node.Clock.GetUtcNow();
        if (_node.Turns is not null || _files.RobotsOf(at) is not { } robots || robots.NextVisit(now) is var visit && visit <= now)
            return;
        _lastTrouble = new(DropReason.RobotsDisallowed, $"robots.txt: Visit-time: {string.Join(", ", robots.VisitTimes)}");
        _pace.NotBefore(visit);
    }

    // A service has limits of its own, which hold for all queries together: whoever owns the way to it keeps them.
    private RequestBudget BudgetOf(string provider)
    {
        if (!_budgets.TryGetValue(provider, out var budget))
            _budgets[provider] = budget = new(_node.Provider(provider)?.Traits.Limits ?? []);
        return budget;
    }

    // robots.txt first, then what all files of the site and the page say about the use of an image: one that is not to be used is not fetched.
    private Drop? Refusal(HostItem item, bool isAllKnown) => item.IsService ? null
        : _files.Refusal(item.At, use: false)
        ?? (!item.IsPageOfPair && _files.Delay > _node.Fetch.Pace.LongestSiteDelay
            ? new Drop(DropReason.RobotsDisallowed, $"robots.txt asks for {_files.Delay:c} between two requests, more than the {_node.Fetch.Pace.LongestSiteDelay:c} that the run has")
            : null)
        ?? (item.Work is not { } work ? null
            : work.Candidate.OptOut is { } optOut ? new(DropReason.OptedOut, optOut)
            : OptOutJudge.Judge(_files.SignalsFor(item.At, []), _node.WebClock.GetUtcNow()).Drop ?? (isAllKnown ? _files.Refusal(item.At, use: true) : null));

    private static readonly FetchResult.Failed Stopped = new(new(DropReason.Timeout, "the run stops"));

    private void OnFile(KnownFile file)
    {
        var now = _node.Clock.GetUtcNow();
        _busy = false;
        _files.Learn(file);
        _pace.SetSiteDelay(_files.Delay);
        _pace.Ended(now);
        var isDeferred = file.Decision.Access == RobotsAccess.Defer;
        if (isDeferred)
        {
            _lastTrouble = new(DropReason.HttpError, $"{file.File.Name}: {file.Decision.Why}");
            _pace.NotBefore(now + file.Decision.ValidFor);
        }
        if (file.Failure is { } failure && file.File.At.Host == _host)
            _lastTrouble = failure;
        // What may pass is asked for again, after a while. A licence elsewhere is no fault of this host.
        if (file.Trouble is { } trouble && file.File.At.Host == _host && !file.IsFresh(now, _node.Options.Tries))
        {
            _lastTrouble = file.Failure ?? new(DropReason.HttpError, $"{file.File.Name}: {file.Decision.Why}");
            _pace.Failed(trouble, now);
            _pace.NotBefore(now + (file.Wait ?? default));
        }
        // In a replay no time passes: what the host puts off for longer than the trace knows is over.
        if (_node.Turns is not null && isDeferred && ++_deferrals > MostDeferrals)
            GiveUp(_pace.EarliestStart);
        Go();
    }

    // The host asks for more time than a run has: whoever waits for it hears why now, not at the end of the run.
    private void GiveUp(DateTimeOffset until)
    {
        var why = _lastTrouble ?? new(DropReason.Timeout);
        List<HostItem> items = [.. _items];
        _items.Clear();
        _keys.Clear();
        foreach (var item in items)
            Refuse(item, why with { Detail = $"{why.Detail}; the host is left alone until {until:u}" });
    }

    private void OnFetched(Fetched fetched)
    {
        var (item, result) = fetched;
        if (_node.Stopping.IsCancellationRequested)
            return;
        _node.Tally.Request(result is FetchResult.Answer { Body.Length: var bytes } ? bytes : 0);
        _node.Fetches.Count(_host, result);
        if (result is FetchResult.Failed { IsLocal: true } && item.LocalFaults++ < LocalTries)
        {
            // Not the host's fault, and no try of the item: the fetcher has slowed down.
            item.Tries--;
            _pace.Ended(_node.Clock.GetUtcNow());
            _items.AddFirst(item);
            Self.Tell(HandedOver.Instance);
            return;
        }
        if (Trouble(result) && item.Tries < _node.Options.Tries)
        {
            _items.AddLast(item);
            Self.Tell(HandedOver.Instance);
            return;
        }
        _keys.Remove(item.Key);
        // The next request waits until this answer has its place: a host is never faster than the node that asks it.
        HandOverAsync(item, result).PipeTo(Self, failure: cause => new Status.Failure(cause));
    }

    // All that the site says about it is known.
    private void HandOver(HostItem item)
    {
        var signals = _files.SignalsFor(item.At, item.Licenses);
        if (item.Page is { } page)
        {
            _node.Tally.Page("read");
            _node.Owners.Frontiers.Tell(page.Judge(signals, page.HasUse ? _files.Refusal(item.At, use: true) : null));
            return;
        }
        if (item.What is JudgePage { Work: var work })
        {
            var now = _node.WebClock.GetUtcNow();
            var said = OptOutVerdict.Together(work.Candidate.PageUse, OptOutJudge.Judge(signals, now).OfPage(now));
            _node.Owners.Hosts.Tell(new FetchImage(work with { Candidate = work.Candidate with { PageUse = said } }));
            return;
        }
        _busy = true;
        _node.Judge.TakeAsync((Work)item.What, item.Image!, signals, _node.Stopping).AsTask()
            .PipeTo(Self, success: () => HandedOver.Instance, failure: cause => new Status.Failure(cause));
    }

    /// <summary>Tells the host's pace how the request ended.</summary>
    /// <returns>The host was to blame, so that another try may end better.</returns>
    private bool Trouble(FetchResult result)
    {
        var now = _node.Clock.GetUtcNow();
        var (drop, status) = result switch
        {
            FetchResult.Failed failed => (failed.Drop, 0),
            FetchResult.Answer { Status: not 200 } answer => (HttpError(answer), answer.Status),
            _ => (null, 200),
        };
        _pace.Ended(now);
        if (result is FetchResult.Answer said && said.Headers["Retry-After"] is { } asked && RetryAfter.Parse(asked, now) is { } wait && status is 429 or 503)
            _pace.NotBefore(now + wait);
        if (drop is null || HostTroubles.Of(drop.Reason, status) is not { } trouble)
        {
            _pace.Succeeded();
            return false;
        }
        _lastTrouble = drop;
        _pace.Failed(trouble, now);
        return true;
    }

    private static Drop HttpError(FetchResult.Answer answer) => new(DropReason.HttpError, answer.Status.ToString(CultureInfo.InvariantCulture));

    private async Task<object> HandOverAsync(HostItem item, FetchResult result)
    {
        // The judge ends what an image has of the budget of bytes; of all else the body has been read when this returns.
        using var held = item.What is Work && result is FetchResult.Answer { Status: 200 } ? null : (result as FetchResult.Answer)?.Held;
        switch (item.What, result)
        {
            case (FetchData data, _):
                Answer(data, result);
                break;
            case (_, FetchResult.Redirect redirect):
                Redirect(item, redirect.To);
                break;
            case (_, FetchResult.Failed failed):
                Drop(item, failed.Drop);
                break;
            case (_, FetchResult.Answer { Status: not 200 } answer):
                Drop(item, HttpError(answer), answer);
                break;
            case (Work, FetchResult.Answer answer):
                return new Waits(item.With(answer, ReadPage.LicensesOf(HeaderSignals.Of(answer.Headers.Fields), item.At)));
            case (Visit visit, FetchResult.Answer answer):
                return new Waits(item.With(await ReadAsync(visit, answer).ConfigureAwait(false)));
        }
        return HandedOver.Instance;
    }

    // As many at once as there are processors: more would only hold more texts in memory.
    private async Task<ReadPage> ReadAsync(Visit visit, FetchResult.Answer answer)
    {
        await Readers.WaitAsync(_node.Stopping).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => PageVisit.Read(visit, answer, _node.Stopping)).ConfigureAwait(false);
        }
        finally
        {
            Readers.Release();
        }
    }

    private void Redirect(HostItem item, WebAddress to)
    {
        IReadOnlyList<WebAddress> visited = [.. item.What is Work { Visited: var images } ? images : ((Visit)item.What).Visited, item.At];
        if (visited.Count > _node.Fetch.Redirects || visited.Any(hop => hop.Canonical == to.Canonical))
            Refuse(item, new(DropReason.RedirectLoop, $"{visited.Count} redirects, the last to {to}"));
        else if ((_node.Addresses.Judge(to) ?? _node.Blocks?.Judge(to)) is { } refused)
            Refuse(item, refused);
        else if (item.What is Work work)
            _node.Owners.Hosts.Tell(new FetchImage(work with { At = to, Visited = visited }));
        else
            _node.Owners.Hosts.Tell(new FetchPage((Visit)item.What with { At = to, Visited = visited }));
    }

    // Not asked for at all, which a trace keeps as well.
    private void Refuse(HostItem item, Drop drop)
    {
        _node.Trace?.AddRefusal(item.Work?.At ?? item.At, drop, _node.Clock.GetUtcNow());
        Drop(item, drop);
    }

    private void Drop(HostItem item, Drop drop, FetchResult.Answer? answer = null)
    {
        item.Image?.Held?.Dispose();
        switch (item.What)
        {
            case Work work:
                var facts = answer is null ? null : new FetchFacts(item.At.Href, answer.At, answer.Status, answer.Headers["Content-Type"], answer.Headers["ETag"]);
                _node.Drop(work, drop, facts);
                break;
            case JudgePage { Work: var of }:
                var ofPage = drop with { Detail = $"its page: {drop.Detail}" };
                _node.Drop(drop.Reason == DropReason.OptedOut ? of with { Candidate = of.Candidate with { OptOut = ofPage.Detail } } : of, ofPage);
                break;
            case Visit visit:
                _node.Tally.Page(drop.Reason.Word());
                _node.Owners.Frontiers.Tell(new FrontierEntity.PageRead(visit.Host, visit.Page.Canonical, [], []));
                break;
            case FetchData data:
                Answer(data, new FetchResult.Failed(drop));
                break;
        }
    }

    private void Answer(FetchData data, FetchResult result)
    {
        if (_askers.Remove(data.Id, out var asker))
            asker.Tell(new Data(data.Id, result));
    }
}
