using System.Text.Json;
using System.Text.Json.Serialization;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Staging;

/// <summary>A verdict as a segment holds it, version 1; the image follows as bytes.</summary>
internal sealed record StoredVerdict(
    PairUid Uid, Candidate Candidate, QueryMatch? Match, FetchFacts? Fetch, PictureFacts? Picture, EvaluationMatch? Evaluation,
    Drop? Drop, DateTimeOffset? At)
{
    public static StoredVerdict Of(Verdict verdict) => verdict switch
    {
        Verdict.Kept { Pair: var pair } =>
            new(pair.Uid, pair.Candidate, pair.Match, pair.Fetch, pair.Picture, pair.Evaluation, null, null),
        Verdict.Dropped { Rejection: var no } =>
            new(no.Uid, no.Candidate, no.Match, no.Fetch, no.Picture, no.Evaluation, no.Drop, no.At),
        _ => throw new InvalidOperationException($"A verdict is kept or dropped, not {verdict.GetType().Name}."),
    };

    public Verdict With(ReadOnlyMemory<byte> image) => Drop is null
        ? new Verdict.Kept(new(Uid, Candidate, Match, Needed(Fetch), Needed(Picture), Evaluation, image))
        : new Verdict.Dropped(new(Uid, Candidate, Match, Drop, Needed(At), Fetch, Picture, Evaluation));

    private static T Needed<T>(T? value) where T : class => value ?? throw new JsonException($"a verdict without its {typeof(T).Name}");

    private static T Needed<T>(T? value) where T : struct => value ?? throw new JsonException($"a verdict without its {typeof(T).Name}");
}

/// <summary>Explicit contract of what a segment holds: generated code, no reflection.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(WebAddressConverter), typeof(PairUidConverter), typeof(PdqHashConverter), typeof(QueryIdConverter), typeof(DropReasonConverter)])]
[JsonSerializable(typeof(StoredVerdict))]
internal sealed partial class VerdictJson : JsonSerializerContext;
