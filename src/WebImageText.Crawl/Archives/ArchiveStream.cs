using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.Checksum;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace WebImageText.Crawl.Archives;

/// <summary>
/// The bytes of an archive, gzip members undone one after the other, with the place where each can be entered again.
/// Bounded in memory and in what a member may expand to; checksums are checked.
/// </summary>
internal sealed class ArchiveStream : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;
    private const long FreeBytes = 32 << 20;
    private const int GreatestRatio = 250;

    private readonly Stream _source;
    private readonly string _name;
    private readonly byte[] _raw = new byte[BufferSize];
    private readonly byte[] _plain = new byte[BufferSize];
    private readonly Inflater _inflater = new(noHeader: true);
    private readonly Crc32 _sum = new();
    private int _rawFrom;
    private int _rawTo;
    private long _rawAt;
    private int _from;
    private int _to;
    private long _member;
    private bool? _isGzip;
    private bool _inMember;

    /// <param name="source">Stands where a member, or a record of a plain archive, begins.</param>
    /// <param name="offset">Of that place in the archive.</param>
    /// <param name="name">Of the archive, for messages.</param>
    public ArchiveStream(Stream source, long offset, string name) => (_source, _rawAt, _name) = (source, offset, name);

    /// <summary>Offset in the archive from which the next byte can be reached again: of its gzip member, or its own.</summary>
    public long Entry => _isGzip == true ? _member : _rawAt - (_to - _from);

    /// <summary>Bytes that come next, all from one member; empty at the end of the archive.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged, or expands beyond measure.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(CancellationToken stop)
    {
        while (_from == _to)
        {
            (_from, _to) = (0, 0);
            _isGzip ??= await BeginsGzipAsync(stop).ConfigureAwait(false);
            if (_isGzip == false)
            {
                if (!await FillAsync(stop).ConfigureAwait(false))
                    return default;
                _raw.AsSpan(_rawFrom, _rawTo - _rawFrom).CopyTo(_plain);
                _to = _rawTo - _rawFrom;
                SkipRaw(_to);
            }
            else if (!_inMember && !await BeginMemberAsync(stop).ConfigureAwait(false))
            {
                return default;
            }
            else
            {
                await InflateAsync(stop).ConfigureAwait(false);
            }
        }
        return _plain.AsMemory(_from, _to - _from);
    }

    /// <summary>Goes on by so many of the bytes that were given.</summary>
    public void Take(int count) => _from += count;

    private async ValueTask<bool> BeginsGzipAsync(CancellationToken stop) =>
        await FillAsync(stop).ConfigureAwait(false) && _raw[_rawFrom] == 0x1f;

    private async ValueTask InflateAsync(CancellationToken stop)
    {
        try
        {
            if (_inflater.IsNeedingInput)
            {
                if (!await FillAsync(stop).ConfigureAwait(false))
                    throw Damaged("the gzip member is cut");
                _inflater.SetInput(_raw, _rawFrom, _rawTo - _rawFrom);
                SkipRaw(_rawTo - _rawFrom);
            }
            _to = _inflater.Inflate(_plain);
        }
        catch (SharpZipBaseException broken)
        {
            throw Damaged(broken.Message);
        }
        _sum.Update(new ArraySegment<byte>(_plain, 0, _to));
        if (_inflater.TotalOut > FreeBytes && _inflater.TotalOut > GreatestRatio * _inflater.TotalIn)
            throw Damaged($"the gzip member expands to more than {_inflater.TotalOut} bytes");
        if (_inflater.IsNeedingDictionary)
            throw Damaged("the gzip member asks for a dictionary");
        if (_inflater.IsFinished)
            await EndMemberAsync(stop).ConfigureAwait(false);
    }

    private async ValueTask EndMemberAsync(CancellationToken stop)
    {
        SkipRaw(-_inflater.RemainingInput);
        uint sum = 0, length = 0;
        for (var at = 0; at < 32; at += 8)
            sum |= (uint)await NeededAsync(stop).ConfigureAwait(false) << at;
        for (var at = 0; at < 32; at += 8)
            length |= (uint)await NeededAsync(stop).ConfigureAwait(false) << at;
        if (sum != (uint)_sum.Value || length != (uint)_inflater.TotalOut)
            throw Damaged("the gzip member's checksum is wrong");
        _inMember = false;
    }

    // RFC 1952, section 2.3
    private async ValueTask<bool> BeginMemberAsync(CancellationToken stop)
    {
        if (!await FillAsync(stop).ConfigureAwait(false))
            return false;
        _member = _rawAt - (_rawTo - _rawFrom);
        var header = new byte[10];
        for (var at = 0; at < header.Length; at++)
            header[at] = await NeededAsync(stop).ConfigureAwait(false);
        if (header is not [0x1f, 0x8b, 8, ..])
            throw Damaged("no gzip member begins here");
        var flags = header[3];
        if ((flags & 4) != 0)
        {
            var extra = await NeededAsync(stop).ConfigureAwait(false) | (await NeededAsync(stop).ConfigureAwait(false) << 8);
            for (; extra > 0; extra--)
                await NeededAsync(stop).ConfigureAwait(false);
        }
        for (var texts = (flags >> 3 & 1) + (flags >> 4 & 1); texts > 0; texts--)
        {
            while (await NeededAsync(stop).ConfigureAwait(false) != 0)
            {
            }
        }
        for (var sum = flags & 2; sum > 0; sum--)
            await NeededAsync(stop).ConfigureAwait(false);
        _inflater.Reset();
        _sum.Reset();
        _inMember = true;
        return true;
    }

    private async ValueTask<byte> NeededAsync(CancellationToken stop)
    {
        if (!await FillAsync(stop).ConfigureAwait(false))
            throw Damaged("the gzip member is cut");
        var value = _raw[_rawFrom];
        SkipRaw(1);
        return value;
    }

    // _rawAt is the offset of _rawTo: what is in the buffer lies before it.
    private async ValueTask<bool> FillAsync(CancellationToken stop)
    {
        if (_rawFrom < _rawTo)
            return true;
        (_rawFrom, _rawTo) = (0, await _source.ReadAsync(_raw, stop).ConfigureAwait(false));
        _rawAt += _rawTo;
        return _rawTo > 0;
    }

    private void SkipRaw(int count) => _rawFrom += count;

    private InvalidDataException Damaged(string what) => new($"'{_name}' at byte {_member}: {what}.");

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
