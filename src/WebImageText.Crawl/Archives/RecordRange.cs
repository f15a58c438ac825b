using System.Globalization;
using WebImageText.Crawl.Fetch;
using WebImageText.Crawl.Providers;

namespace WebImageText.Crawl.Archives;

/// <summary>One record of an archive on a server, as an index names it.</summary>
/// <param name="File">Path of the archive below the data's address.</param>
/// <param name="Offset">Of the record's gzip member.</param>
/// <param name="Length">Of the member, bytes.</param>
internal sealed record RecordRange(string File, long Offset, long Length)
{
    /// <summary>Bytes; Common Crawl cuts what a record holds at 5 MiB, and a message between nodes has room for so many.</summary>
    private const int LongestMember = 5_500_000;

    /// <summary>Fetches the record and adds its images to the page; a record that cannot be had is counted.</summary>
    public async Task AddToAsync(RecordPage page, WebAddress data, ProviderFetch fetch, CancellationToken stop)
    {
        if (Offset < 0 || Length is <= 0 or > LongestMember || !WebAddress.TryParse(File.TrimStart('/'), data, out var address) || address.Authority != data.Authority)
        {
            page.Skip("range not usable");
            return;
        }
        var request = new FetchRequest(address, FetchKind.Data) { Range = new(Offset, Offset + Length - 1) };
        var result = await fetch(new(request, IsService: true), stop).ConfigureAwait(false);
        if (result is not FetchResult.Answer { Status: 206 } part)
        {
            if (result is FetchResult.Answer { Status: 403 or 404 or 416 })
                page.Skip($"record {((FetchResult.Answer)result).Status.ToString(CultureInfo.InvariantCulture)}");
            else
                throw new IOException($"'{address}' at byte {Offset}: {Words.Of(result)}");
            return;
        }
        try
        {
            await using var reader = await WarcReader.OpenAsync(new MemoryStream(part.Body.ToArray(), writable: false), address.Href, null, stop).ConfigureAwait(false);
            if (await reader.ReadAsync(stop).ConfigureAwait(false) is { } record)
                page.Add(record, stop);
        }
        catch (InvalidDataException)
        {
            page.Skip("record damaged");
        }
    }
}
