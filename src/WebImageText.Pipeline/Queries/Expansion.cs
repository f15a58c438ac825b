using WebImageText.Crawl.Providers;
using WebImageText.Pipeline.Jobs;

namespace WebImageText.Pipeline.Queries;

/// <summary>Every result up to here is settled; a null cursor says that the provider has no more.</summary>
internal sealed record Advanced(string Provider, string? Cursor = null);

/// <summary>
/// Where a query, or a list, stands with its providers. Pages are asked for one after the other; the lasting cursor moves on only over
/// pages whose candidates are all settled and whose links have their place, so a crash repeats a page instead of losing it.
/// </summary>
internal sealed class Expansion
{
    private sealed class OpenPage(string job, string provider, string? cursor)
    {
        public string Job => job;
        public string Provider => provider;
        public string? Cursor => cursor;
        public string? Next { get; set; }
        public OpenJob? Candidates { get; set; }
        public HashSet<string> Handovers { get; } = [];
        public DateTimeOffset AnsweredAt { get; set; }
        public bool IsQuiet => Candidates is { IsQuiet: true } && Handovers.Count == 0;
        public bool IsSettled => Candidates is { IsSettled: true } && Handovers.Count == 0;
    }

    private readonly Dictionary<string, string?> _lasting = [];
    private readonly HashSet<string> _failed = [];
    private readonly List<OpenPage> _open = [];

    /// <summary>No candidate is without a durable verdict, and no answer is awaited.</summary>
    public bool IsQuiet => _open.All(page => page.IsQuiet);

    /// <summary>Candidates without a durable verdict.</summary>
    public int Working => _open.Sum(page => page.Candidates?.Working ?? 0);

    /// <summary>Nothing is open.</summary>
    public bool IsSettled => _open.Count == 0;

    /// <summary>A provider did not answer.</summary>
    public bool HasFailed => _failed.Count > 0;

    public void Apply(Advanced advanced) => _lasting[advanced.Provider] = advanced.Cursor ?? Ended;

    /// <summary>The page to ask for next; null when no provider has more.</summary>
    public (IProvider Provider, string? Cursor)? Next(IReadOnlyList<IProvider> providers)
    {
        foreach (var provider in providers.Where(provider => !_failed.Contains(provider.Traits.Name)))
        {
            var last = _open.FindLast(page => page.Provider == provider.Traits.Name);
            var cursor = last is not null ? last.Next : _lasting.GetValueOrDefault(provider.Traits.Name);
            if (cursor != Ended)
                return (provider, cursor);
        }
        return null;
    }

    /// <summary>A page is asked for.</summary>
    /// <returns>The name of its job; the same page has the same name in every life of its query.</returns>
    public string Open(string provider, string? cursor)
    {
        var page = new OpenPage($"{provider} {cursor}", provider, cursor) { Next = Ended };
        _open.Add(page);
        return page.Job;
    }

    /// <summary>Pages that must be asked for again: work on their candidates was lost, or the word that their links were taken over.</summary>
    public IReadOnlyList<(string Job, string Provider, string? Cursor)> Again(DateTimeOffset now)
    {
        List<(string, string, string?)> again = [];
        foreach (var page in _open.Where(page => page.Candidates is { IsLost: true }
            || (page.Handovers.Count > 0 && now >= page.AnsweredAt + Patience.AnswerTime)))
        {
            page.Candidates = null;
            page.Handovers.Clear();
            again.Add((page.Job, page.Provider, page.Cursor));
        }
        return again;
    }

    /// <summary>What is not settled, by job.</summary>
    public IEnumerable<(string Job, IEnumerable<PairUid> Uids)> Unsettled =>
        _open.Where(page => page.Candidates is { IsSettled: false }).Select(page => (page.Job, page.Candidates!.Unsettled));

    public (string Provider, string? Cursor)? Find(string job) =>
        _open.Find(page => page.Job == job && page.Candidates is null) is { } page ? (page.Provider, page.Cursor) : null;

    /// <summary>The page is there.</summary>
    /// <param name="job">Its job.</param>
    /// <param name="next">Cursor of the next page; null when there is none.</param>
    /// <param name="candidates">What it holds.</param>
    /// <param name="linkedHosts">Hosts of its links, each of which is to take them over.</param>
    /// <param name="now">When it came.</param>
    public void Answer(string job, string? next, IEnumerable<PairUid> candidates, IEnumerable<string> linkedHosts, DateTimeOffset now)
    {
        var page = _open.Find(page => page.Job == job)!;
        (page.Next, page.Candidates, page.AnsweredAt) = (next ?? Ended, new(candidates), now);
        page.Handovers.UnionWith(linkedHosts);
    }

    /// <summary>A host has taken over the links that a page has to it.</summary>
    public void TakenOver(string job, string host) => _open.Find(page => page.Job == job)?.Handovers.Remove(host);

    /// <summary>The provider did not answer: it is asked again in another run.</summary>
    public void Fail(string job)
    {
        var page = _open.Find(page => page.Job == job)!;
        _failed.Add(page.Provider);
        _open.Remove(page);
    }

    public void Learn(JobNews news) => _open.Find(page => page.Job == news.Job.Id)?.Candidates?.Learn(news.Uid, news.State);

    /// <summary>Takes the settled pages from the front; what they moved on is to be made lasting.</summary>
    public IReadOnlyList<Advanced> Settled()
    {
        List<Advanced> advanced = [];
        foreach (var provider in _open.Select(page => page.Provider).Distinct().ToList())
        {
            while (_open.Find(page => page.Provider == provider) is { IsSettled: true } page)
            {
                _open.Remove(page);
                var moved = new Advanced(provider, page.Next == Ended ? null : page.Next);
                Apply(moved);
                advanced.Add(moved);
            }
        }
        return advanced;
    }

    // A cursor that no provider gives: it stands for "no more".
    private const string Ended = "\0ended";
}
