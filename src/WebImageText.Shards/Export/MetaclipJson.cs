using WebImageText.Shards.Rows;

namespace WebImageText.Shards.Export;

/// <summary>The JSON of a sample as MetaCLIP reads it: <c>texts</c> is <c>[[key, text], ...]</c>, the key an attribute of the image.</summary>
internal static class MetaclipJson
{
    public static byte[] Write(string uuid, PairRow row, IReadOnlyList<ImageText> texts)
    {
        using var bytes = new MemoryStream();
        using (var json = PythonJson.Writer(bytes))
        {
            json.WriteStartObject();
            json.WriteString("uuid", uuid);
            json.WritePropertyName("url");
            PythonJson.WriteText(json, row.Url);
            SampleJson.WriteTexts(json, texts.Count > 0 ? texts : [new(TextSource.Alt, row.Caption ?? "")]);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
