using Akka.Actor;
using WebImageText.Curate.Filter;
using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Copies;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Staging;

/// <summary>
/// What becomes of the verdicts of a commit that call a picture a copy, or turn out to. A copy is written off beside its original
/// only: one that is in the data set for good, or goes there with the same commit. An original that is merely held may yet
/// be lost with its node, or be rejected, and would take its copies with it.
/// </summary>
/// <param name="Drops">Kept pairs that are to be rejected: copies, and what a block list names.</param>
/// <param name="OriginalOf">Of each copy in the commit the pair that it is a copy of.</param>
/// <param name="Early">Copies of what is not settled yet: they wait for another commit.</param>
/// <param name="Void">Dropped once as copies, and of nothing that is held now: to be worked on anew.</param>
internal sealed record CopyReview(
    IReadOnlyDictionary<PairUid, Drop> Drops, IReadOnlyDictionary<PairUid, PairUid> OriginalOf, IReadOnlySet<PairUid> Early, IReadOnlySet<PairUid> Void)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(60);

    /// <summary>Copies whose original is not in the commit, where it was to be: its query turned out to be full.</summary>
    public IReadOnlySet<PairUid> Orphans(IEnumerable<StagedVerdict> staged, CommitPlan plan) => staged.Select(verdict => verdict.Uid)
        .Where(uid => !plan.Keeps(uid) && OriginalOf.TryGetValue(uid, out var original) && plan.Rejections.Contains(original)).ToHashSet();

    // A picture was looked up when it was judged. Its range may have died since, with what other nodes had told it: what it
    // confirms now, it remembers. And what was staged before a takedown, or before a block list was given, is looked up in these again.
    public static async Task<CopyReview> OfAsync(
        string commit, IReadOnlyCollection<StagedVerdict> staged, Func<IEnumerable<Verdict>> read, CopyRule rule, BlockList? blocks, Owners owners)
    {
        var open = staged.Select(verdict => verdict.Uid).ToHashSet();
        var drops = new Dictionary<PairUid, Drop>();
        var (kept, dropped) = (new List<PictureOf>(), new List<PictureOf>());
        foreach (var verdict in read().Where(verdict => open.Remove(StagingFolder.Summary(verdict).Uid)))
        {
            if (verdict is Verdict.Kept { Pair: var pair } && Blocked(pair, blocks) is { } blocked)
                drops.Add(pair.Uid, blocked);
            else if (verdict is Verdict.Kept { Pair: var free })
                kept.Add(new(free.Uid, rule.KeysOf(free.Picture)));
            else if (verdict is Verdict.Dropped { Rejection: { Drop.Reason: DropReason.ExactDuplicate or DropReason.NearDuplicate, Picture: { } picture, Uid: var uid } })
                dropped.Add(new(uid, rule.KeysOf(picture)));
        }
        var copies = await Task.WhenAll(
            AskAsync(kept, (home, pictures) => new CopyRange.Confirm(home, commit, pictures), owners),
            AskAsync(dropped, (home, pictures) => new CopyRange.Recheck(home, pictures), owners)).ConfigureAwait(false);
        foreach (var copy in copies[0])
            drops.Add(copy.Uid, copy.Drop);
        var originalOf = copies.SelectMany(found => found).ToDictionary(copy => copy.Uid, copy => copy.Of);
        var staying = kept.Select(picture => picture.Uid).Where(uid => !drops.ContainsKey(uid)).ToHashSet();
        var settled = await SettledAsync(originalOf.Values.Where(original => !staying.Contains(original)), owners).ConfigureAwait(false);
        return new(
            drops, originalOf,
            originalOf.Where(copy => !staying.Contains(copy.Value) && !settled.Contains(copy.Value)).Select(copy => copy.Key).ToHashSet(),
            dropped.Select(picture => picture.Uid).Where(uid => !originalOf.ContainsKey(uid)).ToHashSet());
    }

    private static async Task<List<CopyRange.Copy>> AskAsync(IEnumerable<PictureOf> pictures, Func<string, IReadOnlyList<PictureOf>, object> question, Owners owners)
    {
        var answers = await Task.WhenAll(pictures.GroupBy(picture => picture.Keys.Home).Select(home =>
            owners.Copies.Ask<CopyRange.ConfirmAnswer>(question(CopyTable.NameOf(home.Key), [.. home]), AnswerTime))).ConfigureAwait(false);
        return [.. answers.SelectMany(answer => answer.Copies)];
    }

    private static async Task<HashSet<PairUid>> SettledAsync(IEnumerable<PairUid> originals, Owners owners)
    {
        var answers = await Task.WhenAll(originals.Distinct().GroupBy(ClaimRange.RangeOf).Select(range =>
            owners.Claims.Ask<ClaimRange.Progress>(new ClaimRange.AskProgress(range.Key, [.. range]), AnswerTime))).ConfigureAwait(false);
        // Nobody would ever settle them: their copies are asked about again without them.
        if (answers.SelectMany(answer => answer.Unknown).ToList() is { Count: > 0 } lost)
            foreach (var range in Enumerable.Range(0, CopyTable.Ranges))
                owners.Copies.Tell(new CopyRange.Forget(CopyTable.NameOf(range), lost));
        return [.. answers.SelectMany(answer => answer.Settled)];
    }

    private static Drop? Blocked(Pair pair, BlockList? blocks) => blocks?.Judge(pair.Candidate)
        ?? (WebAddress.TryParse(pair.Fetch.FinalUrl, null, out var final) ? blocks?.Judge(final) : null)
        ?? blocks?.Judge(pair.Picture);
}
