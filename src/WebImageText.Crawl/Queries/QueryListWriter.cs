using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace WebImageText.Crawl.Queries;

/// <summary>Writes a list so that <see cref="QueryList"/> reads it again; the same rows give the same bytes.</summary>
public static class QueryListWriter
{
    /// <summary>Writes <c>.tsv</c> (no header: query, sources, count, pmi, views, rank) or <c>.parquet</c> (columns of those names).</summary>
    /// <remarks>Columns in which no row has a value are left out at the end of a <c>.tsv</c>. The file appears when it is whole.</remarks>
    public static async Task WriteAsync(string path, IReadOnlyList<QueryRow> rows, CancellationToken stop)
    {
        var unfinished = path + ".tmp";
        await using (var file = File.Create(unfinished))
        {
            if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
                await WriteParquetAsync(file, rows, stop).ConfigureAwait(false);
            else
                await WriteTsvAsync(file, rows).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
    }

    private static async Task WriteTsvAsync(Stream file, IReadOnlyList<QueryRow> rows)
    {
        var isCounted = rows.Any(row => row.Count > 0 || row.Views is not null);
        await using var text = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        for (var at = 0; at < rows.Count; at++)
        {
            var row = rows[at];
            await text.WriteLineAsync(isCounted
                ? string.Create(CultureInfo.InvariantCulture, $"{row.Query}\t{row.Sources}\t{(row.Count > 0 ? row.Count : null as long?)}\t{row.Pmi:F3}\t{row.Views:F1}\t{at + 1}")
                : $"{row.Query}\t{row.Sources}").ConfigureAwait(false);
        }
    }

    private static async Task WriteParquetAsync(Stream file, IReadOnlyList<QueryRow> rows, CancellationToken stop)
    {
        var (query, sources, count) = (new DataField("query", typeof(string), isNullable: false), new DataField("sources", typeof(string), isNullable: false),
            new DataField<long?>("count"));
        var (pmi, views, rank) = (new DataField<double?>("pmi"), new DataField<double?>("views"), new DataField<int>("rank"));
        using var whole = new MemoryStream(); // the writer seeks back to note positions
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(query, sources, count, pmi, views, rank), whole,
            cancellationToken: stop).ConfigureAwait(false))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(query, rows.Select(row => row.Query).ToList()).ConfigureAwait(false);
            await group.WriteAsync(sources, rows.Select(row => row.Sources).ToList()).ConfigureAwait(false);
            await group.WriteAsync<long>(count, rows.Select(row => row.Count > 0 ? row.Count : null as long?).ToArray(), cancellationToken: stop)
                .ConfigureAwait(false);
            await group.WriteAsync<double>(pmi, rows.Select(row => row.Pmi).ToArray(), cancellationToken: stop).ConfigureAwait(false);
            await group.WriteAsync<double>(views, rows.Select(row => row.Views).ToArray(), cancellationToken: stop).ConfigureAwait(false);
            await group.WriteAsync<int>(rank, Enumerable.Range(1, rows.Count).ToArray(), cancellationToken: stop).ConfigureAwait(false);
        }
        await file.WriteAsync(whole.GetBuffer().AsMemory(0, (int)whole.Length), stop).ConfigureAwait(false);
    }
}
