using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace WebImageText.Curate.Dedup.Index;

/// <summary>
/// A descriptor in a cell of a data set: the first 8 bytes of the model's hash, so that it can never be taken for another
/// model's, then little-endian 16-bit floats.
/// </summary>
public static class StoredDescriptor
{
    /// <summary>Bytes before the numbers.</summary>
    public const int MarkLength = 8;

    /// <summary>The cell of a descriptor.</summary>
    public static byte[] Write(ReadOnlySpan<float> row, string model)
    {
        var cell = new byte[MarkLength + 2 * row.Length];
        MarkOf(model).CopyTo(cell, 0);
        TensorPrimitives.ConvertToHalf(row, MemoryMarshal.Cast<byte, Half>(cell.AsSpan(MarkLength)));
        return cell;
    }

    /// <summary>With what the cells of a model begin.</summary>
    public static byte[] MarkOf(string model) => Convert.FromHexString(model.AsSpan(0, 2 * MarkLength));

    /// <summary>Is the cell a descriptor of the model with this mark?</summary>
    public static bool IsOf(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> mark, int dimension) => cell.Length == MarkLength + 2 * dimension && cell.StartsWith(mark);

    /// <summary>The numbers of a cell.</summary>
    public static ReadOnlySpan<Half> Numbers(ReadOnlySpan<byte> cell) => MemoryMarshal.Cast<byte, Half>(cell[MarkLength..]);

    /// <summary>The descriptor in a cell; null when it is of another model, and why.</summary>
    public static float[]? TryRead(ReadOnlySpan<byte> cell, string model, int dimension, out string? wrong)
    {
        wrong = !cell.StartsWith(MarkOf(model))
            ? $"a stored descriptor is of model {Convert.ToHexStringLower(cell[..Math.Min(6, cell.Length)])}, not of {model[..12]}."
            : cell.Length != MarkLength + 2 * dimension
                ? $"a stored descriptor has {cell.Length - MarkLength} bytes, not {2 * dimension}."
                : null;
        if (wrong is not null)
            return null;
        var row = new float[dimension];
        TensorPrimitives.ConvertToSingle(Numbers(cell), row);
        return row;
    }
}
