using System.Text.Json;

namespace WebImageText.Shards.Rows;

/// <summary>The <c>KEY.json</c> of a sample: the fields of its row in the order of the columns, then every text found for the image.</summary>
internal static class SampleJson
{
    /// <summary>One object, ASCII, as <c>json.dumps(row, indent=4)</c>; <c>texts</c> is <c>[[source, text], ...]</c>.</summary>
    public static byte[] Write(PairRow row, IReadOnlyList<ImageText> texts)
    {
        using var bytes = new MemoryStream(2048);
        using (var json = PythonJson.Writer(bytes))
        {
            json.WriteStartObject();
            foreach (var column in PairColumns.All)
            {
                json.WritePropertyName(column.Name);
                column.WriteJson(json, row);
            }
            WriteTexts(json, texts);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <summary>The field <c>texts</c>: <c>[[source, text], ...]</c>.</summary>
    public static void WriteTexts(Utf8JsonWriter json, IReadOnlyList<ImageText> texts)
    {
        json.WriteStartArray("texts");
        foreach (var (source, text) in texts)
        {
            json.WriteStartArray();
            json.WriteStringValue(source.Word());
            PythonJson.WriteText(json, PairRow.WellFormed(text));
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    /// <summary>The texts of a sample's JSON.</summary>
    /// <exception cref="FormatException">It is no such JSON.</exception>
    public static IReadOnlyList<ImageText> Texts(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            return document.RootElement.TryGetProperty("texts", out var texts)
                ? [.. texts.EnumerateArray().Select(text => new ImageText(TextSources.Parse(text[0].GetString()!), text[1].GetString()!))]
                : [];
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or IndexOutOfRangeException or ArgumentNullException)
        {
            throw new FormatException($"the JSON of the sample is not ours: {broken.Message}", broken);
        }
    }
}
