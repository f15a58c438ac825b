using CsvHelper;

namespace WebImageText.Crawl.Providers.Lists;

/// <summary>Rows of a CSV or TSV file with a line of names; fields may be quoted (RFC 4180).</summary>
internal sealed class CsvRows : IListRows
{
    /// <summary>Longest row, bytes: a quote that is never closed ends here.</summary>
    private const int LongestRow = 1 << 20;

    private readonly string _name;
    private readonly CsvReader _reader;
    private readonly int[] _columns;

    private CsvRows(string name, CsvReader reader, int[] columns) => (_name, _reader, _columns) = (name, reader, columns);

    /// <exception cref="InvalidDataException">It lacks a column that is needed.</exception>
    public static async Task<CsvRows> OpenAsync(Stream file, string name, char separator, ChooseColumns choose)
    {
        var reader = CsvReader.Create(file, new()
        {
            Separator = separator,
            MaxRecordSize = LongestRow,
            TrackLineNumbers = true,
        });
        try
        {
            await Guarded(name, async () =>
            {
                await reader.ReadHeaderAsync().ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
            if (reader.Headers.Count == 0)
                throw new InvalidDataException($"'{name}' is empty: its first line must name the columns.");
            string[] names = [.. reader.Headers];
            return new(name, reader, [.. choose(names).Select(column => Array.IndexOf(names, column))]);
        }
        catch
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public string? Skip => _reader.FieldCount == _reader.Headers.Count ? null
        : $"row with too {(_reader.FieldCount < _reader.Headers.Count ? "few" : "many")} columns";

    public string? this[int column] =>
        _columns[column] is >= 0 and var at && at < _reader.FieldCount && !_reader.IsEmpty(at) ? _reader.GetString(at) : null;

    public ValueTask<bool> ReadAsync(CancellationToken stop) => Guarded(_name, () => _reader.ReadAsync(stop));

    private static async ValueTask<T> Guarded<T>(string name, Func<ValueTask<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (CsvFormatException broken)
        {
            throw new InvalidDataException($"'{name}' line {broken.LineNumber}: {broken.Message}", broken);
        }
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();
}
