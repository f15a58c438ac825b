using System.Threading.Channels;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using WebImageText.Crawl.Queries;
using WebImageText.Curate.Filter;
using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Hosts;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Queries;
using WebImageText.Pipeline.Staging;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Flow;

/// <summary>
/// Where candidates come in: claimed, so that each is worked on once; their text judged, before any image is fetched;
/// matched; and sent to the query with the most room for a slot.
/// </summary>
internal sealed class CandidateDesk
{
    private static readonly TimeSpan ClaimTime = TimeSpan.FromSeconds(15);

    private readonly NodeParts _node;
    private readonly TextJudge _text;
    private readonly QueryMatcher _matcher;
    private readonly RoomBoard _rooms;
    private readonly Channel<Found> _found = Channel.CreateUnbounded<Found>(new() { SingleReader = true });

    private sealed record Found(JobRef Job, Candidate Candidate, PairUid Uid);

    private sealed record Judged(Found Found, Drop? Drop, IReadOnlyList<QueryId> Matches);

    public CandidateDesk(NodeParts node, TextJudge text, QueryMatcher matcher, RoomBoard rooms) =>
        (_node, _text, _matcher, _rooms) = (node, text, matcher, rooms);

    /// <summary>Takes a candidate; the number of open jobs bounds how many wait here.</summary>
    public void Consider(JobRef job, Candidate candidate) => _found.Writer.TryWrite(new(job, candidate, candidate.Uid));

    /// <summary>The stream; it ends when the desk is closed.</summary>
    public IRunnableGraph<Task<Done>> Graph(int parallel) => _node.Turns is { } turns
        ? ChannelSource.FromReader(_found.Reader)
            .SelectAsync(1, found => InTurnAsync(found, turns))
            .ToMaterialized(Sink.Ignore<Found>(), Keep.Right)
        : ChannelSource.FromReader(_found.Reader)
            .SelectAsyncUnordered(parallel * 16, ClaimAsync)
            .Collect(claimed => claimed.Granted, claimed => claimed.Found)
            .SelectAsync(parallel, found => Task.Run(() => Judge(found)))
            .ToMaterialized(Sink.ForEach<Judged>(Route), Keep.Right);

    public void Close() => _found.Writer.TryComplete();

    // A candidate that another job has brought is that one's to work on; this job hears how it gets on.
    private async Task<(Found Found, bool Granted)> ClaimAsync(Found found)
    {
        var answer = await _node.Owners.Claims
            .AskAgain<ClaimRange.ClaimAnswer>(new ClaimRange.Claim(found.Uid, found.Job), ClaimTime, _node.Stopping).ConfigureAwait(false);
        return (found, answer.Granted);
    }

    private async Task<Found> InTurnAsync(Found found, Turns turns)
    {
        if ((await ClaimAsync(found).ConfigureAwait(false)).Granted)
        {
            await turns.TakeAsync(found.Uid, () => Route(Judge(found)), _node.Stopping).ConfigureAwait(false);
            // What queries said of their room is read before the next one chooses.
            await _rooms.Replies.Ask<ActorIdentity>(new Identify(null), ClaimTime, _node.Stopping).ConfigureAwait(false);
        }
        return found;
    }

    private Judged Judge(Found found)
    {
        var drop = _text.Judge(found.Candidate);
        IReadOnlyList<QueryId> matches = drop is null ? _matcher.Match(found.Candidate.Caption!.Text) : [];
        if (drop is null && matches.Count == 0 && !_node.Options.AnyText)
            drop = new(DropReason.NoQuery);
        drop ??= _node.Blocks?.Judge(found.Candidate);
        return new(found, drop, matches);
    }

    private void Route(Judged judged)
    {
        var (found, drop, matches) = judged;
        var work = new Work(found.Uid, found.Job, found.Candidate, null, found.Candidate.Image, [], []);
        if (drop is not null)
        {
            Reject(work, drop);
            return;
        }
        if (matches.Count == 0)
        {
            _node.SendForImage(work);
            return;
        }
        // Most room first; of equals the longest, which says most about the picture.
        var owners = matches.Where(query => !_rooms.IsFull(query)).OrderByDescending(_rooms.RoomOf).ThenByDescending(row => _node.Queries[row.Row].Text.Length).ThenBy(row => row).ToList();
        if (owners.Count == 0)
        {
            // The head of a list fills up first and is matched most: once full, it costs no message any more.
            Reject(
                work with { Match = new(_node.Queries[matches[^1].Row], matches) },
                new(DropReason.QueryFull, $"'{_node.Queries[matches[^1].Row].Text}' owns {_node.Options.Cap} pairs"));
            return;
        }
        _rooms.Offered(owners[0]);
        _node.Owners.Queries.Tell(
            new QueryEntity.Offer(owners[0], work with { Match = new(_node.Queries[owners[0].Row], matches), Others = owners[1..] }), _rooms.Replies);
    }

    private void Reject(Work work, Drop drop) => _node.Owners.Staging.Tell(new Stager.Take(_node.Reject(work, drop)), ActorRefs.NoSender);
}
