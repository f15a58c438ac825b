using System.Collections.Concurrent;
using System.Numerics;

namespace WebImageText.Crawl.Queries.Bzip2;

/// <summary>Reads a bzip2 file, decoding several blocks at once.</summary>
internal sealed class Bzip2Stream : Stream
{
    private readonly Bzip2Splitter _splitter;
    private readonly Stream _file;
    private readonly int _ahead;
    private readonly Queue<(CompressedBlock Block, Task<Decoded> Work)> _queue = new();
    private readonly ConcurrentBag<Bzip2Block> _decoders = [];
    private Decoded? _current;
    private int _position;
    private uint _streamChecksum;
    private bool _ended;

    /// <param name="file">The compressed file; it is disposed with this.</param>
    /// <param name="threads">Blocks that are decoded at once, at most; each takes 6 MB.</param>
    public Bzip2Stream(Stream file, int threads)
    {
        _file = file;
        _splitter = new(file);
        _ahead = threads + 1;
    }

    private sealed record Decoded(Bzip2Block Decoder, uint Checksum, InvalidDataException? Error);

    /// <exception cref="InvalidDataException">The file is cut or damaged, with its byte.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_current is null || _position == _current.Decoder.Length)
        {
            if (_current is not null)
                _decoders.Add(_current.Decoder);
            _current = null;
            if (!await NextAsync(cancellationToken).ConfigureAwait(false))
                return 0;
        }
        var count = Math.Min(buffer.Length, _current.Decoder.Length - _position);
        _current.Decoder.Output.Slice(_position, count).CopyTo(buffer.Span);
        _position += count;
        return count;
    }

    private async Task<bool> NextAsync(CancellationToken stop)
    {
        Refill();
        if (!_queue.TryDequeue(out var next))
            return false;
        var decoded = await next.Work.WaitAsync(stop).ConfigureAwait(false);
        if (decoded.Error is not null && next.Block.StreamChecksum is null && _queue.TryDequeue(out var after))
        {
            await after.Work.WaitAsync(stop).ConfigureAwait(false);
            next.Block = Bzip2Splitter.Join(next.Block, after.Block);
            var joined = Decode(next.Block);
            decoded = joined.Error is null ? joined : decoded;
        }
        if (decoded.Error is { } error)
            throw new InvalidDataException($"byte {next.Block.Offset}: {error.Message}.");
        _streamChecksum = BitOperations.RotateLeft(_streamChecksum, 1) ^ decoded.Checksum;
        if (next.Block.StreamChecksum is { } expected)
        {
            if (_streamChecksum != expected)
                throw new InvalidDataException($"byte {next.Block.Offset}: the checksum of the stream that ends here does not fit.");
            _streamChecksum = 0;
        }
        _current = decoded;
        _position = 0;
        return true;
    }

    private void Refill()
    {
        while (!_ended && _queue.Count < _ahead)
        {
            if (_splitter.Next() is { } block)
                _queue.Enqueue((block, Task.Run(() => Decode(block))));
            else
                _ended = true;
        }
    }

    private Decoded Decode(CompressedBlock block)
    {
        if (!_decoders.TryTake(out var decoder))
            decoder = new();
        try
        {
            return new(decoder, decoder.Decode(block.Bytes, block.FirstBit, block.EndBit, block.Level), null);
        }
        catch (InvalidDataException broken)
        {
            return new(decoder, 0, broken);
        }
    }

    /// <summary>Waits for the block: the decoders do not need the thread that waits.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
