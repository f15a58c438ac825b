using System.ComponentModel.DataAnnotations;

namespace WebImageText.Pipeline.Staging;

/// <summary>When staged verdicts become a shard.</summary>
public sealed class StagingOptions
{
    /// <summary>Pairs in a shard. Default 10,000, as img2dataset has it.</summary>
    [Range(1, 1_000_000)] public int ShardSize { get; init; } = 10_000;

    /// <summary>Bytes of staged images after which a shard is closed even if it holds fewer pairs. Default 4 GB.</summary>
    [Range(1, long.MaxValue)] public long ShardBytes { get; init; } = 4_000_000_000;

    /// <summary>Rejections after which they are committed without waiting for a full shard. Default 200,000.</summary>
    [Range(1, int.MaxValue)] public int Rejections { get; init; } = 200_000;

    /// <summary>Verdicts that are made durable together. Default 64; fewer after a tenth of a second.</summary>
    [Range(1, 100_000)] public int FlushEvery { get; init; } = 64;

    internal bool IsFull(StagingFolder folder) =>
        folder.OpenPairs >= ShardSize || folder.OpenBytes >= ShardBytes || folder.Open.Count - folder.OpenPairs >= Rejections;
}
