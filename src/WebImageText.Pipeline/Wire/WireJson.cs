using System.Text.Json.Serialization;
using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Copies;
using WebImageText.Pipeline.Flow;
using WebImageText.Pipeline.Hosts;
using WebImageText.Pipeline.Jobs;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Pipeline.Queries;
using WebImageText.Pipeline.Runs;
using WebImageText.Pipeline.Staging;

namespace WebImageText.Pipeline.Wire;

/// <summary>Explicit contract of what nodes say to each other: generated code, no reflection, no type names. Image bytes are not in it.</summary>
[JsonSourceGenerationOptions(
    IgnoreReadOnlyProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(WebAddressConverter), typeof(PairUidConverter), typeof(PdqHashConverter), typeof(QueryIdConverter), typeof(DropReasonConverter),
        typeof(PackedUids), typeof(FetchRequestConverter), typeof(FetchResultConverter),
    ])]
[JsonSerializable(typeof(ClaimRange.Free), TypeInfoPropertyName = "ClaimRangeFree")]
[JsonSerializable(typeof(ClaimRange.AskProgress), TypeInfoPropertyName = "ClaimRangeAskProgress")]
[JsonSerializable(typeof(ClaimRange.Progress), TypeInfoPropertyName = "ClaimRangeProgress")]
[JsonSerializable(typeof(ClaimRange.Claim), TypeInfoPropertyName = "ClaimRangeClaim")]
[JsonSerializable(typeof(ClaimRange.ClaimAnswer), TypeInfoPropertyName = "ClaimRangeClaimAnswer")]
[JsonSerializable(typeof(ClaimRange.Renew), TypeInfoPropertyName = "ClaimRangeRenew")]
[JsonSerializable(typeof(ClaimRange.Check), TypeInfoPropertyName = "ClaimRangeCheck")]
[JsonSerializable(typeof(ClaimRange.Stage), TypeInfoPropertyName = "ClaimRangeStage")]
[JsonSerializable(typeof(ClaimRange.Prepare), TypeInfoPropertyName = "ClaimRangePrepare")]
[JsonSerializable(typeof(ClaimRange.PrepareAnswer), TypeInfoPropertyName = "ClaimRangePrepareAnswer")]
[JsonSerializable(typeof(ClaimRange.Resolve), TypeInfoPropertyName = "ClaimRangeResolve")]
[JsonSerializable(typeof(ClaimRange.Resolved), TypeInfoPropertyName = "ClaimRangeResolved")]
[JsonSerializable(typeof(JobNews), TypeInfoPropertyName = "JobNews")]
[JsonSerializable(typeof(QueryEntity.Start), TypeInfoPropertyName = "QueryEntityStart")]
[JsonSerializable(typeof(QueryEntity.Offer), TypeInfoPropertyName = "QueryEntityOffer")]
[JsonSerializable(typeof(QueryEntity.Staged), TypeInfoPropertyName = "QueryEntityStaged")]
[JsonSerializable(typeof(QueryEntity.Free), TypeInfoPropertyName = "QueryEntityFree")]
[JsonSerializable(typeof(QueryEntity.Committed), TypeInfoPropertyName = "QueryEntityCommitted")]
[JsonSerializable(typeof(QueryEntity.Room), TypeInfoPropertyName = "QueryEntityRoom")]
[JsonSerializable(typeof(HostEntity.FetchImage), TypeInfoPropertyName = "HostEntityFetchImage")]
[JsonSerializable(typeof(HostEntity.FetchPage), TypeInfoPropertyName = "HostEntityFetchPage")]
[JsonSerializable(typeof(HostEntity.JudgePage), TypeInfoPropertyName = "HostEntityJudgePage")]
[JsonSerializable(typeof(HostEntity.FetchData), TypeInfoPropertyName = "HostEntityFetchData")]
[JsonSerializable(typeof(HostEntity.Data), TypeInfoPropertyName = "HostEntityData")]
[JsonSerializable(typeof(FrontierEntity.Add), TypeInfoPropertyName = "FrontierEntityAdd")]
[JsonSerializable(typeof(FrontierEntity.Taken), TypeInfoPropertyName = "FrontierEntityTaken")]
[JsonSerializable(typeof(FrontierEntity.Wake), TypeInfoPropertyName = "FrontierEntityWake")]
[JsonSerializable(typeof(FrontierEntity.Noted), TypeInfoPropertyName = "FrontierEntityNoted")]
[JsonSerializable(typeof(FrontierEntity.PageRead), TypeInfoPropertyName = "FrontierEntityPageRead")]
[JsonSerializable(typeof(CopyRange.Look), TypeInfoPropertyName = "CopyRangeLook")]
[JsonSerializable(typeof(CopyRange.LookAnswer), TypeInfoPropertyName = "CopyRangeLookAnswer")]
[JsonSerializable(typeof(CopyRange.Confirm), TypeInfoPropertyName = "CopyRangeConfirm")]
[JsonSerializable(typeof(CopyRange.Forget), TypeInfoPropertyName = "CopyRangeForget")]
[JsonSerializable(typeof(CopyRange.Recheck), TypeInfoPropertyName = "CopyRangeRecheck")]
[JsonSerializable(typeof(CopyRange.ConfirmAnswer), TypeInfoPropertyName = "CopyRangeConfirmAnswer")]
[JsonSerializable(typeof(CopyRange.Published), TypeInfoPropertyName = "CopyRangePublished")]
[JsonSerializable(typeof(CopyRange.Wake), TypeInfoPropertyName = "CopyRangeWake")]
[JsonSerializable(typeof(CopyQuestion), TypeInfoPropertyName = "CopyQuestion")]
[JsonSerializable(typeof(CopyFindings), TypeInfoPropertyName = "CopyFindings")]
[JsonSerializable(typeof(Ledger.Open), TypeInfoPropertyName = "LedgerOpen")]
[JsonSerializable(typeof(Ledger.Opened), TypeInfoPropertyName = "LedgerOpened")]
[JsonSerializable(typeof(Ledger.Decide), TypeInfoPropertyName = "LedgerDecide")]
[JsonSerializable(typeof(Ledger.Refused), TypeInfoPropertyName = "LedgerRefused")]
[JsonSerializable(typeof(Ledger.Publish), TypeInfoPropertyName = "LedgerPublish")]
[JsonSerializable(typeof(Ledger.Ask), TypeInfoPropertyName = "LedgerAsk")]
[JsonSerializable(typeof(Ledger.Decision), TypeInfoPropertyName = "LedgerDecision")]
[JsonSerializable(typeof(Ledger.AskCount), TypeInfoPropertyName = "LedgerAskCount")]
[JsonSerializable(typeof(Ledger.Count), TypeInfoPropertyName = "LedgerCount")]
[JsonSerializable(typeof(Ledger.AskHistory), TypeInfoPropertyName = "LedgerAskHistory")]
[JsonSerializable(typeof(Ledger.History), TypeInfoPropertyName = "LedgerHistory")]
[JsonSerializable(typeof(RunCoordinator.QueryIs), TypeInfoPropertyName = "RunCoordinatorQueryIs")]
[JsonSerializable(typeof(RunCoordinator.FrontierIs), TypeInfoPropertyName = "RunCoordinatorFrontierIs")]
[JsonSerializable(typeof(RunCoordinator.ProviderFailed), TypeInfoPropertyName = "RunCoordinatorProviderFailed")]
[JsonSerializable(typeof(RunCoordinator.AskNodes), TypeInfoPropertyName = "RunCoordinatorAskNodes")]
[JsonSerializable(typeof(RunCoordinator.AllNodes), TypeInfoPropertyName = "RunCoordinatorAllNodes")]
[JsonSerializable(typeof(RunIs), TypeInfoPropertyName = "RunIs")]
[JsonSerializable(typeof(Neighbours.Ping), TypeInfoPropertyName = "NeighboursPing")]
[JsonSerializable(typeof(Neighbours.Pong), TypeInfoPropertyName = "NeighboursPong")]
[JsonSerializable(typeof(NodeReport), TypeInfoPropertyName = "NodeReport")]
[JsonSerializable(typeof(Stager.Seal), TypeInfoPropertyName = "StagerSeal")]
[JsonSerializable(typeof(Stager.Sealed), TypeInfoPropertyName = "StagerSealed")]
[JsonSerializable(typeof(RunBoard.Submit), TypeInfoPropertyName = "RunBoardSubmit")]
[JsonSerializable(typeof(RunBoard.Ask), TypeInfoPropertyName = "RunBoardAsk")]
[JsonSerializable(typeof(RunBoard.Submission), TypeInfoPropertyName = "RunBoardSubmission")]
[JsonSerializable(typeof(RunBoard.None), TypeInfoPropertyName = "RunBoardNone")]
[JsonSerializable(typeof(RunBoard.Refused), TypeInfoPropertyName = "RunBoardRefused")]
internal sealed partial class WireJson : JsonSerializerContext;
