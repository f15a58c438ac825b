namespace WebImageText.Crawl.Queries.Counting;

/// <summary>Writes a run: terms in the order of their hashes, each as hash step, count and bytes.</summary>
internal sealed class TermRunWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly byte[] _buffer = new byte[1 << 18];
    private int _used;
    private ulong _last;

    public TermRunWriter(string path) => _file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);

    public void Add(ulong hash, ulong count, ReadOnlySpan<byte> term)
    {
        if (_buffer.Length - _used < 21 + term.Length)
            Flush();
        Number(hash - _last);
        Number(count);
        _buffer[_used++] = (byte)term.Length;
        term.CopyTo(_buffer.AsSpan(_used));
        _used += term.Length;
        _last = hash;
    }

    public void Dispose()
    {
        Flush();
        _file.Flush(flushToDisk: true);
        _file.Dispose();
    }

    private void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _buffer[_used++] = (byte)(value | 0x80);
        _buffer[_used++] = (byte)value;
    }

    private void Flush()
    {
        _file.Write(_buffer, 0, _used);
        _used = 0;
    }
}

/// <summary>Reads a run, term by term.</summary>
internal sealed class TermRunReader : IDisposable
{
    private readonly FileStream _file;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _from;
    private int _to;
    private int _term;

    public TermRunReader(string path) => _file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    public ulong Hash { get; private set; }

    public ulong Count { get; private set; }

    /// <summary>Valid until the next term.</summary>
    public ReadOnlySpan<byte> Term => _buffer.AsSpan(_term, _from - _term);

    /// <summary>Goes to the next term; false at the end.</summary>
    public bool Next()
    {
        if (_to - _from < 300)
            Fill();
        if (_from == _to)
            return false;
        Hash += Number();
        Count = Number();
        var length = _from < _to ? _buffer[_from] : throw Cut();
        _term = _from + 1;
        _from = _term + length <= _to ? _term + length : throw Cut();
        return true;
    }

    public void Dispose() => _file.Dispose();

    private ulong Number()
    {
        var value = 0ul;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = _from < _to ? _buffer[_from++] : throw Cut();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
        throw Cut();
    }

    private void Fill()
    {
        _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
        (_from, _to) = (0, _to - _from);
        for (int read; _to < _buffer.Length && (read = _file.Read(_buffer, _to, _buffer.Length - _to)) > 0;)
            _to += read;
    }

    private InvalidDataException Cut() => new($"The run '{_file.Name}' is damaged. Delete its folder and count again.");
}
