namespace WebImageText.Shards.Rows;

/// <summary>Descriptors of pictures as a parquet file: <c>name</c>, and <c>descriptor</c> as little-endian float32, null where there is no picture.</summary>
public static class DescriptorParquet
{
    /// <summary>One picture.</summary>
    /// <param name="Name">File, or member of a tar.</param>
    /// <param name="Descriptor">Little-endian float32 numbers; null where it could not be decoded.</param>
    public sealed record Row(string Name, byte[]? Descriptor);

    /// <summary>Writes rows in their order. The file is made in memory first.</summary>
    public static Task WriteAsync(Stream destination, IReadOnlyList<Row> rows, CancellationToken stop = default) => ParquetTable.WriteAsync(
        destination, new([new TextColumn<Row>("name", row => row.Name), new BytesColumn<Row>("descriptor", row => row.Descriptor)]), rows, stop);
}
