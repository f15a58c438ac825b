using System.Numerics.Tensors;

namespace WebImageText.Curate.Dedup.Search;

/// <summary>Descriptors, one a row, each of length 1: their dot product is the likeness of two pictures.</summary>
public abstract class DescriptorRows
{
    // float16 rows have a length of 1 within 2^-11; anything far off was never a descriptor of this program.
    private const float LengthSlack = 0.01f;

    /// <summary>What an error calls them: a file's name.</summary>
    public abstract string Name { get; }

    /// <summary>The model that made them, see <see cref="Descriptors.DetectorModel.Hash"/>; empty where the file does not say.</summary>
    public abstract string Model { get; }

    /// <summary>Numbers in a row.</summary>
    public abstract int Dimension { get; }

    /// <summary>Rows.</summary>
    public abstract long Count { get; }

    /// <summary>Reads rows from <paramref name="first"/> on, as many as fit, and checks them.</summary>
    /// <param name="first">From 0.</param>
    /// <param name="rows">A multiple of <see cref="Dimension"/> numbers.</param>
    /// <exception cref="InvalidDataException">A row is not finite, or not of length 1.</exception>
    public void Read(long first, Span<float> rows)
    {
        Copy(first, rows);
        Check(rows, Dimension, first, Name);
    }

    /// <summary>Refuses rows that are no descriptors.</summary>
    public static void Check(ReadOnlySpan<float> rows, int dimension, long first, string name)
    {
        for (var at = 0; at < rows.Length; at += dimension)
        {
            var length = TensorPrimitives.Norm(rows.Slice(at, dimension));
            if (!(MathF.Abs(length - 1) <= LengthSlack))
                throw new InvalidDataException($"'{name}', row {first + at / dimension}: a descriptor must have length 1, this one has "
                    + (float.IsFinite(length) ? $"{length:G4}" : "a number that is not finite") + ". Make the descriptors again.");
        }
    }

    /// <summary>Refuses descriptors that cannot be compared with these.</summary>
    /// <exception cref="InvalidDataException">The dimensions differ, or both name their model and the models differ.</exception>
    public void RequireComparable(DescriptorRows other)
    {
        if (other.Dimension != Dimension)
            throw new InvalidDataException($"'{Name}' has {Dimension} numbers a descriptor and '{other.Name}' {other.Dimension}: they come of different models.");
        if (Model.Length > 0 && other.Model.Length > 0 && Model != other.Model)
            throw new InvalidDataException($"'{Name}' was made by model {Model[..12]} and '{other.Name}' by {other.Model[..12]}: "
                + "descriptors of two models cannot be compared. Make one of them again.");
    }

    /// <summary>Copies rows as they are stored.</summary>
    private protected abstract void Copy(long first, Span<float> rows);
}

/// <summary>Descriptors in memory.</summary>
/// <param name="name">What an error calls them.</param>
/// <param name="model">The model that made them, or empty.</param>
/// <param name="dimension">Numbers in a row.</param>
/// <param name="rows">Row after row.</param>
public sealed class DescriptorMatrix(string name, string model, int dimension, float[] rows) : DescriptorRows
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Model => model;

    /// <inheritdoc/>
    public override int Dimension => dimension;

    /// <inheritdoc/>
    public override long Count => rows.Length / dimension;

    /// <summary>A row.</summary>
    public ReadOnlySpan<float> this[int row] => rows.AsSpan(row * dimension, dimension);

    private protected override void Copy(long first, Span<float> to) => rows.AsSpan(checked((int)(first * dimension)), to.Length).CopyTo(to);
}
