using System.Buffers;

namespace WebImageText.Crawl.Fetch;

/// <summary>
/// Bytes whose number is not known before they have come, in rented pieces of 64 KiB: a body that is refused half-way leaves no
/// large array behind, and one that is whole is copied once. Give the pieces back with Dispose.
/// </summary>
internal sealed class ByteSegments : IDisposable
{
    /// <summary>Bytes of a piece.</summary>
    public const int Piece = 64 * 1024;

    private readonly List<byte[]> _pieces = [];
    private int _inLast = Piece;

    /// <summary>Bytes so far.</summary>
    public int Length => _pieces.Count == 0 ? 0 : (_pieces.Count - 1) * Piece + _inLast;

    /// <summary>Room for more, at least one byte.</summary>
    public Memory<byte> Room()
    {
        if (_inLast == Piece)
        {
            _pieces.Add(ArrayPool<byte>.Shared.Rent(Piece));
            _inLast = 0;
        }
        return _pieces[^1].AsMemory(_inLast, Piece - _inLast);
    }

    /// <summary>So many bytes of the room were written.</summary>
    public void Advance(int count) => _inLast += count;

    /// <summary>The first bytes as one array.</summary>
    public byte[] ToArray(int length)
    {
        var whole = GC.AllocateUninitializedArray<byte>(length);
        for (var at = 0; at < length; at += Piece)
            _pieces[at / Piece].AsSpan(0, Math.Min(Piece, length - at)).CopyTo(whole.AsSpan(at));
        return whole;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pieces.ForEach(piece => ArrayPool<byte>.Shared.Return(piece));
        _pieces.Clear();
        _inLast = Piece;
    }
}
