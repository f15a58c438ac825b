using System.Text;
using WebImageText.Crawl.Archives;
using WebImageText.Crawl.Fetch;

namespace WebImageText.Crawl.Trace;

/// <summary>Where the exchanges of a trace stand in its file, in the order in which they were kept.</summary>
internal sealed class TraceIndex
{
    /// <summary>An exchange: where its answer stands, or why there was none.</summary>
    internal readonly record struct Exchange(WarcPlace? Response, Drop? Failure);

    private readonly Dictionary<string, List<Exchange>> _exchanges = [];
    private readonly Dictionary<string, Drop> _refusals = [];

    /// <summary>Exchanges of one request, by its <see cref="FetchRequest.Key"/>; none when it was never made.</summary>
    public IReadOnlyList<Exchange> Of(string key) => _exchanges.GetValueOrDefault(key) ?? [];

    /// <summary>Why a request was not made; null when it was, or is not known.</summary>
    public Drop? RefusalOf(string key) => _refusals.GetValueOrDefault(key);

    /// <summary>Reads a trace, or any WARC with responses. A torn end is left out.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<TraceIndex> ReadAsync(string path, CancellationToken stop)
    {
        var index = new TraceIndex();
        (string Key, WarcPlace Place)? open = null;
        await foreach (var record in RecordsAsync(path, stop).ConfigureAwait(false))
        {
            if (record["WARC-Target-URI"]?.TrimStart('<').TrimEnd('>') is not { } target)
                continue;
            if (record.Type == "response")
            {
                // A trace of others has no metadata of ours: the answer alone is an exchange.
                index.Take(open);
                open = ($"{target} ", record.Place);
            }
            else if (record.Type == "metadata" && record.HasContentType(TraceWriter.Fields))
            {
                var fields = FieldsOf(record);
                var outcome = fields.GetValueOrDefault("outcome");
                if (outcome is "failed" or "refused" && ReasonOf(fields) is { } reason)
                {
                    if (outcome == "failed")
                        index.Add(target, fields, new(null, reason));
                    else
                        index._refusals.TryAdd($"{target} ", reason);
                }
                else if (outcome is "answer" or "redirect" && open is { Place: var place })
                {
                    index.Add(target, fields, new(place, null));
                    open = null;
                }
            }
        }
        index.Take(open);
        return index;
    }

    /// <summary>Bytes of a trace up to the end of its last whole exchange.</summary>
    public static async Task<long> WholeLengthAsync(string path, CancellationToken stop)
    {
        var end = 0L;
        var ends = false;
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        await using var archive = new ArchiveStream(file, 0, path);
        await using var reader = new WarcReader(archive, path);
        try
        {
            while (await reader.ReadAsync(stop).ConfigureAwait(false) is { } record)
            {
                if (ends)
                    end = record.Place.Entry;
                ends = record.Type is "warcinfo" or "metadata";
            }
            return ends ? file.Length : end;
        }
        catch (InvalidDataException)
        {
            return end;
        }
    }

    private static async IAsyncEnumerable<WarcRecord> RecordsAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await using var reader = await WarcReader.OpenAsync(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1), path, null, stop).ConfigureAwait(false);
        while (true)
        {
            WarcRecord? record;
            try
            {
                record = await reader.ReadAsync(stop).ConfigureAwait(false);
            }
            catch (InvalidDataException)
            {
                yield break;
            }
            if (record is null)
                yield break;
            yield return record;
        }
    }

    // A word of a later version is a trace of another program to us: what it stands for is not known.
    private static Drop? ReasonOf(Dictionary<string, string> fields)
    {
        try
        {
            return new(DropReasons.Parse(fields.GetValueOrDefault("reason") ?? ""), fields.GetValueOrDefault("detail"));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private void Add(string target, Dictionary<string, string> fields, Exchange exchange) =>
        Add($"{target} {fields.GetValueOrDefault("range")}", exchange);

    private void Take((string Key, WarcPlace Place)? open)
    {
        if (open is var (key, place))
            Add(key, new(place, null));
    }

    private void Add(string key, Exchange exchange)
    {
        if (!_exchanges.TryGetValue(key, out var exchanges))
            _exchanges.Add(key, exchanges = []);
        exchanges.Add(exchange);
    }

    private static Dictionary<string, string> FieldsOf(WarcRecord record)
    {
        Dictionary<string, string> fields = [];
        foreach (var line in Encoding.UTF8.GetString(record.Block.Span).Split('\n'))
        {
            if (line.IndexOf(':') is > 0 and var colon)
                fields[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }
        return fields;
    }
}
