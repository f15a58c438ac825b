using System.Globalization;
using WebImageText.Crawl.Providers;

namespace WebImageText.Crawl.Archives;

/// <summary>WARC and WAT files, one after the other: local ones, or on a server.</summary>
/// <param name="names">Paths or addresses; asked for once, when the first is needed.</param>
/// <param name="provider">See <see cref="Candidate.Provider"/>.</param>
internal sealed class ArchiveFiles(Func<ProviderFetch, CancellationToken, Task<IReadOnlyList<string>>> names, string provider) : IArchiveSource
{
    private readonly record struct Position(WarcPlace Place, string File);

    private IReadOnlyList<string>? _names;
    private (Position At, WarcReader Reader)? _open;

    public async Task<ProviderPage> FindAsync(string? position, ProviderFetch fetch, CancellationToken stop)
    {
        _names ??= await names(fetch, stop).ConfigureAwait(false);
        var at = position is null ? (_names.Count > 0 ? new Position(new(-1, 0), _names[0]) : null) : Parse(position);
        if (at is not { } place)
            return new([], null);
        var number = IndexOf(place.File);
        if (number < 0)
            throw new IOException($"'{place.File}', which is half read, is not in the list any more");
        var next = number + 1 < _names.Count ? Text(new(new(-1, 0), _names[number + 1])) : null;

        var page = new RecordPage(provider);
        var reader = await OpenAsync(place, fetch, stop).ConfigureAwait(false);
        try
        {
            while (!page.IsFull)
            {
                if (await reader.ReadAsync(stop).ConfigureAwait(false) is not { } record)
                {
                    await CloseAsync().ConfigureAwait(false);
                    return page.ToPage(next);
                }
                page.Add(record, stop);
                place = place with { Place = record.Place };
            }
        }
        catch (InvalidDataException damaged)
        {
            // What was whole is used; what comes after the damage cannot be found again.
            await CloseAsync().ConfigureAwait(false);
            page.Skip("rest of a damaged archive", damaged.Message);
            return page.ToPage(next);
        }
        catch
        {
            await CloseAsync().ConfigureAwait(false);
            throw;
        }
        _open = (place, reader);
        return page.ToPage(Text(place));
    }

    // The reader of the page before stands where the next one begins, unless the run has started anew.
    private async Task<WarcReader> OpenAsync(Position at, ProviderFetch fetch, CancellationToken stop)
    {
        if (_open is { } open && open.At == at)
            return open.Reader;
        await CloseAsync().ConfigureAwait(false);
        Stream file = WebAddress.TryParse(at.File, null, out var address) && address.IsWeb
            ? new RangeStream(address, fetch)
            : new FileStream(at.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, useAsync: false);
        var reader = await WarcReader.OpenAsync(file, at.File, at.Place.Entry < 0 ? null : at.Place, stop).ConfigureAwait(false);
        _open = (at, reader);
        return reader;
    }

    private async Task CloseAsync()
    {
        if (_open is { } open)
            await open.Reader.DisposeAsync().ConfigureAwait(false);
        _open = null;
    }

    private int IndexOf(string file)
    {
        for (var at = 0; at < _names!.Count; at++)
        {
            if (_names[at] == file)
                return at;
        }
        return -1;
    }

    private static string Text(Position at) => string.Create(CultureInfo.InvariantCulture, $"{at.Place.Entry} {at.Place.Index} {at.File}");

    private static Position? Parse(string text) => text.Split(' ', 3) is [var entry, var index, var file]
        ? new(new(long.Parse(entry, CultureInfo.InvariantCulture), int.Parse(index, CultureInfo.InvariantCulture)), file)
        : null;
}
