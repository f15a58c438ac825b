namespace WebImageText.Crawl.Queries;

/// <summary>Reads lines as bytes. A line of any length takes bounded memory: what goes beyond the limit is dropped.</summary>
internal sealed class LineReader
{
    private readonly Stream _stream;
    private readonly byte[] _buffer;
    private readonly int _limit;
    private int _from;
    private int _to;
    private bool _ended;
    private bool _started;

    /// <param name="stream">UTF-8 with LF or CR LF; a byte order mark is dropped.</param>
    /// <param name="limit">Bytes of a line, at most.</param>
    public LineReader(Stream stream, int limit)
    {
        _stream = stream;
        _limit = limit;
        _buffer = new byte[Math.Max(1 << 16, limit * 2)];
    }

    /// <summary>Bytes of the stream up to the end of the last line.</summary>
    public long Position { get; private set; }

    /// <param name="line">The line without its end; valid until the next call.</param>
    /// <param name="whole">False when the line was longer than the limit and only its first bytes are here.</param>
    /// <returns>False at the end of the stream.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line, out bool whole)
    {
        whole = true;
        while (!_started)
            Start();
        var scanned = 0;
        while (true)
        {
            var rest = _buffer.AsSpan(_from + scanned, _to - _from - scanned);
            var end = rest.IndexOf((byte)'\n');
            if (end >= 0 || (_ended && _to > _from))
            {
                var length = end >= 0 ? scanned + end : _to - _from;
                line = Trim(_buffer.AsSpan(_from, length));
                Take(length + (end >= 0 ? 1 : 0));
                return true;
            }
            if (_ended)
            {
                line = default;
                return false;
            }
            scanned = _to - _from;
            if (scanned > _limit)
                return ReadLong(out line, out whole);
            Fill();
        }
    }

    private bool ReadLong(out ReadOnlySpan<byte> line, out bool whole)
    {
        whole = false;
        var head = _buffer.AsSpan(_from, _limit).ToArray();
        int end;
        do
        {
            Take(_to - _from);
            Fill();
            end = _buffer.AsSpan(_from, _to - _from).IndexOf((byte)'\n');
        }
        while (end < 0 && !_ended);
        Take(end < 0 ? _to - _from : end + 1);
        line = head;
        return true;
    }

    private void Take(int count)
    {
        _from += count;
        Position += count;
    }

    private void Fill()
    {
        _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
        (_from, _to) = (0, _to - _from);
        var read = _stream.Read(_buffer, _to, _buffer.Length - _to);
        _to += read;
        _ended = read == 0;
    }

    private void Start()
    {
        Fill();
        _started = _to >= 3 || _ended;
        if (_started && _buffer.AsSpan(0, _to).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            Take(3);
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line) => line.EndsWith((byte)'\r') ? line[..^1] : line;
}
