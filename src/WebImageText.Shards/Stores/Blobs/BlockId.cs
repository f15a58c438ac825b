using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace WebImageText.Shards.Stores.Blobs;

/// <summary>What a staged block is.</summary>
internal enum BlockKind : byte
{
    /// <summary>Content, and more follows.</summary>
    Middle = 0,
    /// <summary>Content, and the end: with it, and all before it, the file is whole.</summary>
    Last = 1,
    /// <summary>No content: the file is whole and empty.</summary>
    Empty = 2,
    /// <summary>No content: the attempt was given up.</summary>
    Discarded = 3,
}

/// <summary>
/// The name of a staged block. It carries all that publishing needs to know, so that a crash between staging and publishing costs
/// nothing: whose block it is, its place, and, in the last, the hash of the whole.
/// </summary>
/// <param name="Token">The writer's token.</param>
/// <param name="Attempt">Counts up when one token stages a name again.</param>
/// <param name="Index">Place in the file, from 0.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Sha256">Of the whole file, in <see cref="BlockKind.Last"/> and <see cref="BlockKind.Empty"/>; else empty.</param>
/// <remarks>62 bytes, always: Azure takes 64 at most, and the ids of one blob must be of one length. The token, padded to 32 letters
/// of base64url, takes 24 of them.</remarks>
internal sealed record BlockId(string Token, ushort Attempt, int Index, BlockKind Kind, string Sha256 = "")
{
    private const int Bytes = TokenBytes + sizeof(ushort) + sizeof(int) + SHA256.HashSizeInBytes;
    private const int TokenBytes = 24;
    private const int TokenLetters = 32;
    private const char Pad = '_'; // the one letter of base64url that no token has
    private const int KindShift = 30;

    /// <summary>The file is whole with this block.</summary>
    public bool IsEnd => Kind is BlockKind.Last or BlockKind.Empty;

    /// <summary>As the service takes it: base64.</summary>
    public override string ToString()
    {
        Span<byte> id = stackalloc byte[Bytes];
        id.Clear();
        Base64Url.DecodeFromChars(Token.PadRight(TokenLetters, Pad), id);
        BinaryPrimitives.WriteUInt16BigEndian(id[TokenBytes..], Attempt);
        BinaryPrimitives.WriteUInt32BigEndian(id[(TokenBytes + 2)..], ((uint)Kind << KindShift) | (uint)Index);
        if (Sha256.Length > 0)
            Convert.FromHexString(Sha256).CopyTo(id[(TokenBytes + 6)..]);
        return Convert.ToBase64String(id);
    }

    /// <summary>Reads an id; null for a block that another program staged.</summary>
    public static BlockId? TryParse(string base64)
    {
        Span<byte> id = stackalloc byte[64];
        if (!Convert.TryFromBase64String(base64, id, out var length) || length != Bytes)
            return null;
        var token = Base64Url.EncodeToString(id[..TokenBytes]).TrimEnd(Pad);
        var place = BinaryPrimitives.ReadUInt32BigEndian(id[(TokenBytes + 2)..]);
        var kind = (BlockKind)(place >> KindShift);
        return StoreName.IsToken(token)
            ? new(token, BinaryPrimitives.ReadUInt16BigEndian(id[TokenBytes..]), (int)(place & ((1u << KindShift) - 1)), kind,
                kind is BlockKind.Last or BlockKind.Empty ? Convert.ToHexStringLower(id[(TokenBytes + 6)..Bytes]) : "")
            : null;
    }

    /// <summary>The newest attempt of a token that is whole, in order; null when there is none, or when the newest was given up.</summary>
    public static IReadOnlyList<BlockId>? Newest(IEnumerable<BlockId> blocks, string token)
    {
        foreach (var attempt in blocks.Where(block => block.Token == token).GroupBy(block => block.Attempt).OrderByDescending(group => group.Key))
        {
            if (attempt.Any(block => block.Kind == BlockKind.Discarded))
                return null;
            var ordered = attempt.OrderBy(block => block.Index).ToList();
            if (ordered[^1].IsEnd && ordered.Count == ordered[^1].Index + 1)
                return ordered;
        }
        return null;
    }
}
