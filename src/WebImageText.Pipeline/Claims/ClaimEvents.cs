using System.Collections.Immutable;

namespace WebImageText.Pipeline.Claims;

/// <summary>A commit holds these uids until the ledger has decided.</summary>
internal sealed record ClaimsPrepared(string Commit, ImmutableArray<PairUid> Uids);

/// <summary>The ledger has decided.</summary>
internal sealed record ClaimsResolved(string Commit, bool Committed);

/// <summary>All that the events before it say.</summary>
internal sealed record ClaimsSnapshot(ImmutableArray<PairUid> Settled, ImmutableArray<ClaimsPrepared> Prepared);
