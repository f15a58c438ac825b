using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using WebImageText.Crawl.Providers;
using WebImageText.Pipeline.Flow;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Queries;
using WebImageText.Pipeline.Runs;

namespace WebImageText.Pipeline.Hosts;

/// <summary>
/// Sole owner of one provider that is asked once for all queries, such as a list of addresses or an archive: how far it is
/// read. Pages that it names go to the frontiers of their hosts; its cursor moves on once all that came of a page is settled.
/// </summary>
internal sealed class ListEntity : VisitOwner
{
    /// <summary>Candidates without a verdict up to which the next page is read: enough that one slow host holds nobody up.</summary>
    private const int Ahead = 10_000;

    private const string Prefix = "list ";

    private readonly IProvider? _provider;
    private readonly Expansion _expansion = new();
    private readonly Queue<(string Job, string? Cursor)> _toFind = [];
    private bool _finding;
    private bool _inside;
    private bool _entering;
    private bool _mayOpen; // in a replay one page a turn

    private sealed record Answered(string Job, ProviderPage Page);

    private sealed record Entered
    {
        public static Entered Instance { get; } = new();
    }

    public ListEntity(string id, NodeParts node)
        : base(id, node)
    {
        _provider = node.Lists.FirstOrDefault(provider => IdOf(provider) == id);
        Recover<Advanced>(_expansion.Apply);
        Command<FrontierEntity.Noted>(_ => { });
        Command<Entered>(_ =>
        {
            (_inside, _entering, _mayOpen) = (true, false, true);
            Advance();
        });
        Command<Answered>(OnAnswered);
        Command<FrontierEntity.Taken>(taken =>
        {
            _expansion.TakenOver(taken.From, taken.Host);
            Advance();
        });
        Command<JobNews>(news =>
        {
            _expansion.Learn(news);
            Advance();
        });
        Command<ReceiveTimeout>(_ =>
        {
            if (_expansion.IsSettled && !_inside && !_entering)
                Context.Parent.Tell(new Passivate(PoisonPill.Instance));
        });
    }

    /// <summary>The name of the provider's entity. A list of the same kind that is read from another place is another one.</summary>
    public static string IdOf(IProvider provider) =>
        $"{Prefix}{provider.Traits.Name} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', provider.Traits.Places))))[..12]}";

    /// <summary>The entity is one of these, and not the frontier of a host: no host has a space in its name.</summary>
    public static bool IsList(string id) => id.StartsWith(Prefix, StringComparison.Ordinal);

    public override string PersistenceId => Id.Replace(' ', '-');

    protected override void LookAfter()
    {
        foreach (var (job, uids) in _expansion.Unsettled)
            Node.Owners.Check(new(JobKind.Visit, Id, job), uids);
        foreach (var (job, _, cursor) in _expansion.Again(Node.Clock.GetUtcNow()))
            Find(job, cursor);
    }

    protected override void Advance()
    {
        if (_expansion.Settled() is { Count: > 0 } settled)
            PersistAllAsync(settled, _ => { });
        if (Node.Stopping.IsCancellationRequested)
            return;
        var wantsMore = _provider is not null && _expansion.Next([_provider]) is not null;
        if (_inside && _expansion.IsQuiet && (!wantsMore || (Node.Turns is not null && !_mayOpen)))
        {
            _inside = false;
            Node.Gate.Leave();
        }
        if (wantsMore && !_inside && !_entering)
        {
            _entering = true;
            Node.Gate.EnterAsync(Id, Node.Stopping).PipeTo(Self, success: () => Entered.Instance, failure: _ => Entered.Instance);
        }
        if (wantsMore && _inside && _mayOpen && _expansion.Working < Ahead && _expansion.Next([_provider!]) is var (provider, cursor))
        {
            _mayOpen = Node.Turns is null;
            Find(_expansion.Open(provider.Traits.Name, cursor), cursor);
        }
        Say(wantsMore || !_expansion.IsQuiet ? WorkState.Busy
            : !_expansion.IsSettled ? WorkState.Quiet
            : _expansion.HasFailed ? WorkState.Failed : WorkState.Done);
    }

    private void Find(string job, string? cursor)
    {
        _toFind.Enqueue((job, cursor));
        FindNext();
    }

    // One after the other: a provider keeps its file open from page to page.
    private void FindNext()
    {
        if (_finding || !_toFind.TryDequeue(out var next))
            return;
        _finding = true;
        _provider!.FindAsync(null, next.Cursor, new ProviderWeb(Node, _provider.Traits.Name, PersistenceId).FetchAsync, Node.Stopping)
            .PipeTo(Self, success: page => new Answered(next.Job, page), failure: cause => new Answered(next.Job, ProviderPage.Failed(cause.Message)));
    }

    private void OnAnswered(Answered answered)
    {
        _finding = false;
        FindNext();
        if (Node.Stopping.IsCancellationRequested || _expansion.Find(answered.Job) is not var (provider, _))
            return;
        var page = answered.Page;
        foreach (var note in page.Notes)
            Context.GetLogger().Warning("{0}: {1}", provider, note);
        foreach (var (reason, count) in page.Skipped)
            Node.Tally.Page($"{provider}: {reason}", count);
        if (page.Fault is { } fault)
        {
            Context.GetLogger().Warning("{0}: {1}", provider, fault);
            Node.Owners.Run.Tell(new RunCoordinator.ProviderFailed(provider, null, fault));
            _expansion.Fail(answered.Job);
        }
        else
        {
            Take(answered.Job, page);
        }
        Advance();
    }

    // The links of a page that a list names are not followed: whoever wrote the list has chosen the pages.
    private void Take(string job, ProviderPage page)
    {
        var pages = page.Pages.ToLookup(address => address.Host);
        _expansion.Answer(job, page.Next, page.Candidates.Select(candidate => candidate.Uid), pages.Select(host => host.Key), Node.Clock.GetUtcNow());
        foreach (var host in pages)
            Node.Owners.Frontiers.Tell(new FrontierEntity.Add(host.Key, job, [.. host.Select(address => new FoundPage(address, Node.Options.Depth))]));
        var owner = new JobRef(JobKind.Visit, Id, job);
        foreach (var candidate in page.Candidates)
            Node.Desk.Consider(owner, candidate);
    }

    protected override void PostStop()
    {
        if (_inside)
            Node.Gate.Leave();
        base.PostStop();
    }
}
