using System.Text;
using System.Text.Json;
using WebImageText.Crawl.Queries;

namespace WebImageText.Crawl.Providers.Lists;

/// <summary>Rows of a file with one object of JSON, or one address, a line.</summary>
internal sealed class LineRows : IListRows
{
    private const int LongestLine = 1 << 20;
    private const int Deepest = 16;

    private readonly Stream _file;
    private readonly LineReader _lines;
    private readonly string _name;
    private readonly ChooseColumns? _choose;
    private readonly Dictionary<string, string> _row = [];
    private string?[]? _columns;

    /// <param name="file">Is disposed with the rows.</param>
    /// <param name="name">For messages.</param>
    /// <param name="choose">Chooses among the names of the first object; null where each line is an address.</param>
    public LineRows(Stream file, string name, ChooseColumns? choose) =>
        (_file, _lines, _name, _choose) = (file, new(file, LongestLine), name, choose);

    public string? Skip { get; private set; }

    public string? this[int column] => column < _columns?.Length && _columns[column] is { } name ? _row.GetValueOrDefault(name) : null;

    public ValueTask<bool> ReadAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        _row.Clear();
        Skip = null;
        try
        {
            while (_lines.TryRead(out var line, out var whole))
            {
                if (line.Trim(" \t"u8).IsEmpty)
                    continue;
                if (!whole)
                    Skip = "line too long";
                else
                    Read(line);
                return ValueTask.FromResult(true);
            }
            return ValueTask.FromResult(false);
        }
        catch (InvalidDataException broken) when (broken.Message.Length > 0 && !broken.Message.StartsWith('\''))
        {
            throw new InvalidDataException($"'{_name}', after byte {_lines.Position}: {broken.Message}", broken);
        }
    }

    private void Read(ReadOnlySpan<byte> line)
    {
        if (_choose is null)
        {
            _columns = ["url"];
            _row["url"] = Encoding.UTF8.GetString(line).Trim();
            return;
        }
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = Deepest });
            using var json = JsonDocument.ParseValue(ref reader);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                Skip = "line is no object";
                return;
            }
            foreach (var value in json.RootElement.EnumerateObject().Where(value => value.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number))
                _row[value.Name] = value.Value.ToString();
            _columns ??= _choose([.. json.RootElement.EnumerateObject().Select(value => value.Name)]);
        }
        catch (JsonException)
        {
            Skip = "line is no JSON";
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
