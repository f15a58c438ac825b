using WebImageText.Pipeline.Jobs;

namespace WebImageText.Pipeline.Hosts;

/// <summary>Pages of this host that are to be visited, found now for the first time.</summary>
internal sealed record PagesFound(IReadOnlyList<FoundPage> Pages);

/// <summary>All that came of the page is settled, and its links have their place.</summary>
internal sealed record PageVisited(string Page);

/// <summary>
/// The pages of one host: found, under way, visited. A page counts as visited when every candidate on it is settled and
/// every link has been taken over by its own host's frontier; until then a restart visits it again.
/// </summary>
/// <param name="most">Pages of the host that are visited at most.</param>
internal sealed class Frontier(int most = int.MaxValue)
{
    private sealed class OpenVisit(FoundPage page)
    {
        public FoundPage Page => page;
        public DateTimeOffset AskedAt { get; set; }
        public OpenJob? Candidates { get; set; }
        public HashSet<string> Handovers { get; } = [];
        public bool IsQuiet => Candidates is { IsQuiet: true } && Handovers.Count == 0;
        public bool IsSettled => Candidates is { IsSettled: true } && Handovers.Count == 0;
    }

    private readonly HashSet<string> _known = [];
    private readonly Queue<FoundPage> _queue = [];
    private readonly Dictionary<string, OpenVisit> _open = [];
    private readonly HashSet<string> _visited = [];

    /// <summary>Pages that are neither visited nor under way.</summary>
    public int Queued => _queue.Count;

    /// <summary>Visits with candidates without a durable verdict, or whose page is awaited.</summary>
    public int Working => _open.Values.Count(visit => !visit.IsQuiet);

    /// <summary>Nothing to visit, nothing to wait for but commits.</summary>
    public bool IsQuiet => _queue.Count == 0 && Working == 0;

    /// <summary>Nothing to visit, nothing to wait for.</summary>
    public bool IsSettled => _queue.Count == 0 && _open.Count == 0;

    /// <summary>Those of the pages that are new here. What is never fetched, an address with credentials, does not stand for the same one without.</summary>
    public IReadOnlyList<FoundPage> New(IEnumerable<FoundPage> pages) =>
        [.. pages.Where(page => !page.Address.HasCredentials && !_known.Contains(page.Address.Canonical)).DistinctBy(page => page.Address.Canonical).Take(most - _known.Count)];

    /// <summary>It has all the pages that it may have.</summary>
    public bool IsFull => _known.Count >= most;

    public void Apply(PagesFound found)
    {
        foreach (var page in found.Pages.Where(page => _known.Add(page.Address.Canonical)))
            _queue.Enqueue(page);
    }

    public void Apply(PageVisited visited) => _visited.Add(visited.Page);

    /// <summary>The next page to visit.</summary>
    public FoundPage? Take(DateTimeOffset now)
    {
        while (_queue.TryDequeue(out var page))
        {
            if (_visited.Contains(page.Address.Canonical))
                continue;
            _open[page.Address.Canonical] = new(page) { AskedAt = now };
            return page;
        }
        return null;
    }

    /// <summary>Pages to visit again: work on their candidates was lost, or their answer, or the word that their links were taken over.</summary>
    public IReadOnlyList<FoundPage> Again(DateTimeOffset now)
    {
        List<FoundPage> again = [];
        foreach (var visit in _open.Values.Where(visit => visit.Candidates is { IsLost: true }
            || ((visit.Candidates is null || visit.Handovers.Count > 0) && now >= visit.AskedAt + Patience.AnswerTime)))
        {
            (visit.Candidates, visit.AskedAt) = (null, now);
            visit.Handovers.Clear();
            again.Add(visit.Page);
        }
        return again;
    }

    /// <summary>What is not settled, by page.</summary>
    public IEnumerable<(string Page, IEnumerable<PairUid> Uids)> Unsettled =>
        _open.Where(visit => visit.Value.Candidates is { IsSettled: false }).Select(visit => (visit.Key, visit.Value.Candidates!.Unsettled));

    public FoundPage? Find(string page) => _open.GetValueOrDefault(page) is { Candidates: null } visit ? visit.Page : null;

    /// <summary>The page was read, or could not be: it has these candidates, and links on these hosts.</summary>
    public void Read(string page, IEnumerable<PairUid> candidates, IEnumerable<string> linkedHosts)
    {
        if (!_open.TryGetValue(page, out var visit))
            return;
        visit.Candidates = new(candidates);
        visit.Handovers.UnionWith(linkedHosts);
    }

    /// <summary>A host has taken over the links that a page has to it.</summary>
    public void TakenOver(string page, string host)
    {
        if (_open.TryGetValue(page, out var visit))
            visit.Handovers.Remove(host);
    }

    public void Learn(JobNews news) => _open.GetValueOrDefault(news.Job.Id)?.Candidates?.Learn(news.Uid, news.State);

    /// <summary>Takes the settled visits; they are to be made lasting.</summary>
    public IReadOnlyList<PageVisited> Settled()
    {
        List<PageVisited> settled = [.. _open.Where(visit => visit.Value.IsSettled).Select(visit => new PageVisited(visit.Key))];
        foreach (var visited in settled)
        {
            _open.Remove(visited.Page);
            Apply(visited);
        }
        return settled;
    }
}
