using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using WebImageText.Curate.Filter;
using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Copies;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Staging;

/// <summary>
/// Turns a segment of staged verdicts into a committed shard. Claims hold the uids, the ledger gives numbers, files are
/// staged in the store, one event of the ledger decides, files become visible, claims and queries hear of it. Every step
/// may be repeated: a crash between any two of them ends in the same shard.
/// </summary>
internal sealed class ShardCommit(Owners owners, CommitFiles files, CopyRule copies, BlockList? blocks, TimeProvider clock, TimeProvider webClock)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(60);

    /// <param name="commit">The name under which the ledger knows the segment.</param>
    /// <param name="read">Reads the segment's verdicts from the start.</param>
    /// <param name="putBack">Stages verdicts once more, for another commit; they are durable when it returns.</param>
    /// <returns>False if nothing was to be decided: all that the segment held is elsewhere, or waits for what others commit.</returns>
    public async Task<bool> RunAsync(string commit, Func<IEnumerable<Verdict>> read, Func<IReadOnlyList<Verdict>, Task> putBack)
    {
        List<StagedVerdict> staged = [.. read().Select(StagingFolder.Summary).DistinctBy(verdict => verdict.Uid)];
        // What was decided before a crash is as it was then, whatever is said of its pictures now.
        if (await owners.Ledger.Ask<object>(new Ledger.Open(commit, ImmutableDictionary<int, int>.Empty, HasRejections: false), AnswerTime).ConfigureAwait(false)
            is Ledger.Decision { Summary: { } known })
        {
            await PublishAsync(commit, known, [.. staged.Where(verdict => verdict.Reason is not null).Select(verdict => verdict.Uid)]).ConfigureAwait(false);
            return true;
        }
        var elsewhere = await PrepareAsync(commit, [.. staged.Select(verdict => verdict.Uid)], []).ConfigureAwait(false);
        staged.RemoveAll(verdict => elsewhere.Contains(verdict.Uid));
        var review = await CopyReview.OfAsync(commit, staged, read, copies, blocks, owners).ConfigureAwait(false);
        await LeaveOutAsync(commit, staged, review.Early, review.Void, read, putBack).ConfigureAwait(false);
        if (staged.Count == 0)
        {
            await ResolveAsync(commit, isCommitted: false).ConfigureAwait(false);
            return false;
        }
        while (true)
        {
            var pairs = staged.Where(verdict => verdict.Reason is null && !review.Drops.ContainsKey(verdict.Uid)).ToList();
            var byQuery = pairs.GroupBy(verdict => verdict.Owner).ToImmutableDictionary(owned => owned.Key, owned => owned.Count());
            var opening = await owners.Ledger.Ask<object>(new Ledger.Open(commit, byQuery, pairs.Count < staged.Count), AnswerTime).ConfigureAwait(false);
            if (opening is not Ledger.Opened opened)
                throw new InvalidOperationException($"The ledger answered {opening} to the opening of {commit}.");

            var plan = CommitPlan.Of(staged, review.Drops, opened.Excess);
            if (review.Orphans(staged, plan) is { Count: > 0 } orphans)
            {
                await LeaveOutAsync(commit, staged, orphans, new HashSet<PairUid>(), read, putBack).ConfigureAwait(false);
                continue;
            }
            var written = await files.StageAsync(opened.Shard, opened.Rejected, commit, plan, read, webClock).ConfigureAwait(false);
            var answer = await owners.Ledger.Ask<object>(new Ledger.Decide(new(
                commit, commit, plan.Pairs, plan.Reasons, clock.GetUtcNow(), opened.Shard, opened.Rejected, written)), AnswerTime)
                .ConfigureAwait(false);
            if (answer is Ledger.Decision { Summary: { } decided })
            {
                await PublishAsync(commit, decided, plan.Rejections).ConfigureAwait(false);
                return true;
            }
            // Another commit took the number or the room in between: open again, with what there is now.
        }
    }

    // Repeated, it holds what is named now, and no more.
    private async Task<HashSet<PairUid>> PrepareAsync(string commit, IReadOnlyCollection<PairUid> uids, IReadOnlyCollection<PairUid> without)
    {
        var named = uids.ToLookup(ClaimRange.RangeOf);
        var answers = await Task.WhenAll(uids.Concat(without).Select(ClaimRange.RangeOf).Distinct().Select(range =>
            owners.Claims.Ask<ClaimRange.PrepareAnswer>(new ClaimRange.Prepare(range, commit, [.. named[range]]), AnswerTime))).ConfigureAwait(false);
        return [.. answers.SelectMany(answer => answer.Conflicts)];
    }

    private async Task LeaveOutAsync(
        string commit, List<StagedVerdict> staged, IReadOnlySet<PairUid> early, IReadOnlySet<PairUid> voided, Func<IEnumerable<Verdict>> read,
        Func<IReadOnlyList<Verdict>, Task> putBack)
    {
        if (early.Count + voided.Count == 0)
            return;
        if (early.Count > 0)
            await putBack([.. read().Where(verdict => early.Contains(StagingFolder.Summary(verdict).Uid)).DistinctBy(verdict => StagingFolder.Summary(verdict).Uid)])
                .ConfigureAwait(false);
        staged.RemoveAll(verdict => early.Contains(verdict.Uid) || voided.Contains(verdict.Uid));
        await PrepareAsync(commit, [.. staged.Select(verdict => verdict.Uid)], [.. early, .. voided]).ConfigureAwait(false);
        foreach (var range in voided.GroupBy(ClaimRange.RangeOf))
            owners.Claims.Tell(new ClaimRange.Free(range.Key, [.. range]));
    }

    private async Task PublishAsync(string commit, CommitSummary decided, IReadOnlyCollection<PairUid> rejections)
    {
        await files.PublishAsync(decided.Shard, decided.Rejected, decided.Token).ConfigureAwait(false);
        await owners.Ledger.Ask<Ledger.Publish>(new Ledger.Publish(commit), AnswerTime).ConfigureAwait(false);
        // Before any uid is settled: whoever hears that an original is, finds it held only if it is kept.
        await Task.WhenAll(Enumerable.Range(0, CopyTable.Ranges).Select(range =>
            owners.Copies.Ask<CopyRange.Published>(new CopyRange.Published(CopyTable.NameOf(range), commit, [.. rejections]), AnswerTime))).ConfigureAwait(false);
        await ResolveAsync(commit, isCommitted: true).ConfigureAwait(false);
    }

    private async Task ResolveAsync(string commit, bool isCommitted)
    {
        await Task.WhenAll(Enumerable.Range(0, ClaimRange.Ranges).Select(range =>
            owners.Claims.Ask<ClaimRange.Resolved>(new ClaimRange.Resolve(range.ToString("x", CultureInfo.InvariantCulture), commit, isCommitted), AnswerTime)))
            .ConfigureAwait(false);
    }
}
