using System.Globalization;
using System.Text;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Dedup;

/// <summary>Comma-separated values as RFC 4180 has them: a header, quotes where needed.</summary>
internal static class Csv
{
    /// <summary>A line; numbers as any country reads them, nothing for null.</summary>
    public static string Line(params ReadOnlySpan<object?> fields)
    {
        var line = new StringBuilder();
        for (var at = 0; at < fields.Length; at++)
        {
            var field = fields[at];
            var text = field is IFormattable number ? number.ToString(field is float ? "R" : null, CultureInfo.InvariantCulture) : field?.ToString() ?? "";
            line.Append(at > 0 ? "," : "").Append(text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        }
        return line.Append('\n').ToString();
    }

    /// <summary>The rows of a file by the names of its header.</summary>
    /// <param name="path">UTF-8.</param>
    /// <param name="needed">Columns without which it is refused.</param>
    /// <exception cref="UserErrorException">A column is missing, a row is too short, or a quote is not closed.</exception>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Read(string path, params string[] needed)
    {
        if (!File.Exists(path))
            throw UserErrorException.Usage($"'{path}' is not there.");
        using var reader = new StreamReader(path);
        string[]? header = null;
        for (var number = 1; Record(reader, path, number) is { } fields; number++)
        {
            if (header is null)
            {
                header = fields;
                if (needed.Except(header).ToArray() is { Length: > 0 } missing)
                    throw UserErrorException.BadData($"'{path}' has no column {string.Join(" and no ", missing)}; it has {string.Join(", ", header)}.");
                continue;
            }
            if (fields is [""])
                continue;
            if (fields.Length < header.Length)
                throw UserErrorException.BadData($"'{path}', record {number}: {fields.Length} fields where the header has {header.Length}.");
            var row = new Dictionary<string, string>();
            for (var at = 0; at < header.Length; at++)
                row[header[at]] = fields[at];
            yield return row;
        }
    }

    private static string[]? Record(StreamReader reader, string path, int number)
    {
        if (reader.ReadLine() is not { } line)
            return null;
        // A quoted field may hold line ends: quotes come in pairs in a whole record.
        while (line.Count(c => c == '"') % 2 == 1)
            line = reader.ReadLine() is { } more && line.Length < 1 << 20
                ? line + "\n" + more
                : throw UserErrorException.BadData($"'{path}', record {number}: a quote is not closed.");
        List<string> fields = [];
        for (var at = 0; at <= line.Length;)
        {
            if (at < line.Length && line[at] == '"')
            {
                var field = new StringBuilder();
                for (at++; at < line.Length && (line[at] != '"' || at + 1 < line.Length && line[at + 1] == '"'); at++)
                {
                    field.Append(line[at]);
                    at += line[at] == '"' ? 1 : 0;
                }
                fields.Add(field.ToString());
                at = line.IndexOf(',', Math.Min(at, line.Length)) is var comma && comma < 0 ? line.Length + 1 : comma + 1;
                continue;
            }
            var end = line.IndexOf(',', at) is var next && next < 0 ? line.Length : next;
            fields.Add(line[at..end]);
            at = end + 1;
        }
        return [.. fields];
    }
}
