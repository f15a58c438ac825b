using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WebImageText;

/// <summary>
/// The stable 128-bit name of an image-text pair: the same address and text have the same uid in every run, whatever the
/// order, the shard size or the query list. Shown as 32 hexadecimal digits.
/// </summary>
/// <remarks>The first 16 bytes of SHA-256 over <see cref="WebAddress.Key"/> of the image, a line feed and the text in UTF-8.</remarks>
public readonly record struct PairUid(UInt128 Value) : IComparable<PairUid>
{
    /// <summary>The uid of an image address and the text found for it.</summary>
    public static PairUid Of(WebAddress image, string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{image.Key}\n{text}"), digest);
        return new(BinaryPrimitives.ReadUInt128BigEndian(digest));
    }

    /// <summary>Reads 32 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static PairUid Parse(string hex) =>
        hex.Length == 32 && UInt128.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new(value)
            : throw new FormatException($"'{hex}' is no uid: 32 hexadecimal digits are needed.");

    /// <inheritdoc/>
    public int CompareTo(PairUid other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
