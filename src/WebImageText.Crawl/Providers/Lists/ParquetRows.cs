using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace WebImageText.Crawl.Providers.Lists;

/// <summary>Rows of a parquet file, a row group in memory at a time. Text as it is, numbers as their digits.</summary>
internal sealed class ParquetRows : IListRows
{
    private const int MostRows = 4 << 20;

    private readonly string _name;
    private readonly ParquetReader _reader;
    private readonly DataField?[] _fields;
    private readonly Func<int, string?>[] _values;
    private int _group = -1;
    private int _row = -1;
    private int _rows;

    private ParquetRows(string name, ParquetReader reader, DataField?[] fields) =>
        (_name, _reader, _fields, _values) = (name, reader, fields, new Func<int, string?>[fields.Length]);

    /// <param name="path">Of the file.</param>
    /// <param name="choose">Names the columns that are wanted.</param>
    /// <exception cref="InvalidDataException">It is no parquet file, or lacks a column that is needed.</exception>
    public static async Task<ParquetRows> OpenAsync(string path, ChooseColumns choose)
    {
        var file = File.OpenRead(path);
        try
        {
            var reader = await Guarded(path, () => ParquetReader.CreateAsync(file, leaveStreamOpen: false)).ConfigureAwait(false);
            var fields = reader.Schema.GetDataFields().Where(field => !field.IsArray && field.Path.Length == 1).ToList();
            return new(path, reader, [.. choose([.. fields.Select(field => field.Name)]).Select(name => fields.Find(field => field.Name == name))]);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public string? Skip => null;

    public string? this[int column] => _values[column](_row);

    public async ValueTask<bool> ReadAsync(CancellationToken stop)
    {
        while (++_row >= _rows)
        {
            if (++_group >= _reader.RowGroupCount)
                return false;
            using var group = _reader.OpenRowGroupReader(_group);
            if (group.RowCount is < 0 or > MostRows)
                throw new InvalidDataException($"'{_name}', row group {_group}: {group.RowCount} rows; {MostRows} are read at once. Write the file with smaller row groups.");
            for (var at = 0; at < _fields.Length; at++)
                _values[at] = _fields[at] is { } field ? await Guarded(_name, () => ColumnAsync(group, field, stop)).ConfigureAwait(false) : _ => null;
            (_row, _rows) = (-1, (int)group.RowCount);
        }
        return true;
    }

    private static async Task<Func<int, string?>> ColumnAsync(ParquetRowGroupReader group, DataField field, CancellationToken stop)
    {
        if (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            var texts = new string?[group.RowCount];
            await group.ReadAsync(field, texts.AsMemory()!, null, stop).ConfigureAwait(false);
            return row => texts[row];
        }
        if (field.ClrType == typeof(byte[]) || field.ClrType == typeof(ReadOnlyMemory<byte>))
        {
            var texts = new byte[]?[group.RowCount];
            await group.ReadAsync(field, texts.AsMemory()!, null, stop).ConfigureAwait(false);
            return row => texts[row] is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;
        }
        return field.ClrType == typeof(int) ? await NumbersAsync<int>(group, field, stop).ConfigureAwait(false)
            : field.ClrType == typeof(long) ? await NumbersAsync<long>(group, field, stop).ConfigureAwait(false)
            : field.ClrType == typeof(short) ? await NumbersAsync<short>(group, field, stop).ConfigureAwait(false)
            : _ => null;
    }

    private static async Task<Func<int, string?>> NumbersAsync<T>(ParquetRowGroupReader group, DataField field, CancellationToken stop)
        where T : struct, IFormattable
    {
        if (field.IsNullable)
        {
            var some = new T?[group.RowCount];
            await group.ReadAsync(field, some.AsMemory(), null, stop).ConfigureAwait(false);
            return row => some[row]?.ToString(null, CultureInfo.InvariantCulture);
        }
        var all = new T[group.RowCount];
        await group.ReadAsync(field, all.AsMemory(), null, stop).ConfigureAwait(false);
        return row => all[row].ToString(null, CultureInfo.InvariantCulture);
    }

    // The parser throws whatever a damaged byte leads it to; to the caller all of that is one thing.
    private static async Task<T> Guarded<T>(string name, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new InvalidDataException($"The parquet file '{name}' cannot be read: {broken.Message}", broken);
        }
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();
}
