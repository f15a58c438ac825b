using System.Security.Cryptography;
using System.Text.Json;
using WebImageText.Shards.Manifest;

namespace WebImageText.Shards.Takedown;

/// <summary>
/// What a takedown changed: <c>manifest/takedowns/ID.json</c>, with its signature in <c>ID.sig</c> beside it and the key that checks
/// it in <c>ID.pem</c>. Whoever holds a copy of the data set can follow it by the uids.
/// </summary>
/// <param name="Id">The takedown.</param>
/// <param name="At">When it was asked for, UTC.</param>
/// <param name="Note">Why, as it was given.</param>
/// <param name="NeverAgain">What is never to be fetched again, in the form of a block list.</param>
/// <param name="Removed">The pairs that are gone.</param>
/// <param name="Shards">The files of the shards concerned, before and after.</param>
public sealed record TakedownDiff(
    string Id, DateTimeOffset At, string? Note, IReadOnlyList<string> NeverAgain, IReadOnlyList<Tombstone> Removed, IReadOnlyList<ShardChange> Shards)
{
    /// <summary>The bytes that are signed.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, DataSetManifest.Indented);

    /// <summary>Reads a diff.</summary>
    /// <exception cref="ShardFormatException">It is none.</exception>
    public static TakedownDiff Parse(ReadOnlySpan<byte> json, string file) => DataSetManifest.Parse<TakedownDiff>(file, json);

    /// <summary>The signature: ECDSA over SHA-256, DER, as <c>openssl dgst -sha256 -verify ID.pem -signature ID.sig ID.json</c> reads it.</summary>
    public static byte[] Sign(ReadOnlySpan<byte> json, ECDsa key) =>
        key.SignData(json, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>The signature belongs to these bytes and this key.</summary>
    public static bool IsSigned(ReadOnlySpan<byte> json, ReadOnlySpan<byte> signature, ECDsa key) =>
        key.VerifyData(json, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}

/// <summary>A shard before and after.</summary>
/// <param name="Before">Its files as they were.</param>
/// <param name="After">Its files as they are.</param>
public sealed record ShardChange(LedgerLine Before, LedgerLine After);
