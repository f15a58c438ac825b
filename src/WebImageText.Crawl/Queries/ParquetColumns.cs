using Parquet;
using Parquet.Schema;

namespace WebImageText.Crawl.Queries;

/// <summary>Reads one text column of a parquet file, and another if it is there.</summary>
internal static class ParquetColumns
{
    /// <summary>Rows of a row group, at most.</summary>
    private const int MaxGroupRows = 16 << 20;

    /// <exception cref="InvalidDataException">It is no parquet file, is damaged, or lacks the column.</exception>
    public static async IAsyncEnumerable<(string? First, string? Second)> ReadAsync(Stream file, string name, string column, string? other)
    {
        await using var reader = await Guarded(name, () => ParquetReader.CreateAsync(file, leaveStreamOpen: true)).ConfigureAwait(false);
        var fields = reader.Schema.GetDataFields();
        var first = Array.Find(fields, field => field.Name == column && IsText(field)) ?? throw new InvalidDataException(
            $"Parquet file '{name}' has no text column '{column}'; it has {string.Join(", ", fields.Select(field => field.Name))}.");
        var second = Array.Find(fields, field => field.Name == other && IsText(field));
        for (var at = 0; at < reader.RowGroupCount; at++)
        {
            using var group = reader.OpenRowGroupReader(at);
            if (group.RowCount is < 0 or > MaxGroupRows)
                throw new InvalidDataException($"Parquet file '{name}': a row group claims {group.RowCount} rows. Write it with smaller ones.");
            var rows = await ColumnAsync(group, first, name).ConfigureAwait(false);
            var others = second is null ? null : await ColumnAsync(group, second, name).ConfigureAwait(false);
            for (var row = 0; row < rows.Length; row++)
                yield return (rows[row], others?[row]);
        }
    }

    /// <summary>Whether the file has a text column of that name; the stream is read from its start again.</summary>
    public static async Task<bool> HasAsync(Stream file, string name, string column)
    {
        await using var reader = await Guarded(name, () => ParquetReader.CreateAsync(file, leaveStreamOpen: true)).ConfigureAwait(false);
        file.Position = 0;
        return reader.Schema.GetDataFields().Any(field => field.Name == column && IsText(field));
    }

    private static bool IsText(DataField field) =>
        !field.IsArray && (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>));

    private static Task<string?[]> ColumnAsync(ParquetRowGroupReader group, DataField field, string name) => Guarded(name, async () =>
    {
        var texts = new string?[group.RowCount];
        await group.ReadAsync(field, texts.AsMemory()!).ConfigureAwait(false);
        return texts;
    });

    // The parser throws whatever a damaged byte leads it to; to the caller all of that is one thing.
    private static async Task<T> Guarded<T>(string name, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new InvalidDataException($"Parquet file '{name}' cannot be read: {broken.Message}", broken);
        }
    }
}
