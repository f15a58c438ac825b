using System.Runtime.InteropServices;

namespace WebImageText.Crawl.Queries;

/// <summary>The first bytes of a prebuilt matcher file: what follows and how long it is.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MatcherHeader
{
    /// <summary>"WITMATCH" as a little-endian number: a machine of the other kind reads another one.</summary>
    public const ulong ExpectedMagic = 0x48435441_4D544957;
    public const int ExpectedVersion = 1;

    public ulong Magic;
    public int Version;
    /// <summary>Queries in the list.</summary>
    public int QueryCount;
    /// <summary>Distinct words; also the number of the first phrase of two words.</summary>
    public int TokenCount;
    /// <summary>Words and longer phrases.</summary>
    public int NodeCount;
    public int BucketBits;
    public int EdgeBits;
    public int RowCount;
    public int GapBytes;
    public int LongWordBytes;
    /// <summary>Queries without a letter or digit; they never match.</summary>
    public int UnmatchableCount;
    /// <summary>Zero; it brings the header to two cache lines, so that a bucket is one.</summary>
    public Reserved Zero;
    /// <summary>SHA-256 of the queries, each in UTF-8 and followed by a line feed.</summary>
    public Sha256 List;
    /// <summary>SHA-256 of all tables and of this header with zeros here.</summary>
    public Sha256 Checksum;

    /// <summary>Bytes of all tables.</summary>
    public readonly unsafe long TableBytes =>
        (1L << BucketBits) * sizeof(TokenBucket) + (long)TokenCount * sizeof(Token) + (1L << EdgeBits) * sizeof(Edge)
        + MatcherTables.FilterBytes(EdgeBits) + RowCount * 8L + GapBytes + LongWordBytes;

    /// <summary>16 bytes.</summary>
    public readonly record struct Reserved(ulong A, ulong B);

    /// <summary>32 bytes that compare as one value.</summary>
    public readonly record struct Sha256(ulong A, ulong B, ulong C, ulong D);
}
