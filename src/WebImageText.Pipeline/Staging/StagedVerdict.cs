namespace WebImageText.Pipeline.Staging;

/// <summary>A verdict without the image: what is held in memory, and what the events and claims need.</summary>
/// <param name="Uid">Of the candidate.</param>
/// <param name="Owner">Owner query of a kept pair, -1 for none.</param>
/// <param name="Reason">Null for a kept pair.</param>
internal readonly record struct StagedVerdict(PairUid Uid, int Owner, DropReason? Reason);
