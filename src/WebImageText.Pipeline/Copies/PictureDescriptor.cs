using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline.Copies;

/// <summary>A detector's descriptor of a picture, as a data set keeps it; equal where its bytes are.</summary>
/// <param name="cell">Model and numbers, see <see cref="Curate.Dedup.Index.StoredDescriptor"/>. Not changed after.</param>
[JsonConverter(typeof(PictureDescriptorConverter))]
internal sealed class PictureDescriptor(byte[] cell) : IEquatable<PictureDescriptor>
{
    private float[]? _wide;

    public ReadOnlySpan<byte> Cell => cell;

    /// <summary>Its numbers, to be compared with those of many others: kept once they were asked for.</summary>
    public ReadOnlySpan<float> Wide => _wide ??= Widen(cell);

    public bool Equals(PictureDescriptor? other) => other is not null && Cell.SequenceEqual(other.Cell);

    public override bool Equals(object? obj) => Equals(obj as PictureDescriptor);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(cell);
        return hash.ToHashCode();
    }

    private static float[] Widen(byte[] cell)
    {
        var numbers = cell.Length < StoredDescriptor.MarkLength ? [] : StoredDescriptor.Numbers(cell);
        var wide = new float[numbers.Length];
        TensorPrimitives.ConvertToSingle(numbers, wide);
        return wide;
    }
}
