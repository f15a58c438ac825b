using System.IO.Compression;
using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;

namespace WebImageText.Shards.Rows;

/// <summary>Rows in a parquet file: the same bytes for the same rows, whoever writes them and whenever.</summary>
internal static class ParquetTable
{
    /// <summary>Rows of one row group, at most: bounds what a reader must hold, and is enough for a scan to be fast.</summary>
    public const int GroupRows = 10_000;

    /// <summary>Rows of one row group with images: about img2dataset's, and some MB.</summary>
    private const int ImageGroupRows = 100;

    /// <summary>Rows of one row group that are read of a foreign file, at most.</summary>
    private const int MostGroupRows = 1 << 20;

    /// <summary>Bytes of one row group's columns after decompression, as its footer states them, at most.</summary>
    private const long MostGroupBytes = 4L << 30;

    public static async Task WriteAsync<TRow>(
        Stream destination, ParquetColumns<TRow> columns, IReadOnlyList<TRow> rows, CancellationToken stop)
    {
        using var file = new MemoryStream(); // the writer seeks back to note positions
        // The default level took 3 times the processor time of the whole shard for files a tenth smaller.
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Optimal };
        await using (var writer = await ParquetWriter.CreateAsync(columns.Schema, file, options, cancellationToken: stop))
            for (var first = 0; first < rows.Count; first += GroupRows)
            {
                using var group = writer.CreateRowGroup();
                var part = rows.Skip(first).Take(GroupRows).ToList();
                foreach (var column in columns)
                    await column.WriteAsync(group, part, stop);
            }
        await destination.WriteAsync(file.GetBuffer().AsMemory(0, (int)file.Length), stop);
    }

    /// <summary>Rows and their images, as img2dataset's output format <c>parquet</c> has them; a temporary file holds all but one group.</summary>
    /// <param name="destination">Written forward only.</param>
    /// <param name="imageColumn">Name of the last column: <c>jpg</c>, <c>png</c> or <c>webp</c>.</param>
    /// <param name="rows">In their order.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task WriteImagesAsync(
        Stream destination, string imageColumn, IAsyncEnumerable<(PairRow Row, byte[] Image)> rows, CancellationToken stop)
    {
        var (pairs, images) = (PairColumns.Create(), new BytesColumn<byte[]>(imageColumn, bytes => bytes));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose };
        await using var file = new FileStream(Path.Combine(Path.GetTempPath(), $"wit-export-{Guid.NewGuid():n}"), options);
        var schema = new ParquetSchema([.. pairs.Select(column => column.Field), images.Field]);
        await using (var writer = await ParquetWriter.CreateAsync(schema, file, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Optimal }, cancellationToken: stop))
            await foreach (var part in rows.Chunk(ImageGroupRows).WithCancellation(stop))
            {
                using var group = writer.CreateRowGroup();
                foreach (var column in pairs)
                    await column.WriteAsync(group, [.. part.Select(pair => pair.Row)], stop);
                await images.WriteAsync(group, [.. part.Select(pair => pair.Image)], stop);
            }
        file.Position = 0;
        await file.CopyToAsync(destination, stop);
    }

    /// <summary>The rows of a parquet file, a row group at a time.</summary>
    /// <param name="source">The whole file, seekable.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="columns">Names of the columns to read; the others are passed over. Null reads all.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="ShardFormatException">It is no parquet file, or a damaged one.</exception>
    public static async IAsyncEnumerable<ParquetBatch> ReadAsync(
        Stream source, string file, IReadOnlySet<string>? columns = null, [EnumeratorCancellation] CancellationToken stop = default)
    {
        await using var reader = await Guarded(file, () => ParquetReader.CreateAsync(source, leaveStreamOpen: true, cancellationToken: stop));
        for (var at = 0; at < reader.RowGroupCount; at++)
        {
            using var group = reader.OpenRowGroupReader(at);
            if (group.RowCount is < 0 or > MostGroupRows || group.RowGroup.TotalByteSize > MostGroupBytes)
                throw new ShardFormatException(file, $"a row group claims {group.RowCount} rows and {group.RowGroup.TotalByteSize} bytes.");
            yield return await Guarded(file, () => ParquetBatch.ReadAsync(group, reader.Schema, columns, stop));
        }
    }

    /// <summary>The columns of a parquet file, and whether <see cref="ReadAsync"/> reads their type.</summary>
    /// <exception cref="ShardFormatException">It is no parquet file, or a damaged one.</exception>
    public static async Task<IReadOnlyList<(string Name, bool IsRead)>> ColumnsAsync(Stream source, string file, CancellationToken stop)
    {
        await using var reader = await Guarded(file, () => ParquetReader.CreateAsync(source, leaveStreamOpen: true, cancellationToken: stop));
        return [.. reader.Schema.Fields.Select(field => (field.Name, ParquetBatch.CanRead(field)))];
    }

    /// <summary>The parser throws whatever a damaged byte leads it to; to the caller all of that is one thing.</summary>
    private static async Task<T> Guarded<T>(string file, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception broken) when (broken is not (OperationCanceledException or ShardFormatException or OutOfMemoryException))
        {
            throw new ShardFormatException(file, $"this parquet file cannot be read: {broken.Message} Build the shard again.", broken);
        }
    }
}
