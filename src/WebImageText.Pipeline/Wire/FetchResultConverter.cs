using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Pipeline.Wire;

/// <summary>An answer to a provider's request on its way from the host's node to the asker's.</summary>
/// <param name="At">When the headers came.</param>
/// <param name="Status">HTTP status code.</param>
/// <param name="Headers">Of the answer.</param>
/// <param name="Body">As it is; null where <paramref name="Packed"/> is given.</param>
/// <param name="Packed">The body in gzip: sitemaps are large, and almost all repetition.</param>
/// <param name="To">Target of a redirect.</param>
/// <param name="Drop">Why there is no answer.</param>
internal sealed record WireFetch(
    DateTimeOffset At, int Status = 0, IReadOnlyList<KeyValuePair<string, string>>? Headers = null, byte[]? Body = null, byte[]? Packed = null,
    string? To = null, Drop? Drop = null);

/// <summary>Writes the three ways in which a fetch ends as one contract.</summary>
internal sealed class FetchResultConverter : JsonConverter<FetchResult>
{
    private const int PackFrom = 64 * 1024;

    /// <summary>Bytes of a body that fit in a message between nodes, as base64 beside the headers.</summary>
    private const int Most = 5_600_000;

    public override FetchResult Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var wire = JsonSerializer.Deserialize(ref reader, WireFetchJson.Default.WireFetch) ?? throw new JsonException("no fetch");
        return wire switch
        {
            { Drop: { } drop } => new FetchResult.Failed(drop),
            { To: { } to } => new FetchResult.Redirect(wire.Status, WebAddress.Parse(to)),
            _ => new FetchResult.Answer(wire.Status, new(wire.Headers ?? []), wire.Packed is { } packed ? Unpack(packed) : wire.Body ?? [], wire.At),
        };
    }

    public override void Write(Utf8JsonWriter writer, FetchResult value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value switch
        {
            FetchResult.Answer answer => Of(answer),
            FetchResult.Redirect redirect => new(default, redirect.Status, To: redirect.To.Href),
            FetchResult.Failed failed => new(default, Drop: failed.Drop),
            _ => throw new JsonException($"A fetch does not end in {value.GetType().Name}."),
        }, WireFetchJson.Default.WireFetch);

    private static WireFetch Of(FetchResult.Answer answer)
    {
        if (answer.Body.Length < PackFrom)
            return new(answer.At, answer.Status, answer.Headers.Fields, answer.Body.ToArray());
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(answer.Body.Span);
        return packed.Length <= Most
            ? new(answer.At, answer.Status, answer.Headers.Fields, Packed: packed.ToArray())
            : new(default, Drop: new(DropReason.TooLarge, $"{answer.Body.Length} bytes do not fit in a message between nodes"));
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed, writable: false), CompressionMode.Decompress);
        using var body = new MemoryStream();
        gzip.CopyTo(body);
        return body.ToArray();
    }
}

/// <summary>Writes what a provider asks for, header fields included.</summary>
internal sealed class FetchRequestConverter : JsonConverter<FetchRequest>
{
    public override FetchRequest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, WireFetchJson.Default.FetchRequest) ?? throw new JsonException("no request");

    public override void Write(Utf8JsonWriter writer, FetchRequest value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, WireFetchJson.Default.FetchRequest);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(DropReasonConverter), typeof(WebAddressConverter)])]
[JsonSerializable(typeof(WireFetch))]
[JsonSerializable(typeof(FetchRequest))]
internal sealed partial class WireFetchJson : JsonSerializerContext;
