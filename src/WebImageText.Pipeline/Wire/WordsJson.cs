using System.Text.Json;
using System.Text.Json.Serialization;
using WebImageText.Pipeline.Copies;

namespace WebImageText.Pipeline.Wire;

/// <summary>Writes a value as the text that its <c>ToString</c> gives, and reads it back by its parser.</summary>
internal abstract class TextConverter<T>(Func<string, T> parse) : JsonConverter<T> where T : notnull
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return parse(reader.GetString() ?? throw new FormatException("null"));
        }
        catch (FormatException broken)
        {
            throw new JsonException(broken.Message, broken);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

internal sealed class WebAddressConverter() : TextConverter<WebAddress>(WebAddress.Parse);

internal sealed class PairUidConverter() : TextConverter<PairUid>(PairUid.Parse);

internal sealed class PdqHashConverter() : TextConverter<PdqHash>(PdqHash.Parse);

internal sealed class PictureDescriptorConverter : JsonConverter<PictureDescriptor>
{
    public override PictureDescriptor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetBytesFromBase64(out var cell) ? new(cell) : throw new JsonException("a descriptor is no base64");

    public override void Write(Utf8JsonWriter writer, PictureDescriptor value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.Cell);
}

internal sealed class QueryIdConverter : JsonConverter<QueryId>
{
    public override QueryId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());

    public override void Write(Utf8JsonWriter writer, QueryId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Row);
}

internal sealed class DropReasonConverter : JsonConverter<DropReason>
{
    public override DropReason Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return DropReasons.Parse(reader.GetString() ?? "");
        }
        catch (FormatException broken)
        {
            throw new JsonException(broken.Message, broken);
        }
    }

    public override void Write(Utf8JsonWriter writer, DropReason value, JsonSerializerOptions options) => writer.WriteStringValue(value.Word());

    public override DropReason ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, DropReason value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Word());
}
