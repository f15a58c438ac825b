using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Data;

/// <summary>Pictures and texts for one step. Give it back with Dispose once the device has its copy.</summary>
public sealed class Batch : IDisposable
{
    private readonly Action<Batch> _giveBack;

    internal Batch(int samples, int side, int context, bool pinned, Action<Batch> giveBack)
    {
        (_giveBack, Side, Context) = (giveBack, side, context);
        Pixels = Kept(empty([samples, side, side, 3], ScalarType.Byte), pinned);
        Tokens = Kept(zeros([samples, context], ScalarType.Int64), pinned);
        Captions = new string[samples];
        Lengths = new int[samples];
    }

    /// <summary>uint8 [batch, side, side, 3], sRGB, on the CPU.</summary>
    public Tensor Pixels { get; }

    /// <summary>int64 [batch, context], on the CPU; after the end of a text zeros.</summary>
    public Tensor Tokens { get; }

    /// <summary>The texts.</summary>
    public string[] Captions { get; }

    /// <summary>Tokens of each text, its start and end counted: what lies behind is padding.</summary>
    public int[] Lengths { get; }

    /// <summary>Where the reader is after this batch.</summary>
    public SampleCursor After { get; internal set; }

    internal int Side { get; }

    internal int Context { get; }

    /// <summary>The bytes of one picture.</summary>
    internal Span<byte> PixelsOf(int row) => Pixels.bytes.Slice(row * Side * Side * 3, Side * Side * 3);

    /// <inheritdoc/>
    public void Dispose() => _giveBack(this);

    internal void Free()
    {
        Pixels.Dispose();
        Tokens.Dispose();
    }

    private static Tensor Kept(Tensor made, bool pinned)
    {
        if (!pinned)
            return made.DetachFromDisposeScope();
        using (made)
            return made.pin_memory().DetachFromDisposeScope();
    }
}
