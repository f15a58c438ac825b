using System.Globalization;
using WebImageText.Crawl.Providers.Lists;

namespace WebImageText.Crawl.Providers;

/// <summary>Lists of image addresses with captions: parquet, csv, tsv, jsonl, txt, and .gz or .zst of the latter four.</summary>
/// <remarks>Where a list gives a hash of the image, other bytes are refused: see <see cref="ImageDigest"/>.</remarks>
public sealed class UrlListProvider : IProvider
{
    private const int Rows = 1_000;
    private const int LongestAddress = 8_192;

    private readonly ListColumns _columns;
    private readonly IReadOnlyList<string> _files;
    private (string Cursor, IListRows Rows)? _open;

    /// <param name="places">Files, and folders of such files.</param>
    /// <param name="columns">Names of columns, where they are unusual.</param>
    /// <exception cref="IOException">A place does not exist, or holds no list.</exception>
    public UrlListProvider(IReadOnlyList<string> places, ListColumns columns)
    {
        _columns = columns;
        Traits = new("urls") { PageSize = Rows, Places = places };
        _files = [.. places.SelectMany(FilesOf)];
    }

    /// <inheritdoc/>
    public ProviderTraits Traits { get; }

    /// <summary>Opens every list, so that a wrong column is told before a run begins.</summary>
    /// <exception cref="IOException">A list cannot be opened.</exception>
    /// <exception cref="InvalidDataException">A list is damaged at its start, or lacks a column.</exception>
    public async Task CheckAsync(CancellationToken stop)
    {
        foreach (var file in _files)
        {
            await using var rows = await OpenAsync(file).ConfigureAwait(false);
            await rows.ReadAsync(stop).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<ProviderPage> FindAsync(Query? query, string? cursor, ProviderFetch fetch, CancellationToken stop)
    {
        // rows that were read, then the file
        var (row, file) = cursor?.Split(' ', 2) is [var count, var name] ? (long.Parse(count, CultureInfo.InvariantCulture), name) : (0, _files[0]);
        if (Next(file) is not { } number)
            return ProviderPage.Failed($"'{file}', which is half read, is not in the list any more");
        try
        {
            return await ReadAsync(file, row, number + 1 < _files.Count ? $"0 {_files[number + 1]}" : null, cursor, stop).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await CloseAsync().ConfigureAwait(false);
            return ProviderPage.Failed(broken.Message);
        }
    }

    private async Task<ProviderPage> ReadAsync(string file, long row, string? nextFile, string? cursor, CancellationToken stop)
    {
        List<Candidate> candidates = [];
        Dictionary<string, int> skipped = [];
        var rows = await AtAsync(cursor, file, row, stop).ConfigureAwait(false);
        for (var read = 0; read < Rows; read++)
        {
            if (!await rows.ReadAsync(stop).ConfigureAwait(false))
            {
                await CloseAsync().ConfigureAwait(false);
                return new(candidates, nextFile) { Skipped = skipped };
            }
            row++;
            if ((rows.Skip ?? Add(rows, candidates)) is { } why)
                skipped[why] = skipped.GetValueOrDefault(why) + 1;
        }
        var next = string.Create(CultureInfo.InvariantCulture, $"{row} {file}");
        _open = (next, rows);
        return new(candidates, next) { Skipped = skipped };
    }

    // A compressed file cannot be sought in: after a restart, what was read before is read past.
    private async Task<IListRows> AtAsync(string? cursor, string file, long row, CancellationToken stop)
    {
        if (_open is { } open && open.Cursor == cursor)
            return open.Rows;
        await CloseAsync().ConfigureAwait(false);
        var rows = await OpenAsync(file).ConfigureAwait(false);
        _open = ("", rows);
        for (; row > 0 && await rows.ReadAsync(stop).ConfigureAwait(false); row--)
        {
        }
        return rows;
    }

    private string? Add(IListRows rows, List<Candidate> candidates)
    {
        if (rows[ListColumns.Url]?.Trim() is not { Length: > 0 and <= LongestAddress } text || !WebAddress.TryParse(text, null, out var image) || !image.IsWeb)
            return "row without an http or https address";
        candidates.Add(new()
        {
            Image = image,
            Page = rows[ListColumns.Page] is { Length: <= LongestAddress } page && WebAddress.TryParse(page, null, out var address) && address.IsWeb ? address : null,
            Texts = JsonAnswer.Texts((TextSource.ListCaption, rows[ListColumns.Text] ?? "")),
            Provider = Traits.Name,
            License = JsonAnswer.Line(rows[ListColumns.License] ?? ""),
            Digest = DigestOf(rows),
        });
        return null;
    }

    private static ImageDigest? DigestOf(IListRows rows) =>
        ImageDigest.TryParse("sha256", rows[ListColumns.Sha256], out var digest) || ImageDigest.TryParse("sha1", rows[ListColumns.Sha1], out digest)
        || ImageDigest.TryParse("md5", rows[ListColumns.Md5], out digest) ? digest : null;

    private Task<IListRows> OpenAsync(string file) => ListFile.OpenAsync(file, names => _columns.Choose(file, names));

    private async Task CloseAsync()
    {
        if (_open is { } open)
            await open.Rows.DisposeAsync().ConfigureAwait(false);
        _open = null;
    }

    private int? Next(string file)
    {
        for (var at = 0; at < _files.Count; at++)
        {
            if (_files[at] == file)
                return at;
        }
        return null;
    }

    private static string[] FilesOf(string place)
    {
        if (!Directory.Exists(place))
            return File.Exists(place) ? [place] : throw new IOException($"The list '{place}' does not exist.");
        string[] files = [.. Directory.EnumerateFiles(place).Where(ListFile.IsList).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new IOException($"The folder '{place}' holds no list of a kind that is read.");
    }
}
