using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace WebImageText.Shards.Rows;

/// <summary>A column of a parquet file and the JSON field of the same name.</summary>
internal abstract class Column<TRow>(Field field)
{
    public Field Field { get; } = field;

    public string Name => Field.Name;

    /// <summary>Writes the rows' values as the next column of a row group.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows, CancellationToken stop);

    /// <summary>Writes the row's value, without the name.</summary>
    public abstract void WriteJson(Utf8JsonWriter json, TRow row);
}

/// <summary>UTF-8 text (parquet STRING).</summary>
internal sealed class TextColumn<TRow>(string name, Func<TRow, string?> value) : Column<TRow>(new DataField<string>(name, true))
{
    private readonly DataField _asBytes = new ParquetSchema(new DataField<byte[]>(name, true)).DataFields[0];

    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows, CancellationToken stop)
    {
        var texts = rows.Select(value).ToArray();
        // Parquet.Net finds least and greatest in UTF-16's order. Readers compare in UTF-8's, which differs beyond U+FFFF, and would
        // pass over the row group that holds what they look for. Of bytes it keeps no such statistics; the schema stays that of text.
        return texts.Any(text => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0)
            ? group.WriteAsync<ReadOnlyMemory<byte>>(_asBytes, texts.Select(Utf8).ToArray(), cancellationToken: stop)
            : group.WriteAsync((DataField)Field, texts!);
    }

    public override void WriteJson(Utf8JsonWriter json, TRow row) => PythonJson.WriteText(json, value(row));

    private static ReadOnlyMemory<byte>? Utf8(string? text) => text is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(text); // a bare null would become no bytes
}

/// <summary>Bytes (parquet BYTE_ARRAY); base64 in JSON.</summary>
internal sealed class BytesColumn<TRow>(string name, Func<TRow, byte[]?> value) : Column<TRow>(new DataField<byte[]>(name, true))
{
    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows, CancellationToken stop) =>
        group.WriteAsync((DataField)Field, [.. rows.Select(row => value(row)!)]);

    public override void WriteJson(Utf8JsonWriter json, TRow row)
    {
        if (value(row) is { } bytes)
            json.WriteBase64StringValue(bytes);
        else
            json.WriteNullValue();
    }
}

/// <summary>A 32-bit integer (parquet INT32).</summary>
internal sealed class Int32Column<TRow>(string name, Func<TRow, int?> value) : Column<TRow>(new DataField<int>(name, true))
{
    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows, CancellationToken stop) =>
        group.WriteAsync<int>((DataField)Field, rows.Select(value).ToArray(), cancellationToken: stop);

    public override void WriteJson(Utf8JsonWriter json, TRow row)
    {
        if (value(row) is { } number)
            json.WriteNumberValue(number);
        else
            json.WriteNullValue();
    }
}

/// <summary>A 32-bit float (parquet FLOAT).</summary>
internal sealed class SingleColumn<TRow>(string name, Func<TRow, float?> value) : Column<TRow>(new DataField<float>(name, true))
{
    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows, CancellationToken stop) =>
        group.WriteAsync<float>((DataField)Field, rows.Select(value).ToArray(), cancellationToken: stop);

    public override void WriteJson(Utf8JsonWriter json, TRow row)
    {
        if (value(row) is { } number)
            PythonJson.WriteNumber(json, number);
        else
            json.WriteNullValue();
    }
}

/// <summary>
/// A moment (parquet TIMESTAMP, microseconds, adjusted to UTC): <c>TIMESTAMP WITH TIME ZONE</c> in DuckDB,
/// <c>datetime64[us, UTC]</c> in pandas. ISO 8601 with six decimals and <c>Z</c> in JSON.
/// </summary>
internal sealed class MomentColumn<TRow>(string name, Func<TRow, DateTimeOffset?> value)
    : Column<TRow>(new DateTimeDataField(name, DateTimeFormat.Timestamp, true, DateTimeTimeUnit.Micros, true))
{
    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows, CancellationToken stop) =>
        group.WriteAsync<DateTime>((DataField)Field, rows.Select(row => value(row)?.UtcDateTime).ToArray(), cancellationToken: stop);

    public override void WriteJson(Utf8JsonWriter json, TRow row)
    {
        if (value(row) is { } at)
            json.WriteStringValue(PythonJson.Moment(at));
        else
            json.WriteNullValue();
    }
}

/// <summary>A list of 32-bit integers (parquet LIST of required INT32), empty but never null.</summary>
internal sealed class Int32ListColumn<TRow>(string name, Func<TRow, IReadOnlyList<int>> value)
    : Column<TRow>(new ListField(name, new DataField<int>("element", false)))
{
    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows, CancellationToken stop)
    {
        var (values, definitions, repetitions) = (new List<int>(), new List<int>(), new List<int>());
        foreach (var row in rows)
        {
            var list = value(row);
            values.AddRange(list);
            // Dremel levels: an empty list is defined down to the list (1), an element to itself (2); 0 begins a row.
            definitions.AddRange(Enumerable.Repeat(list.Count == 0 ? 1 : 2, Math.Max(1, list.Count)));
            repetitions.Add(0);
            repetitions.AddRange(Enumerable.Repeat(1, Math.Max(0, list.Count - 1)));
        }
        return group.WriteAllPartsAsync<int>(
            (DataField)((ListField)Field).Item, values.ToArray(), definitions.ToArray(), repetitions.ToArray(), stop);
    }

    public override void WriteJson(Utf8JsonWriter json, TRow row)
    {
        json.WriteStartArray();
        foreach (var number in value(row))
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
