using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Jobs;

/// <summary>Who owns a job.</summary>
internal enum JobKind
{
    /// <summary>A page of search results; its owner is a query.</summary>
    Search,
    /// <summary>A page of the web; its owner is the page's host.</summary>
    Visit,
    /// <summary>The slots of a query, which asks after the pairs that hold one.</summary>
    Slots,
}

/// <summary>A unit of work that is repeated until all that came of it is settled.</summary>
/// <param name="Kind">Which region its owner lives in.</param>
/// <param name="Owner">The owner's entity name.</param>
/// <param name="Id">Within the owner.</param>
internal readonly record struct JobRef(JobKind Kind, string Owner, string Id);

/// <summary>A candidate of a job has come further: to the owner of the job.</summary>
internal sealed record JobNews(JobRef Job, PairUid Uid, ClaimState State) : IEntityMessage
{
    public string EntityId => Job.Owner;
}

/// <summary>A candidate on its way from its discovery to its verdict.</summary>
/// <param name="Uid">Its name.</param>
/// <param name="Job">The job that found it.</param>
/// <param name="Candidate">What was found.</param>
/// <param name="Match">The queries in its caption with the owner that gave it a slot; null where any text is kept.</param>
/// <param name="At">Where it is to be fetched now: the image's address, or where a redirect sent us.</param>
/// <param name="Visited">The addresses that redirected, in order.</param>
/// <param name="Others">Matched queries that may still own it, should the owner be full; the one with the most room first.</param>
internal sealed record Work(
    PairUid Uid, JobRef Job, Candidate Candidate, QueryMatch? Match, WebAddress At, IReadOnlyList<WebAddress> Visited, IReadOnlyList<QueryId> Others);

/// <summary>The candidates of one job, and how far each is.</summary>
internal sealed class OpenJob(IEnumerable<PairUid> uids)
{
    private readonly HashSet<PairUid> _working = [.. uids];
    private readonly HashSet<PairUid> _staged = [];

    /// <summary>Work on a candidate was lost with a node: the job has to be done again.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Candidates without a durable verdict.</summary>
    public int Working => _working.Count;

    /// <summary>Every candidate has a durable verdict; some wait for their commit.</summary>
    public bool IsQuiet => _working.Count == 0;

    /// <summary>Every candidate is settled: the job never has to be done again.</summary>
    public bool IsSettled => _working.Count == 0 && _staged.Count == 0;

    /// <summary>Candidates that are not settled.</summary>
    public IEnumerable<PairUid> Unsettled => _working.Concat(_staged);

    public void Learn(PairUid uid, ClaimState state)
    {
        switch (state)
        {
            case ClaimState.Staged or ClaimState.Prepared when _working.Remove(uid):
                _staged.Add(uid);
                break;
            case ClaimState.Settled:
                _working.Remove(uid);
                _staged.Remove(uid);
                break;
            case ClaimState.Unknown when _working.Contains(uid) || _staged.Contains(uid):
                IsLost = true;
                break;
        }
    }
}
