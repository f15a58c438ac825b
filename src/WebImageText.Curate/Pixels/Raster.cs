using System.Buffers;

namespace WebImageText.Curate.Pixels;

/// <summary>Decoded pixels: 8-bit sRGB, red green blue, rows from the top without gaps. Give it back with Dispose.</summary>
internal sealed class Raster : IDisposable
{
    // Vector code may read and write one vector past the last pixel.
    private const int Slack = 64;

    private byte[]? _bytes;

    /// <summary>A raster whose pixels are not set.</summary>
    public Raster(int width, int height)
    {
        (Width, Height) = (width, height);
        _bytes = ArrayPool<byte>.Shared.Rent(checked(3 * width * height + Slack));
    }

    public int Width { get; }

    public int Height { get; }

    public int ShorterSide => Math.Min(Width, Height);

    public int RowLength => 3 * Width;

    public Span<byte> Pixels => Whole.AsSpan(0, RowLength * Height);

    /// <summary>The pixels and the room after them.</summary>
    public byte[] Whole => _bytes ?? throw new ObjectDisposedException(nameof(Raster));

    public Span<byte> Row(int y) => Whole.AsSpan(y * RowLength, RowLength);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
