using System.Collections.Immutable;
using Akka.Actor;
using Microsoft.Extensions.Logging;
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
internal sealed class ShardCommit(Owners owners, CommitFiles files, BlockList? blocks, TimeProvider clock, TimeProvider webClock)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(60);

    /// <param name="commit">The name under which the ledger knows the segment.</param>
    /// <param name="read">Reads the segment's verdicts from the start.</param>
    public async Task RunAsync(string commit, Func<IEnumerable<Verdict>> read)
    {
        List<StagedVerdict> staged = [.. read().Select(StagingFolder.Summary).DistinctBy(verdict => verdict.Uid)];
        var elsewhere = await PrepareAsync(commit, staged).ConfigureAwait(false);
        staged.RemoveAll(verdict => elsewhere.Contains(verdict.Uid));
        var copies = await ConfirmAsync(commit, staged, read).ConfigureAwait(false);
        var decided = await DecideAsync(commit, staged, copies, read).ConfigureAwait(false);
        await files.PublishAsync(decided.Shard, decided.Rejected, decided.Token).ConfigureAwait(false);
        await owners.Ledger.Ask<Ledger.Publish>(new Ledger.Publish(commit), AnswerTime).ConfigureAwait(false);
        foreach (var range in Enumerable.Range(0, CopyTable.Ranges))
            owners.Copies.Tell(new CopyRange.Published(CopyTable.NameOf(range), commit));
        await ResolveAsync(commit).ConfigureAwait(false);
    }

    private async Task<HashSet<PairUid>> PrepareAsync(string commit, List<StagedVerdict> staged)
    {
        var answers = await Task.WhenAll(staged.GroupBy(verdict => ClaimRange.RangeOf(verdict.Uid)).Select(range =>
            owners.Claims.Ask<ClaimRange.PrepareAnswer>(
                new ClaimRange.Prepare(range.Key, commit, [.. range.Select(verdict => verdict.Uid)]), AnswerTime))).ConfigureAwait(false);
        return [.. answers.SelectMany(answer => answer.Conflicts)];
    }

    // A picture was looked up when it was judged. Its range may have died since, with what other nodes had told it: what it
    // confirms now, it remembers. And what was staged before a takedown, or before a block list was given, is looked up in these again.
    private async Task<IReadOnlyDictionary<PairUid, Drop>> ConfirmAsync(string commit, List<StagedVerdict> staged, Func<IEnumerable<Verdict>> read)
    {
        var kept = staged.Where(verdict => verdict.Reason is null).Select(verdict => verdict.Uid).ToHashSet();
        var drops = new Dictionary<PairUid, Drop>();
        var pictures = new List<PictureOf>();
        foreach (var pair in read().OfType<Verdict.Kept>().Select(verdict => verdict.Pair).Where(pair => kept.Remove(pair.Uid)))
            if (Blocked(pair) is { } blocked)
                drops.Add(pair.Uid, blocked);
            else
                pictures.Add(new(pair.Uid, PictureKeys.Of(pair.Picture)));
        var answers = await Task.WhenAll(pictures.GroupBy(picture => picture.Keys.Home).Select(home =>
            owners.Copies.Ask<CopyRange.ConfirmAnswer>(new CopyRange.Confirm(CopyTable.NameOf(home.Key), commit, [.. home]), AnswerTime))).ConfigureAwait(false);
        foreach (var copy in answers.SelectMany(answer => answer.Copies))
            drops.Add(copy.Uid, copy.Drop);
        return drops;
    }

    private Drop? Blocked(Pair pair) => blocks?.Judge(pair.Candidate)
        ?? (WebAddress.TryParse(pair.Fetch.FinalUrl, null, out var final) ? blocks?.Judge(final) : null)
        ?? blocks?.Judge(pair.Picture);

    private async Task<CommitSummary> DecideAsync(
        string commit, List<StagedVerdict> staged, IReadOnlyDictionary<PairUid, Drop> copies, Func<IEnumerable<Verdict>> read)
    {
        while (true)
        {
            var pairs = staged.Where(verdict => verdict.Reason is null && !copies.ContainsKey(verdict.Uid)).ToList();
            var byQuery = pairs.GroupBy(verdict => verdict.Owner).ToImmutableDictionary(owned => owned.Key, owned => owned.Count());
            var opening = await owners.Ledger.Ask<object>(new Ledger.Open(commit, byQuery, pairs.Count < staged.Count), AnswerTime).ConfigureAwait(false);
            if (opening is Ledger.Decision { Summary: { } known })
                return known;
            if (opening is not Ledger.Opened opened)
                throw new InvalidOperationException($"The ledger answered {opening} to the opening of {commit}.");

            var plan = CommitPlan.Of(staged, copies, opened.Excess);
            var written = await files.StageAsync(opened.Shard, opened.Rejected, commit, plan, read, webClock).ConfigureAwait(false);
            var answer = await owners.Ledger.Ask<object>(new Ledger.Decide(new(
                commit, commit, plan.Pairs, plan.Reasons, clock.GetUtcNow(), opened.Shard, opened.Rejected, written)), AnswerTime)
                .ConfigureAwait(false);
            if (answer is Ledger.Decision { Summary: { } decided })
                return decided;
            // Another commit took the number or the room in between: open again, with what there is now.
        }
    }

    private async Task ResolveAsync(string commit)
    {
        await Task.WhenAll(Enumerable.Range(0, ClaimRange.Ranges).Select(range =>
            owners.Claims.Ask<ClaimRange.Resolved>(
                new ClaimRange.Resolve(range.ToString("x", System.Globalization.CultureInfo.InvariantCulture), commit, Committed: true), AnswerTime)))
            .ConfigureAwait(false);
    }
}
