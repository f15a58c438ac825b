using TorchSharp;
using WebImageText.Curate.Dedup.Descriptors;
using static TorchSharp.torch;

namespace WebImageText.Learn.Detector;

/// <summary>Photographs as small squares, all on one device.</summary>
public sealed class PhotoSet : IDisposable
{
    private const int AtOnce = 512;

    private PhotoSet(Tensor pixels) => Pixels = pixels;

    /// <summary>uint8 [count, 3, side, side].</summary>
    internal Tensor Pixels { get; }

    /// <summary>How many.</summary>
    public int Count => (int)Pixels.shape[0];

    /// <summary>Decodes photographs on all cores and squeezes them.</summary>
    /// <param name="encoded">Bytes of any origin, in order; what cannot be decoded is left out.</param>
    /// <param name="side">Of the squares, pixels; a multiple of 4.</param>
    /// <param name="device"><c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="report">Told how many there are so far.</param>
    /// <param name="stop">Stops between two photographs.</param>
    /// <exception cref="InvalidDataException">Fewer than 8 could be decoded.</exception>
    public static PhotoSet Load(IEnumerable<byte[]> encoded, int side, string device, Action<int> report, CancellationToken stop)
    {
        var target = new Device(device);
        List<Tensor> parts = [];
        var count = 0;
        foreach (var chunk in encoded.Chunk(AtOnce))
        {
            var decoded = chunk.AsParallel().AsOrdered().WithCancellation(stop).Select(image =>
            {
                var square = new byte[3 * side * side];
                return SquarePicture.TryRead(image, side, square) is null ? square : null;
            }).Where(square => square is not null).ToArray();
            using var scope = NewDisposeScope();
            if (decoded.Length > 0)
                parts.Add(tensor(decoded.SelectMany(square => square!).ToArray(), [decoded.Length, side, side, 3])
                    .permute(0, 3, 1, 2).contiguous().to(target).MoveToOuterDisposeScope());
            report(count += decoded.Length);
        }
        if (count < 8)
            throw new InvalidDataException($"Only {count} photographs could be decoded: a detector is trained on thousands.");
        var all = cat(parts, 0);
        parts.ForEach(part => part.Dispose());
        return new(all);
    }

    /// <inheritdoc/>
    public void Dispose() => Pixels.Dispose();
}
