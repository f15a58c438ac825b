using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor;

namespace WebImageText.Pipeline.Wire;

/// <summary>
/// Writes messages between nodes as JSON under a name and a version of our own. Nodes of two neighbouring versions may be in
/// one cluster while it is upgraded: a changed message gets a new version beside the old one.
/// </summary>
internal sealed class WireSerializer(ExtendedActorSystem system) : ContractSerializer(system, Known, Names)
{
    private static readonly FrozenDictionary<string, JsonTypeInfo> Known = new Dictionary<string, JsonTypeInfo>
    {
        ["claim/1"] = WireJson.Default.ClaimRangeClaim,
        ["claim.answer/1"] = WireJson.Default.ClaimRangeClaimAnswer,
        ["claim.renew/1"] = WireJson.Default.ClaimRangeRenew,
        ["claim.check/1"] = WireJson.Default.ClaimRangeCheck,
        ["claim.stage/1"] = WireJson.Default.ClaimRangeStage,
        ["claim.free/1"] = WireJson.Default.ClaimRangeFree,
        ["claim.ask-progress/1"] = WireJson.Default.ClaimRangeAskProgress,
        ["claim.progress/1"] = WireJson.Default.ClaimRangeProgress,
        ["claim.prepare/1"] = WireJson.Default.ClaimRangePrepare,
        ["claim.prepared/1"] = WireJson.Default.ClaimRangePrepareAnswer,
        ["claim.resolve/1"] = WireJson.Default.ClaimRangeResolve,
        ["claim.resolved/1"] = WireJson.Default.ClaimRangeResolved,
        ["job.news/1"] = WireJson.Default.JobNews,
        ["query.start/1"] = WireJson.Default.QueryEntityStart,
        ["query.offer/1"] = WireJson.Default.QueryEntityOffer,
        ["query.staged/1"] = WireJson.Default.QueryEntityStaged,
        ["query.free/1"] = WireJson.Default.QueryEntityFree,
        ["query.committed/1"] = WireJson.Default.QueryEntityCommitted,
        ["query.room/1"] = WireJson.Default.QueryEntityRoom,
        ["host.image/1"] = WireJson.Default.HostEntityFetchImage,
        ["host.page-use/1"] = WireJson.Default.HostEntityJudgePage,
        ["host.page/1"] = WireJson.Default.HostEntityFetchPage,
        ["host.data/1"] = WireJson.Default.HostEntityFetchData,
        ["host.data.answer/1"] = WireJson.Default.HostEntityData,
        ["frontier.add/1"] = WireJson.Default.FrontierEntityAdd,
        ["frontier.taken/1"] = WireJson.Default.FrontierEntityTaken,
        ["frontier.wake/1"] = WireJson.Default.FrontierEntityWake,
        ["frontier.noted/1"] = WireJson.Default.FrontierEntityNoted,
        ["frontier.read/1"] = WireJson.Default.FrontierEntityPageRead,
        // The first version's questions went to one index of all pictures: they are not understood, so that a node of that
        // version waits for its answers until the cluster is of one version again.
        ["copy.look/2"] = WireJson.Default.CopyRangeLook,
        ["copy.answer/1"] = WireJson.Default.CopyRangeLookAnswer,
        ["copy.confirm/2"] = WireJson.Default.CopyRangeConfirm,
        ["copy.forget/1"] = WireJson.Default.CopyRangeForget,
        ["copy.recheck/1"] = WireJson.Default.CopyRangeRecheck,
        ["copy.confirmed/2"] = WireJson.Default.CopyRangeConfirmAnswer,
        ["copy.published/3"] = WireJson.Default.CopyRangePublished,
        ["copy.wake/1"] = WireJson.Default.CopyRangeWake,
        ["copy.question/1"] = WireJson.Default.CopyQuestion,
        ["copy.findings/1"] = WireJson.Default.CopyFindings,
        ["ledger.open/1"] = WireJson.Default.LedgerOpen,
        ["ledger.opened/1"] = WireJson.Default.LedgerOpened,
        ["ledger.decide/1"] = WireJson.Default.LedgerDecide,
        ["ledger.refused/1"] = WireJson.Default.LedgerRefused,
        ["ledger.publish/1"] = WireJson.Default.LedgerPublish,
        ["ledger.ask/1"] = WireJson.Default.LedgerAsk,
        ["ledger.decision/1"] = WireJson.Default.LedgerDecision,
        ["ledger.ask-count/1"] = WireJson.Default.LedgerAskCount,
        ["ledger.count/1"] = WireJson.Default.LedgerCount,
        ["ledger.ask-history/1"] = WireJson.Default.LedgerAskHistory,
        ["ledger.history/1"] = WireJson.Default.LedgerHistory,
        ["run.query/1"] = WireJson.Default.RunCoordinatorQueryIs,
        ["run.frontier/1"] = WireJson.Default.RunCoordinatorFrontierIs,
        ["run.provider-failed/1"] = WireJson.Default.RunCoordinatorProviderFailed,
        ["run.ask-nodes/1"] = WireJson.Default.RunCoordinatorAskNodes,
        ["run.nodes/1"] = WireJson.Default.RunCoordinatorAllNodes,
        ["run.is/1"] = WireJson.Default.RunIs,
        ["node.ping/1"] = WireJson.Default.NeighboursPing,
        ["node.pong/1"] = WireJson.Default.NeighboursPong,
        ["node.report/1"] = WireJson.Default.NodeReport,
        ["stager.seal/1"] = WireJson.Default.StagerSeal,
        ["stager.sealed/1"] = WireJson.Default.StagerSealed,
        ["board.submit/1"] = WireJson.Default.RunBoardSubmit,
        ["board.ask/1"] = WireJson.Default.RunBoardAsk,
        ["board.submission/1"] = WireJson.Default.RunBoardSubmission,
        ["board.none/1"] = WireJson.Default.RunBoardNone,
        ["board.refused/1"] = WireJson.Default.RunBoardRefused,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, string> Names = Known.ToFrozenDictionary(entry => entry.Value.Type, entry => entry.Key);

    /// <summary>The types that this serializer is for.</summary>
    public static IEnumerable<Type> Types => Names.Keys;

    public override int Identifier => 2103_00021;
}
