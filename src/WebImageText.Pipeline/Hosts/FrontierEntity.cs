using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using WebImageText.Crawl.Extract;
using WebImageText.Pipeline.Flow;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Queries;
using WebImageText.Pipeline.Runs;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Hosts;

/// <summary>Sole owner of the pages of one host that are to be visited, and of the visits under way.</summary>
internal sealed class FrontierEntity : VisitOwner
{
    private const int VisitsAtOnce = 2;

    private readonly Frontier _frontier;
    private readonly List<(IActorRef Asker, Taken Answer)> _unanswered = [];
    private int _inside;
    private int _entering;

    /// <summary>Pages to visit; answered with <see cref="Taken"/> once they cannot be lost.</summary>
    /// <param name="EntityId">Host of all of them.</param>
    /// <param name="From">Canonical address of the page that links to them; empty for given ones.</param>
    /// <param name="Pages">To visit.</param>
    public sealed record Add(string EntityId, string From, IReadOnlyList<FoundPage> Pages) : IEntityMessage;

    /// <summary>The pages are taken over.</summary>
    public sealed record Taken(string Host, string From);

    /// <summary>There is work left from before a restart.</summary>
    public sealed record Wake(string EntityId) : IEntityMessage;

    /// <summary>The coordinator has noted that this host has work.</summary>
    public sealed record Noted(string EntityId) : IEntityMessage;

    /// <summary>A page was read.</summary>
    public sealed record PageRead(string EntityId, string Page, IReadOnlyList<Candidate> Candidates, IReadOnlyList<WebAddress> Links) : IEntityMessage;

    private sealed record Entered
    {
        public static Entered Instance { get; } = new();
    }

    public FrontierEntity(string host, NodeParts node)
        : base(host, node)
    {
        _frontier = new(node.Options.HostPages);
        Recover<PagesFound>(_frontier.Apply);
        Recover<PageVisited>(_frontier.Apply);
        Command<Add>(OnAdd);
        Command<Noted>(_ =>
        {
            _unanswered.ForEach(one => one.Asker.Tell(one.Answer));
            _unanswered.Clear();
        });
        Command<Entered>(_ => Visit());
        Command<PageRead>(OnPageRead);
        Command<Taken>(taken =>
        {
            _frontier.TakenOver(taken.From, taken.Host);
            Advance();
        });
        Command<JobNews>(news =>
        {
            _frontier.Learn(news);
            Advance();
        });
        Command<ReceiveTimeout>(_ =>
        {
            if (_frontier.IsSettled && _inside == 0 && _entering == 0 && _unanswered.Count == 0)
                Context.Parent.Tell(new Passivate(PoisonPill.Instance));
        });
    }

    protected override void LookAfter()
    {
        foreach (var (page, uids) in _frontier.Unsettled)
            Node.Owners.Check(new(JobKind.Visit, Id, page), uids);
        foreach (var page in _frontier.Again(Node.Clock.GetUtcNow()))
            Fetch(page);
        if (_unanswered.Count > 0)
            Node.Owners.Run.Tell(new RunCoordinator.FrontierIs(Id, WorkState.Busy));
    }

    private void Fetch(FoundPage page) =>
        Node.Owners.Hosts.Tell(new HostEntity.FetchPage(new(Id, page.Address, page.Depth, page.Address, [])));

    public override string PersistenceId => $"frontier-{Id}";

    private void OnAdd(Add add)
    {
        var answer = (Sender, new Taken(Id, add.From));
        var wasFull = _frontier.IsFull;
        var found = new PagesFound(_frontier.New(add.Pages));
        if (found.Pages.Count > 0)
        {
            Persist(found, pages =>
            {
                _frontier.Apply(pages);
                if (_frontier.IsFull && !wasFull)
                    Context.GetLogger().Warning("{0}: has {1} pages, and no more are visited (--host-pages)", Id, Node.Options.HostPages);
                Promise(answer);
            });
        }
        else if (_frontier.IsSettled)
        {
            answer.Sender.Tell(answer.Item2);
        }
        else
        {
            // They are known, but it may be that the coordinator died before it noted so.
            Promise(answer);
        }
    }

    // The one who sent pages may say that it is done once it has the answer: the coordinator must know before that this host is not.
    private void Promise((IActorRef Asker, Taken Answer) answer)
    {
        _unanswered.Add(answer);
        SayAgain(WorkState.Busy);
        Advance();
    }

    private void OnPageRead(PageRead read)
    {
        if (_frontier.Find(read.Page) is not { } page)
            return;
        var links = (page.Depth < Node.Options.Depth ? read.Links : []).ToLookup(link => link.Host);
        _frontier.Read(read.Page, read.Candidates.Select(candidate => candidate.Uid), links.Select(host => host.Key));
        foreach (var host in links)
            Node.Owners.Frontiers.Tell(new Add(host.Key, read.Page, [.. host.Select(link => new FoundPage(link, page.Depth + 1))]));
        var job = new JobRef(JobKind.Visit, Id, read.Page);
        foreach (var candidate in read.Candidates)
            Node.Desk.Consider(job, candidate);
        Advance();
    }

    protected override void Advance()
    {
        if (_frontier.Settled() is { Count: > 0 } settled)
            PersistAllAsync(settled, _ => { });
        if (Node.Stopping.IsCancellationRequested)
            return;
        for (; _inside > _frontier.Working + _entering; _inside--)
            Node.Gate.Leave();
        while (_inside < VisitsAtOnce && _entering < _frontier.Queued)
        {
            _inside++;
            _entering++;
            Node.Gate.EnterAsync(Id, Node.Stopping).PipeTo(Self, success: () => Entered.Instance, failure: _ => Entered.Instance);
        }
        Say(!_frontier.IsQuiet ? WorkState.Busy : _frontier.IsSettled ? WorkState.Done : WorkState.Quiet);
    }

    private void Visit()
    {
        _entering--;
        if (!Node.Stopping.IsCancellationRequested && _frontier.Take(Node.Clock.GetUtcNow()) is { } page)
            Fetch(page);
        Advance();
    }

    protected override void PostStop()
    {
        for (; _inside > 0; _inside--)
            Node.Gate.Leave();
        base.PostStop();
    }
}
