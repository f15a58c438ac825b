using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace WebImageText;

/// <summary>What the bytes of an image must hash to, because whoever named the image said so.</summary>
/// <param name="Algorithm"><c>md5</c>, <c>sha1</c> or <c>sha256</c>.</param>
/// <param name="Hex">Lower case.</param>
/// <remarks>Lists of addresses outlive what stood there: whoever buys a lapsed domain chooses the image (arXiv:2302.10149).</remarks>
public sealed record ImageDigest(string Algorithm, string Hex)
{
    /// <summary>Reads a hash as a list gives it.</summary>
    /// <param name="algorithm"><c>md5</c>, <c>sha1</c> or <c>sha256</c>.</param>
    /// <param name="text">Hexadecimal digits in either case.</param>
    /// <param name="digest">The digest, or null when it is none.</param>
    public static bool TryParse(string algorithm, string? text, [NotNullWhen(true)] out ImageDigest? digest)
    {
        var length = algorithm switch { "md5" => 32, "sha1" => 40, "sha256" => 64, _ => 0 };
        digest = text?.Trim() is { Length: > 0 } hex && hex.Length == length && hex.All(char.IsAsciiHexDigit)
            ? new(algorithm, hex.ToLowerInvariant())
            : null;
        return digest is not null;
    }

    /// <summary>Null when the bytes are those that were meant; the reason to drop them when they are others.</summary>
    public Drop? Judge(ReadOnlySpan<byte> bytes)
    {
        var found = Convert.ToHexStringLower(Hash(bytes));
        return found == Hex ? null : new(DropReason.HashMismatch, $"{Algorithm} {found}, not {Hex}");
    }

#pragma warning disable CA5350, CA5351 // published lists carry these; who can forge them could as well have named another image
    private byte[] Hash(ReadOnlySpan<byte> bytes) => Algorithm switch
    {
        "md5" => MD5.HashData(bytes),
        "sha1" => SHA1.HashData(bytes),
        _ => SHA256.HashData(bytes),
    };
#pragma warning restore CA5350, CA5351
}
