using System.Globalization;
using System.Text;

namespace WebImageText.Crawl.Archives;

/// <summary>Reads the records of a WARC file, gzip or not, within bounds; it can begin at any record that it has named before.</summary>
internal sealed class WarcReader(ArchiveStream archive, string name, int largestBlock = WarcReader.LargestBlock) : IAsyncDisposable
{
    /// <summary>Bytes of a block that are kept. Longer ones are read past.</summary>
    public const int LargestBlock = 16 << 20;

    private const int LongestLine = 16 * 1024;
    private const int MostFields = 200;

    private readonly byte[] _line = new byte[LongestLine];
    private WarcPlace _next = new(-1, 0);

    /// <summary>Opens an archive that can be sought in.</summary>
    /// <param name="source">Is disposed with the reader.</param>
    /// <param name="name">For messages.</param>
    /// <param name="after">The last record that was read before; null for the start.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="largestBlock">See <see cref="LargestBlock"/>.</param>
    public static async Task<WarcReader> OpenAsync(
        Stream source, string name, WarcPlace? after, CancellationToken stop, int largestBlock = LargestBlock)
    {
        if (after is { Entry: var entry })
            source.Position = entry;
        var reader = new WarcReader(new ArchiveStream(source, after?.Entry ?? 0, name), name, largestBlock);
        for (var skip = after?.Index + 1 ?? 0; skip > 0; skip--)
            await reader.ReadAsync(stop).ConfigureAwait(false);
        return reader;
    }

    /// <summary>The next record; null at the end.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged here.</exception>
    public async ValueTask<WarcRecord?> ReadAsync(CancellationToken stop)
    {
        if (!await ToRecordAsync(stop).ConfigureAwait(false))
            return null;
        _next = archive.Entry == _next.Entry ? _next with { Index = _next.Index + 1 } : new(archive.Entry, 0);
        if (await LineAsync(stop).ConfigureAwait(false) is not { } version || !version.StartsWith("WARC/", StringComparison.Ordinal))
            throw Damaged("no WARC record begins here");
        var fields = await FieldsAsync(stop).ConfigureAwait(false);
        var said = fields.Find(field => field.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).Value;
        if (!long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            throw Damaged($"a record's Content-Length is '{said}'");
        return new() { Place = _next, Fields = fields, Block = await BlockAsync(length, stop).ConfigureAwait(false), Length = length };
    }

    // Two line ends follow every record.
    private async ValueTask<bool> ToRecordAsync(CancellationToken stop)
    {
        while (true)
        {
            var bytes = await archive.PeekAsync(stop).ConfigureAwait(false);
            if (bytes.IsEmpty)
                return false;
            var blank = bytes.Span.IndexOfAnyExcept((byte)'\r', (byte)'\n');
            archive.Take(blank < 0 ? bytes.Length : blank);
            if (blank >= 0)
                return true;
        }
    }

    private async ValueTask<List<KeyValuePair<string, string>>> FieldsAsync(CancellationToken stop)
    {
        List<KeyValuePair<string, string>> fields = [];
        while (await LineAsync(stop).ConfigureAwait(false) is { Length: > 0 } line)
        {
            if (line[0] is ' ' or '\t' && fields.Count > 0)
                fields[^1] = new(fields[^1].Key, $"{fields[^1].Value} {line.Trim()}");
            else if (line.IndexOf(':') is > 0 and var colon)
                fields.Add(new(line[..colon].Trim(), line[(colon + 1)..].Trim()));
            if (fields.Count > MostFields || (fields.Count > 0 && fields[^1].Value.Length > LongestLine))
                throw Damaged($"a record has more than {MostFields} fields or too long ones");
        }
        return fields;
    }

    private async ValueTask<string> LineAsync(CancellationToken stop)
    {
        var length = 0;
        while (true)
        {
            var bytes = await archive.PeekAsync(stop).ConfigureAwait(false);
            if (bytes.IsEmpty)
                throw Damaged("the archive ends in a record's fields");
            var end = bytes.Span.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            if (length + part.Length > LongestLine)
                throw Damaged($"a line is longer than {LongestLine} bytes");
            part.Span.CopyTo(_line.AsSpan(length));
            length += part.Length;
            archive.Take(end < 0 ? part.Length : end + 1);
            if (end >= 0)
                return Encoding.UTF8.GetString(_line.AsSpan(0, length)).TrimEnd('\r');
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> BlockAsync(long length, CancellationToken stop)
    {
        // What a record claims is not made room for before it is there.
        var block = new byte[Math.Min(length, 64 * 1024)];
        var kept = 0;
        for (var left = length; left > 0;)
        {
            var bytes = await archive.PeekAsync(stop).ConfigureAwait(false);
            if (bytes.IsEmpty)
                throw Damaged($"the archive ends in a record: {left} of {length} bytes are missing");
            var part = (int)Math.Min(bytes.Length, left);
            var room = Math.Min(part, (int)Math.Min(length, largestBlock) - kept);
            if (room > 0)
            {
                if (kept + room > block.Length)
                    Array.Resize(ref block, (int)Math.Min(Math.Min(length, largestBlock), Math.Max(kept + room, block.Length * 2L)));
                bytes.Span[..room].CopyTo(block.AsSpan(kept));
                kept += room;
            }
            archive.Take(part);
            left -= part;
        }
        return block.AsMemory(0, kept);
    }

    private InvalidDataException Damaged(string what) =>
        new($"'{name}', record {Math.Max(0, _next.Index)} at byte {Math.Max(0, _next.Entry)}: {what}.");

    public ValueTask DisposeAsync() => archive.DisposeAsync();
}
