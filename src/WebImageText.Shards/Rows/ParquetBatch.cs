using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace WebImageText.Shards.Rows;

/// <summary>The columns of one row group in memory. A column that the file lacks, or has in another type, is empty.</summary>
internal sealed class ParquetBatch
{
    private readonly Dictionary<string, Array> _columns = [];

    private ParquetBatch(int count) => Count = count;

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Names of the columns that were read.</summary>
    public IReadOnlyCollection<string> Names => _columns.Keys;

    public string? Text(string name, int at) => Value<string?>(name, at);
    public int? Int32(string name, int at) => Value<int?>(name, at);
    public float? Single(string name, int at) => Value<float?>(name, at);
    public byte[]? Bytes(string name, int at) => Value<byte[]?>(name, at);
    public IReadOnlyList<int> Int32List(string name, int at) => Value<int[]>(name, at) ?? [];
    public DateTimeOffset? Moment(string name, int at) =>
        Value<DateTime?>(name, at) is { } time ? new(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : null;

    public static async Task<ParquetBatch> ReadAsync(
        ParquetRowGroupReader group, ParquetSchema schema, IReadOnlySet<string>? columns, CancellationToken stop)
    {
        var batch = new ParquetBatch((int)group.RowCount);
        foreach (var field in schema.Fields.Where(field => columns?.Contains(field.Name) ?? true))
            if (await ReadAsync(group, field, batch.Count, stop) is { } values)
                batch._columns[field.Name] = values;
        return batch;
    }

    private T? Value<T>(string name, int at) => _columns.TryGetValue(name, out var column) && column is T[] values ? values[at] : default;

    /// <summary>The column's type is one that is read.</summary>
    public static bool CanRead(Field field) => field switch
    {
        DataField { IsArray: false, ClrType: var type } => Types.Contains(type),
        ListField { Item: DataField { ClrType: var type } } => type == typeof(int),
        _ => false,
    };

    private static readonly HashSet<Type> Types =
    [
        typeof(ReadOnlyMemory<char>), typeof(string), typeof(ReadOnlyMemory<byte>), typeof(byte[]), typeof(int), typeof(float), typeof(DateTime),
    ];

    private static async Task<Array?> ReadAsync(ParquetRowGroupReader group, Field field, int count, CancellationToken stop) => field switch
    {
        DataField { IsArray: false } data when data.ClrType == typeof(ReadOnlyMemory<char>) || data.ClrType == typeof(string) =>
            await TextAsync(group, data, count, stop),
        DataField { IsArray: false } data when data.ClrType == typeof(ReadOnlyMemory<byte>) || data.ClrType == typeof(byte[]) =>
            await BytesAsync(group, data, count, stop),
        DataField { IsArray: false } data when data.ClrType == typeof(int) => await ValuesAsync<int>(group, data, count, stop),
        DataField { IsArray: false } data when data.ClrType == typeof(float) => await ValuesAsync<float>(group, data, count, stop),
        DataField { IsArray: false } data when data.ClrType == typeof(DateTime) => await ValuesAsync<DateTime>(group, data, count, stop),
        ListField { Item: DataField item } when item.ClrType == typeof(int) => await ListsAsync(group, item, count, stop),
        _ => null,
    };

    private static async Task<string?[]> TextAsync(ParquetRowGroupReader group, DataField field, int count, CancellationToken stop)
    {
        var values = new string?[count];
        await group.ReadAsync(field, values.AsMemory()!, null, stop);
        return values;
    }

    private static async Task<byte[]?[]> BytesAsync(ParquetRowGroupReader group, DataField field, int count, CancellationToken stop)
    {
        var values = new byte[]?[count];
        await group.ReadAsync(field, values.AsMemory()!, null, stop);
        return values;
    }

    private static async Task<T?[]> ValuesAsync<T>(ParquetRowGroupReader group, DataField field, int count, CancellationToken stop)
        where T : struct
    {
        var values = new T?[count];
        if (field.IsNullable)
        {
            await group.ReadAsync(field, values.AsMemory(), null, stop);
            return values;
        }
        var plain = new T[count];
        await group.ReadAsync(field, plain.AsMemory(), null, stop);
        return [.. plain.Select(value => (T?)value)];
    }

    private static async Task<int[][]> ListsAsync(ParquetRowGroupReader group, DataField item, int count, CancellationToken stop)
    {
        using var raw = (RawColumnData<int>)await group.ReadRawColumnDataBaseAsync(item, stop);
        var (values, definitions, repetitions) = (raw.Values.ToArray(), raw.DefinitionLevels.ToArray(), raw.RepetitionLevels.ToArray());
        var lists = new List<int>[count];
        var (row, next) = (-1, 0);
        for (var at = 0; at < repetitions.Length; at++)
        {
            if (repetitions[at] == 0)
                lists[++row] = [];
            if (definitions[at] == item.MaxDefinitionLevel)
                lists[row].Add(values[next++]);
        }
        return row + 1 == count
            ? [.. lists.Select(list => list.ToArray())]
            : throw new FormatException($"the column '{item.Path}' has {row + 1} rows of {count}.");
    }
}
