using System.Threading.Channels;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.OptOut;
using WebImageText.Curate.Dedup;
using WebImageText.Curate.Pixels;
using WebImageText.Pipeline.Copies;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Queries;
using WebImageText.Pipeline.Staging;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Flow;

/// <summary>
/// What happens to an image's bytes, all on the node that fetched them: opt-outs in the answer and in the image, decoding,
/// evaluation images, copies, staging. A host hands its next image over only when there is room.
/// </summary>
internal sealed class JudgeFlow(NodeParts node, ImageJudge images, EvaluationIndex evaluation, int parallel)
{
    private static readonly TimeSpan CopiesTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StagingTime = Timeout.InfiniteTimeSpan; // a full disk is waited for

    private readonly Channel<Fetched> _fetched = Channel.CreateBounded<Fetched>(new BoundedChannelOptions(parallel * 4) { SingleReader = true });

    private sealed record Fetched(Work Work, FetchResult.Answer Answer, IReadOnlyList<OptOutSignal> Signals);

    /// <summary>Takes an answer with status 200; waits while the node has enough to do.</summary>
    /// <param name="work">What it is for.</param>
    /// <param name="answer">The image.</param>
    /// <param name="signals">What the host says about the use of the address.</param>
    /// <param name="stop">The run stops.</param>
    public ValueTask TakeAsync(Work work, FetchResult.Answer answer, IReadOnlyList<OptOutSignal> signals, CancellationToken stop) =>
        _fetched.Writer.WriteAsync(new(work, answer, signals), stop);

    /// <summary>The stream; it ends when the flow is closed.</summary>
    public IRunnableGraph<Task<Done>> Graph() =>
        ChannelSource.FromReader(_fetched.Reader)
            .SelectAsyncUnordered(parallel, fetched => Task.Run(() =>
            {
                using var held = fetched.Answer.Held;
                return Judge(fetched);
            }))
            .SelectAsyncUnordered(parallel * 4, FindCopyAsync)
            .SelectAsync(parallel * 4, StageAsync)
            .ToMaterialized(Sink.Ignore<Verdict>(), Keep.Right);

    public void Close() => _fetched.Writer.TryComplete();

    private Verdict Judge(Fetched fetched)
    {
        var (work, answer, signals) = fetched;
        var optOut = OptOutJudge.Judge([.. signals, .. HeaderSignals.Of(answer.Headers.Fields), .. ImageSignals.Of(answer.Body)], answer.At);
        var facts = new FetchFacts(work.At.Href, answer.At, answer.Status, answer.Headers["Content-Type"], answer.Headers["ETag"], OptOutVerdict.Together(optOut.Record, work.Candidate.PageUse));
        if (optOut.Drop is { } refused)
            return node.Reject(work, refused, facts);
        if (work.Candidate.Digest?.Judge(answer.Body.Span) is { } mismatch)
            return node.Reject(work, mismatch, facts);
        return images.Judge(answer.Body, work.Candidate) switch
        {
            ImageVerdict.Kept kept when evaluation.Compare(kept.Facts, kept.Stored) is var (nearest, copy, descriptor) => copy is not null
                ? Dropped(work, copy, facts, kept.Facts, nearest)
                : new Verdict.Kept(new(work.Uid, work.Candidate, work.Match, facts, kept.Facts with { Descriptor = descriptor }, nearest, kept.Stored)),
            ImageVerdict.Dropped dropped => Dropped(work, AsDeclared(dropped.Drop, facts.ContentType), facts, dropped.Facts, null),
            var other => throw new InvalidOperationException($"An image is kept or dropped, not {other.GetType().Name}."),
        };
    }

    // What is declared an image and is none at all is as broken as one that is cut off: "not an image" is what never claimed to be one.
    private static Drop AsDeclared(Drop drop, string? contentType) =>
        drop.Reason == DropReason.NotAnImage && contentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true
            ? new(DropReason.Undecodable, drop.Detail)
            : drop;

    private Verdict.Dropped Dropped(Work work, Drop drop, FetchFacts fetch, PictureFacts? picture, EvaluationMatch? match) =>
        new(new(work.Uid, work.Candidate, work.Match, drop, node.WebClock.GetUtcNow(), fetch, picture, match));

    private async Task<Verdict> FindCopyAsync(Verdict verdict)
    {
        if (verdict is not Verdict.Kept { Pair: var pair })
            return verdict;
        var answer = await node.Owners.Copies
            .AskAgain<CopyRange.LookAnswer>(new CopyRange.Look(pair.Uid, node.Copies.KeysOf(pair.Picture)), CopiesTime, CancellationToken.None).ConfigureAwait(false);
        return answer.Drop is null ? verdict : new Verdict.Dropped(
            new(pair.Uid, pair.Candidate, pair.Match, answer.Drop, node.WebClock.GetUtcNow(), pair.Fetch, pair.Picture, pair.Evaluation));
    }

    private async Task<Verdict> StageAsync(Verdict verdict)
    {
        if (verdict is Verdict.Dropped { Rejection: { Match.Owner.Id: var owner, Uid: var uid } })
            node.Owners.Queries.Tell(new QueryEntity.Free(owner, uid));
        await node.Owners.Staging.Ask<Stager.Taken>(new Stager.Take(verdict), StagingTime).ConfigureAwait(false);
        return verdict;
    }
}
