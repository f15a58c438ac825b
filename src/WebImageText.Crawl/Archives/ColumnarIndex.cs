using System.Globalization;
using WebImageText.Crawl.Providers;
using WebImageText.Crawl.Providers.Lists;

namespace WebImageText.Crawl.Archives;

/// <summary>Pages found in Common Crawl's columnar index, parquet files on this machine; their records are fetched one by one.</summary>
/// <param name="files">Paths of the parquet files.</param>
/// <param name="data">What <c>warc_filename</c> is relative to.</param>
/// <param name="provider">See <see cref="Candidate.Provider"/>.</param>
internal sealed class ColumnarIndex(IReadOnlyList<string> files, WebAddress data, string provider) : IArchiveSource
{
    private const int RangesOfAPage = 50;

    private static readonly string[] Columns =
        ["warc_filename", "warc_record_offset", "warc_record_length", "fetch_status", "content_mime_detected"];

    private (string Position, ParquetRows Rows)? _open;

    public async Task<ProviderPage> FindAsync(string? position, ProviderFetch fetch, CancellationToken stop)
    {
        var (number, row) = position?.Split(' ') is [var first, var second]
            ? (int.Parse(first, CultureInfo.InvariantCulture), long.Parse(second, CultureInfo.InvariantCulture))
            : (0, 0L);
        if (number >= files.Count)
            return new([], null);
        var page = new RecordPage(provider);
        var rows = _open is { } open && open.Position == position ? open.Rows : await OpenAsync(files[number], row, stop).ConfigureAwait(false);
        for (var ranges = 0; ranges < RangesOfAPage && !page.IsFull;)
        {
            if (!await rows.ReadAsync(stop).ConfigureAwait(false))
            {
                await rows.DisposeAsync().ConfigureAwait(false);
                _open = null;
                return page.ToPage(number + 1 < files.Count ? string.Create(CultureInfo.InvariantCulture, $"{number + 1} 0") : null);
            }
            row++;
            // A capture that is no page, or did not come, has nothing to show.
            if (rows[3] is { } status && status != "200" || rows[4]?.Contains("html", StringComparison.OrdinalIgnoreCase) == false)
                continue;
            if (rows[0] is not { } file || !long.TryParse(rows[1], CultureInfo.InvariantCulture, out var offset) || !long.TryParse(rows[2], CultureInfo.InvariantCulture, out var length))
            {
                page.Skip("index row unreadable");
                continue;
            }
            ranges++;
            await new RecordRange(file, offset, length).AddToAsync(page, data, fetch, stop).ConfigureAwait(false);
        }
        var next = string.Create(CultureInfo.InvariantCulture, $"{number} {row}");
        _open = (next, rows);
        return page.ToPage(next);
    }

    private async Task<ParquetRows> OpenAsync(string file, long skip, CancellationToken stop)
    {
        if (_open is { } open)
            await open.Rows.DisposeAsync().ConfigureAwait(false);
        _open = null;
        var rows = await ParquetRows.OpenAsync(file, names => [.. Columns.Select((column, at) => names.Contains(column) || at > 2 ? column : throw new InvalidDataException(
            $"'{file}' is no part of the columnar index: it has no column '{column}', but {string.Join(", ", names.Take(20))}."))]).ConfigureAwait(false);
        for (; skip > 0 && await rows.ReadAsync(stop).ConfigureAwait(false); skip--)
        {
        }
        return rows;
    }
}
