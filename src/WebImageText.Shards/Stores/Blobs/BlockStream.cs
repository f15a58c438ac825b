using System.Buffers;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace WebImageText.Shards.Stores.Blobs;

/// <summary>
/// Sends what is written as staged blocks, a few at a time while more is written. The last block is kept back until the hash of
/// the whole is known: its id says that the file is whole.
/// </summary>
internal sealed class BlockStream(BlockBlobClient blob, string token, ushort attempt, AzureBlobOptions options, CancellationToken stop) : Stream
{
    private readonly Queue<Task> _sending = new();
    private readonly byte[] _empty = new byte[1]; // the service takes no block without bytes
    private byte[] _block = ArrayPool<byte>.Shared.Rent(options.BlockBytes);
    private int _filled;
    private int _index;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_filled == options.BlockBytes)
                await SendAsync();
            var part = Math.Min(buffer.Length, options.BlockBytes - _filled);
            buffer[..part].CopyTo(_block.AsMemory(_filled));
            _filled += part;
            buffer = buffer[part..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Blocking on a pool thread: writers here are asynchronous.</summary>
    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Write with WriteAsync: this stream sends over the network.");

    public override void Flush() { }
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Sends the last block, and waits until the service has all of them.</summary>
    public async Task CompleteAsync(string sha256)
    {
        while (_sending.TryDequeue(out var earlier))
            await earlier;
        var kind = _filled == 0 ? BlockKind.Empty : BlockKind.Last;
        var content = _filled == 0 ? _empty.AsMemory() : _block.AsMemory(0, _filled);
        await StageAsync(new(token, attempt, _index, kind, sha256), content);
    }

    /// <summary>Tells that what was sent is not to be published.</summary>
    public async Task DiscardAsync()
    {
        await Settled();
        await StageAsync(new(token, attempt, _index, BlockKind.Discarded), _empty);
    }

    public override async ValueTask DisposeAsync()
    {
        await Settled();
        ArrayPool<byte>.Shared.Return(_block);
        _block = [];
        await base.DisposeAsync();
    }

    private async Task SendAsync()
    {
        var (block, length, id) = (_block, _filled, new BlockId(token, attempt, _index++, BlockKind.Middle));
        (_block, _filled) = (ArrayPool<byte>.Shared.Rent(options.BlockBytes), 0);
        _sending.Enqueue(SendAndReturnAsync());
        if (_sending.Count >= options.ParallelBlocks)
            await _sending.Dequeue();

        async Task SendAndReturnAsync()
        {
            await StageAsync(id, block.AsMemory(0, length));
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private async Task StageAsync(BlockId id, ReadOnlyMemory<byte> content)
    {
        using var stream = new ReadOnlyBlock(content);
        await blob.StageBlockAsync(id.ToString(), stream, new BlockBlobStageBlockOptions { TransferValidation = options.Validation }, stop);
    }

    /// <summary>Blocks on their way still read their buffers.</summary>
    private async Task Settled()
    {
        while (_sending.TryDequeue(out var sending))
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private sealed class ReadOnlyBlock(ReadOnlyMemory<byte> content)
        : MemoryStream(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(content, out var part) ? part.Array! : [], part.Offset, part.Count, writable: false);
}
