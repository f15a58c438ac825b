using WebImageText.Shards.Manifest;

namespace WebImageText.Shards.Takedown;

/// <summary>
/// A takedown that is under way: <c>manifest/takedown.json</c>. Everything that is still to be done follows from it, so that any
/// process can go on after a kill; and since it is there for one takedown at a time, two cannot meet.
/// </summary>
/// <param name="Id">Its name: a token, too.</param>
/// <param name="At">When it was asked for, UTC.</param>
/// <param name="Note">Why, for people: a case number, a law.</param>
/// <param name="NeverAgain">Lines for the list of what is never to be fetched again.</param>
/// <param name="Shards">The shards concerned.</param>
internal sealed record TakedownPlan(
    string Id, DateTimeOffset At, string? Note, IReadOnlyList<string> NeverAgain, IReadOnlyList<ShardPlan> Shards)
{
    /// <summary>Its name in the store.</summary>
    public const string Name = "manifest/takedown.json";

    /// <summary>The file that a shard of this takedown has once it is rewritten.</summary>
    public string Mark(string shard) => $"manifest/takedowns/{Id}/{shard}.json";

    /// <summary>What was taken down, and what of it is left: see <see cref="TakedownDiff"/>.</summary>
    public string DiffName => $"manifest/takedowns/{Id}.json";

    /// <summary>The rows of the pairs, without their texts.</summary>
    public string RejectedName => $"rejected/{Id}.parquet";
}

/// <summary>A shard that loses pairs.</summary>
/// <param name="Before">Its files before; the line is made from the files where the ledger has none.</param>
/// <param name="Times">What its statistics said of when it was made.</param>
/// <param name="Pairs">The pairs that go.</param>
internal sealed record ShardPlan(LedgerLine Before, ShardTimes Times, IReadOnlyList<PlannedPair> Pairs);

/// <summary>A pair that goes.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Uid">Its name; null in a data set of another writer.</param>
/// <param name="Url">Address of the image.</param>
/// <param name="Entry">The entry of the list that named it.</param>
internal sealed record PlannedPair(string Key, string? Uid, string? Url, string Entry);
