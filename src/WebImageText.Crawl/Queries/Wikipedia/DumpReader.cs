using System.Text;

namespace WebImageText.Crawl.Queries.Wikipedia;

/// <summary>Whole pages of a dump, still as XML.</summary>
/// <param name="Bytes">The pages, one after the other.</param>
/// <param name="Pages">Where each begins, and its length.</param>
/// <param name="Offset">Byte of the decompressed dump at which the first begins.</param>
/// <param name="End">Byte of the decompressed dump after the last.</param>
internal sealed record PageBatch(byte[] Bytes, IReadOnlyList<(int From, int Length)> Pages, long Offset, long End);

/// <summary>Cuts a decompressed dump into pages by their tags, without reading what is between them.</summary>
/// <remarks>Text in a dump has <c>&lt;</c> as an entity, so the tags stand nowhere else.</remarks>
internal sealed class DumpReader(Stream dump, string name)
{
    /// <summary>Bytes of a page, at most: MediaWiki itself takes 2 MiB of text, entities make it up to six times as long.</summary>
    public const int MaxPage = 32 << 20;

    private const int MaxHead = 1 << 20;
    private const int BatchBytes = 4 << 20;

    private byte[] _buffer = new byte[2 * BatchBytes];
    private int _from;
    private int _to;
    private long _offset; // of _buffer[0]
    private bool _ended;

    /// <summary>What the dump says of its wiki; there after the first batch.</summary>
    public DumpSite Site { get; private set; } = new();

    /// <summary>The next pages, or null after the last.</summary>
    /// <exception cref="InvalidDataException">This is no dump, or it is cut.</exception>
    public async Task<PageBatch?> NextAsync(CancellationToken stop)
    {
        if (_offset == 0 && _to == 0)
            await ReadHeadAsync(stop).ConfigureAwait(false);
        while (true)
        {
            var pages = WholePages(out var end, out var isLast);
            if (pages.Count > 0 && (isLast || end - _from >= BatchBytes || _ended))
                return Take(pages, end);
            if (isLast)
                return null;
            if (_ended)
                throw new InvalidDataException($"Dump '{name}', byte {_offset + _to}: it ends before '</mediawiki>': it is cut. Download it again.");
            if (_to - end > MaxPage)
                throw new InvalidDataException($"Dump '{name}', byte {_offset + end}: no page is as long as what begins here ({MaxPage >> 20} MiB).");
            await FillAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>Passes over pages until a byte that was the <see cref="PageBatch.End"/> of an earlier run.</summary>
    public async Task SkipToAsync(long end, CancellationToken stop)
    {
        if (end == 0)
            return;
        await ReadHeadAsync(stop).ConfigureAwait(false);
        while (_offset + _to < end)
        {
            _offset += _to;
            (_from, _to) = (0, 0);
            await FillAsync(stop).ConfigureAwait(false);
            if (_ended)
                throw new InvalidDataException($"Dump '{name}' is shorter than when it was counted before. Delete the folder of counts.");
        }
        _from = (int)(end - _offset);
    }

    private async Task ReadHeadAsync(CancellationToken stop)
    {
        var end = -1;
        while (end < 0 && !_ended && _to < MaxHead)
        {
            await FillAsync(stop).ConfigureAwait(false);
            end = _buffer.AsSpan(0, _to).IndexOf("<page>"u8);
        }
        if (end < 0)
            end = _buffer.AsSpan(0, _to).IndexOf("</mediawiki>"u8);
        Site = DumpSite.Read(_buffer.AsSpan(0, end < 0 ? Math.Min(_to, 200) : end), name);
        _from = Math.Max(end, 0);
    }

    private List<(int From, int Length)> WholePages(out int end, out bool isLast)
    {
        List<(int, int)> pages = [];
        end = _from;
        isLast = false;
        while (true)
        {
            var rest = _buffer.AsSpan(end, _to - end);
            var start = rest.IndexOf((byte)'<');
            if (start < 0)
                return pages;
            rest = rest[start..];
            if (rest.StartsWith("</mediawiki>"u8))
            {
                isLast = true;
                return pages;
            }
            if (!rest.StartsWith("<page>"u8))
            {
                if (rest.Length < 12)
                    return pages;
                throw new InvalidDataException($"Dump '{name}', byte {_offset + end + start}: a page is expected here, and this is "
                    + $"'{Encoding.UTF8.GetString(rest[..12])}...'. Download the file again.");
            }
            var close = rest.IndexOf("</page>"u8);
            if (close < 0)
                return pages;
            pages.Add((end + start, close + 7));
            end += start + close + 7;
            if (end - _from >= BatchBytes)
                return pages;
        }
    }

    private PageBatch Take(List<(int From, int Length)> pages, int end)
    {
        var first = _from;
        var batch = new PageBatch(_buffer.AsSpan(first, end - first).ToArray(), [.. pages.Select(page => (page.From - first, page.Length))],
            _offset + first, _offset + end);
        _from = end;
        return batch;
    }

    private async Task FillAsync(CancellationToken stop)
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            _offset += _from;
            (_from, _to) = (0, _to - _from);
        }
        if (_to == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        while (_to < _buffer.Length && !_ended)
        {
            var read = await dump.ReadAsync(_buffer.AsMemory(_to), stop).ConfigureAwait(false);
            _ended = read == 0;
            _to += read;
        }
    }
}
