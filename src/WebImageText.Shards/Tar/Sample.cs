namespace WebImageText.Shards.Tar;

/// <summary>The members of a tar that share a key.</summary>
/// <param name="Key">Path without extensions.</param>
/// <param name="Offset">Where the first member's header begins in the tar, bytes: reading can start there.</param>
/// <param name="Members">Content by extension, lower case, without the first dot.</param>
public sealed record Sample(string Key, long Offset, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Members)
{
    /// <summary>The image's encoded bytes: the first of <c>jpg</c>, <c>png</c>, <c>jpeg</c>, <c>webp</c> that is there.</summary>
    public ReadOnlyMemory<byte>? Image => ImageExtension.Known.Select(Member).FirstOrDefault(member => member is not null);

    /// <summary>The caption, UTF-8.</summary>
    public ReadOnlyMemory<byte>? Text => Member("txt");

    /// <summary>The fields, one JSON object in UTF-8.</summary>
    public ReadOnlyMemory<byte>? Json => Member("json");

    private ReadOnlyMemory<byte>? Member(string extension) => Members.TryGetValue(extension, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null; // a bare null would become no bytes
}

/// <summary>How much a tar may ask of its reader.</summary>
public sealed record ShardTarLimits
{
    /// <summary>Bytes of one member. Default 64 MiB.</summary>
    public int MemberBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of all members of one key. Default 128 MiB.</summary>
    public long SampleBytes { get; init; } = 128 << 20;

    /// <summary>Members of one key. Default 32.</summary>
    public int SampleMembers { get; init; } = 32;
}
