using System.Globalization;
using System.Text;
using System.Text.Json;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Providers;

namespace WebImageText.Crawl.Archives;

/// <summary>Pages found by a CDX server, such as Common Crawl's: their records are fetched from the archives one by one.</summary>
/// <remarks>
/// <c>GET INDEX?url=*.example.org/*&amp;output=json&amp;page=N</c> answers a line of JSON a capture, past the last page 400, and
/// 404 when there is none. One request at a time.
/// </remarks>
/// <param name="index">Address of the index with its <c>url=</c>, and with filters of one's own.</param>
/// <param name="data">What <c>filename</c> is relative to.</param>
/// <param name="provider">See <see cref="Candidate.Provider"/>.</param>
internal sealed class CdxIndex(WebAddress index, WebAddress data, string provider) : IArchiveSource
{
    private const int RangesOfAPage = 50;

    private (long Page, IReadOnlyList<RecordRange> Ranges)? _held;

    public async Task<ProviderPage> FindAsync(string? position, ProviderFetch fetch, CancellationToken stop)
    {
        var (number, line) = position?.Split(' ') is [var first, var second]
            ? (long.Parse(first, CultureInfo.InvariantCulture), int.Parse(second, CultureInfo.InvariantCulture))
            : (0L, 0);
        var page = new RecordPage(provider);
        if (_held?.Page != number)
        {
            if (await RangesAsync(number, page, fetch, stop).ConfigureAwait(false) is not { } found)
                return page.ToPage(null);
            _held = (number, found);
        }
        var ranges = _held.Value.Ranges;
        var end = Math.Min(ranges.Count, line + RangesOfAPage);
        for (; line < end && !page.IsFull; line++)
            await ranges[line].AddToAsync(page, data, fetch, stop).ConfigureAwait(false);
        return page.ToPage(string.Create(CultureInfo.InvariantCulture, $"{(line < ranges.Count ? number : number + 1)} {(line < ranges.Count ? line : 0)}"));
    }

    // Null past the end.
    private async Task<IReadOnlyList<RecordRange>?> RangesAsync(long number, RecordPage page, ProviderFetch fetch, CancellationToken stop)
    {
        var address = WebAddress.Parse(string.Create(CultureInfo.InvariantCulture,
            $"{index.Href}&output=json&filter=%3Dstatus:200&filter=%3Dmime:text/html&fl=filename,offset,length&pageSize=1&page={number}"));
        var result = await fetch(new(new FetchRequest(address, FetchKind.Data), IsService: true), stop).ConfigureAwait(false);
        if (result is FetchResult.Answer { Status: 400 or 404 })
            return null;
        if (result is not FetchResult.Answer { Status: 200 } answer)
            throw new IOException($"the index '{index}', page {number}: {Words.Of(result)}");
        List<RecordRange> ranges = [];
        foreach (var line in Encoding.UTF8.GetString(answer.Body.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Read(line) is { } range)
                ranges.Add(range);
            else
                page.Skip("index line unreadable");
        }
        return ranges.Count == 0 && number > 0 ? null : ranges;
    }

    private static RecordRange? Read(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line, new() { MaxDepth = 4 });
            return json.RootElement.Text("filename") is { Length: > 0 } file
                && long.TryParse(json.RootElement.Text("offset"), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                && long.TryParse(json.RootElement.Text("length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                    ? new(file, offset, length)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
