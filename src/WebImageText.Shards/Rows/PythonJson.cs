using System.Globalization;
using System.Text.Json;

namespace WebImageText.Shards.Rows;

/// <summary>JSON as Python's <c>json.dumps(value, indent=4)</c> writes it: ASCII only, the peers' bytes for the peers' fields.</summary>
internal static class PythonJson
{
    private static readonly JsonWriterOptions Form = new()
    {
        Indented = true,
        IndentCharacter = ' ',
        IndentSize = 4,
        NewLine = "\n",
        SkipValidation = true,
    };

    public static Utf8JsonWriter Writer(Stream destination) => new(destination, Form);

    public static void WriteText(Utf8JsonWriter json, string? text)
    {
        if (text is null)
            json.WriteNullValue();
        else
            json.WriteStringValue(JsonEncodedText.Encode(text, PythonEscapes.All));
    }

    /// <summary>A float as Python's repr: shortest digits that read back, with a point.</summary>
    public static void WriteNumber(Utf8JsonWriter json, double number) => json.WriteRawValue(Number(number), skipInputValidation: true);

    public static void WriteNumber(Utf8JsonWriter json, float number) =>
        json.WriteRawValue(Number(number.ToString("R", CultureInfo.InvariantCulture)), skipInputValidation: true);

    public static string Moment(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Number(double number) => Number(number.ToString("R", CultureInfo.InvariantCulture));

    private static string Number(string digits) => digits switch
    {
        "NaN" or "Infinity" or "-Infinity" => "null", // no JSON has them
        _ when digits.AsSpan().ContainsAny('.', 'E') => digits.Replace('E', 'e'),
        _ => digits + ".0",
    };
}
