using System.Globalization;
using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace WebImageText.Shards;

/// <summary>
/// Images inside a parquet file, as data sets are published on Hugging Face: a column <c>image</c>, either a group of <c>bytes</c>
/// and <c>path</c> or plain bytes.
/// </summary>
public static class ImageParquet
{
    private static readonly string[] Columns = ["image", "img", "jpg", "png", "webp"];

    /// <summary>Every image with its path, or its row number where it has none, in order; a row without an image is empty.</summary>
    /// <param name="source">The whole file, seekable.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="ShardFormatException">It is no parquet file, damaged, or without such a column.</exception>
    public static async IAsyncEnumerable<(string Name, ReadOnlyMemory<byte> Bytes)> ReadAsync(
        Stream source, string file, [EnumeratorCancellation] CancellationToken stop = default)
    {
        await using var reader = await OpenAsync(source, file, stop);
        var image = reader.Schema.Fields.FirstOrDefault(field => Columns.Contains(field.Name))
            ?? throw new ShardFormatException(file, $"it has no column of images: one of {string.Join(", ", Columns)} is needed.");
        var data = image is StructField group ? group.Fields.OfType<DataField>().FirstOrDefault(field => field.Name == "bytes") : image as DataField;
        var path = (image as StructField)?.Fields.OfType<DataField>().FirstOrDefault(field => field.Name == "path");
        if (data is null || data.ClrType != typeof(ReadOnlyMemory<byte>) && data.ClrType != typeof(byte[]))
            throw new ShardFormatException(file, $"its column '{image.Name}' holds no bytes of images.");
        var row = 0L;
        for (var at = 0; at < reader.RowGroupCount; at++)
        {
            using var rows = reader.OpenRowGroupReader(at);
            var (bytes, names) = await ReadAsync(rows, data, path, file, stop);
            for (var here = 0; here < bytes.Length; here++, row++)
                yield return (names?[here] is { Length: > 0 } name ? name : row.ToString("00000000", CultureInfo.InvariantCulture), bytes[here] ?? default);
        }
    }

    private static async Task<ParquetReader> OpenAsync(Stream source, string file, CancellationToken stop)
    {
        try
        {
            return await ParquetReader.CreateAsync(source, leaveStreamOpen: true, cancellationToken: stop);
        }
        catch (Exception broken) when (broken is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new ShardFormatException(file, $"this parquet file cannot be read: {broken.Message}", broken);
        }
    }

    private static async Task<(byte[]?[] Bytes, string?[]? Names)> ReadAsync(
        ParquetRowGroupReader rows, DataField data, DataField? path, string file, CancellationToken stop)
    {
        try
        {
            // Members of a group cannot be read into rows; their levels say which rows have a value.
            return (
                await SpreadAsync<ReadOnlyMemory<byte>, byte[]>(rows, data, value => value.ToArray(), stop),
                path is null ? null : await SpreadAsync<ReadOnlyMemory<char>, string>(rows, path, value => new string(value.Span), stop));
        }
        catch (Exception broken) when (broken is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new ShardFormatException(file, $"its images cannot be read: {broken.Message}", broken);
        }
    }

    private static async Task<TValue?[]> SpreadAsync<TRaw, TValue>(
        ParquetRowGroupReader rows, DataField field, Func<TRaw, TValue> value, CancellationToken stop) where TRaw : struct where TValue : class
    {
        using var raw = (RawColumnData<TRaw>)await rows.ReadRawColumnDataBaseAsync(field, stop);
        var values = raw.Values.ToArray();
        var spread = new TValue?[checked((int)rows.RowCount)];
        var levels = raw.DefinitionLevels.ToArray();
        for (var (row, next) = (0, 0); row < spread.Length; row++)
            if (levels.Length == 0 || levels[row] == field.MaxDefinitionLevel)
                spread[row] = value(values[next++]);
        return spread;
    }
}
