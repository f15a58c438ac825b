using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Copies;
using WebImageText.Pipeline.Hosts;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Pipeline.Queries;
using WebImageText.Pipeline.Runs;

namespace WebImageText.Pipeline.Wire;

/// <summary>Many uids as one text: base64 of 16 bytes each, big-endian.</summary>
internal sealed class PackedUids : JsonConverter<ImmutableArray<PairUid>>
{
    public override ImmutableArray<PairUid> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = reader.GetBytesFromBase64();
        if (bytes.Length % 16 != 0)
            throw new JsonException($"{bytes.Length} bytes are no whole number of uids");
        var uids = ImmutableArray.CreateBuilder<PairUid>(bytes.Length / 16);
        for (var at = 0; at < bytes.Length; at += 16)
            uids.Add(new(BinaryPrimitives.ReadUInt128BigEndian(bytes.AsSpan(at))));
        return uids.MoveToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableArray<PairUid> value, JsonSerializerOptions options)
    {
        var bytes = new byte[value.Length * 16];
        for (var at = 0; at < value.Length; at++)
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(at * 16), value[at].Value);
        writer.WriteBase64StringValue(bytes);
    }
}

/// <summary>Explicit contract of what the journal holds: generated code, no reflection, no type names.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(WebAddressConverter), typeof(PairUidConverter), typeof(QueryIdConverter), typeof(DropReasonConverter), typeof(PackedUids), typeof(PdqHashConverter)])]
[JsonSerializable(typeof(ShardCommitted))]
[JsonSerializable(typeof(ShardPublished))]
[JsonSerializable(typeof(LedgerSnapshot))]
[JsonSerializable(typeof(ClaimsPrepared))]
[JsonSerializable(typeof(ClaimsResolved))]
[JsonSerializable(typeof(ClaimsSnapshot))]
[JsonSerializable(typeof(Advanced))]
[JsonSerializable(typeof(PagesFound))]
[JsonSerializable(typeof(PageVisited))]
[JsonSerializable(typeof(QueriesDone))]
[JsonSerializable(typeof(QueriesAsked))]
[JsonSerializable(typeof(HostOpened))]
[JsonSerializable(typeof(HostClosed))]
[JsonSerializable(typeof(RunSubmitted))]
[JsonSerializable(typeof(PicturesConfirmed))]
internal sealed partial class EventJson : JsonSerializerContext;
