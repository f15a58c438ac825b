using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor;
using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Hosts;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Pipeline.Queries;
using WebImageText.Pipeline.Runs;

namespace WebImageText.Pipeline.Wire;

/// <summary>
/// Writes events and snapshots as JSON under a name and a version of our own. What stands in a journal is read for ever: a
/// changed event gets a new version beside the old one.
/// </summary>
internal sealed class EventSerializer(ExtendedActorSystem system) : ContractSerializer(system, Known, Names)
{
    private static readonly FrozenDictionary<string, JsonTypeInfo> Known = new Dictionary<string, JsonTypeInfo>
    {
        ["ledger.committed/1"] = EventJson.Default.ShardCommitted,
        ["ledger.published/1"] = EventJson.Default.ShardPublished,
        ["ledger.snapshot/1"] = EventJson.Default.LedgerSnapshot,
        ["claims.prepared/1"] = EventJson.Default.ClaimsPrepared,
        ["claims.resolved/1"] = EventJson.Default.ClaimsResolved,
        ["claims.snapshot/1"] = EventJson.Default.ClaimsSnapshot,
        ["query.advanced/1"] = EventJson.Default.Advanced,
        ["frontier.found/1"] = EventJson.Default.PagesFound,
        ["frontier.visited/1"] = EventJson.Default.PageVisited,
        ["run.queries-done/1"] = EventJson.Default.QueriesDone,
        ["run.queries-done/2"] = EventJson.Default.QueriesAsked,
        ["run.host-opened/1"] = EventJson.Default.HostOpened,
        ["run.host-closed/1"] = EventJson.Default.HostClosed,
        ["run.submitted/1"] = EventJson.Default.RunSubmitted,
        ["copies.confirmed/1"] = EventJson.Default.PicturesConfirmed,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, string> Names = Known.ToFrozenDictionary(entry => entry.Value.Type, entry => entry.Key);

    /// <summary>The types that this serializer is for.</summary>
    public static IEnumerable<Type> Types => Names.Keys;

    public override int Identifier => 2103_00020;
}
