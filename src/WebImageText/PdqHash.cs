using System.Buffers.Binary;
using System.Numerics;

namespace WebImageText;

/// <summary>A perceptual hash of a picture: 256 bits, of which two pictures that look alike share most.</summary>
/// <remarks>
/// PDQ (Facebook 2019, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm"). Two hashes at a distance
/// of 31 bits or less show the same picture, provided that both have a quality of 50 or more.
/// </remarks>
public readonly record struct PdqHash(ulong W3, ulong W2, ulong W1, ulong W0)
{
    /// <summary>Greatest distance of two hashes of one picture.</summary>
    public const int MatchDistance = 31;

    /// <summary>Least quality at which a hash says anything; below it the picture has too few features.</summary>
    public const int LeastQuality = 50;

    /// <summary>How many of the 256 bits differ.</summary>
    public int Distance(PdqHash other) =>
        BitOperations.PopCount(W3 ^ other.W3) + BitOperations.PopCount(W2 ^ other.W2) +
        BitOperations.PopCount(W1 ^ other.W1) + BitOperations.PopCount(W0 ^ other.W0);

    /// <summary>Reads 64 hexadecimal digits, the highest word first, as the reference implementation prints them.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static PdqHash Parse(string hex)
    {
        if (hex.Length != 64)
            throw new FormatException($"'{hex}' is no PDQ hash: 64 hexadecimal digits are needed.");
        var bytes = Convert.FromHexString(hex);
        return new(Word(0), Word(1), Word(2), Word(3));

        ulong Word(int at) => BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(at * 8));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{W3:x16}{W2:x16}{W1:x16}{W0:x16}";
}
