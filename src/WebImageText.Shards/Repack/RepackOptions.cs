using WebImageText.Shards.Select;

namespace WebImageText.Shards.Repack;

/// <summary>What a repacked data set is to hold, and in which order.</summary>
public sealed record RepackOptions
{
    /// <summary>Samples in a shard; the last one may have fewer. Default 10,000.</summary>
    public int ShardSize { get; init; } = 10_000;

    /// <summary>Digits of a shard's number. Default 5.</summary>
    public int ShardWidth { get; init; } = 5;

    /// <summary>Seed of the shuffle over all samples; null keeps their order.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Which pairs come along.</summary>
    public PairSelection Select { get; init; } = PairSelection.All;

    /// <summary>Pairs at most, the first ones of the new order; null for all.</summary>
    public long? MostPairs { get; init; }

    /// <summary>Folder for the shuffle's temporary files, which take as much room as the samples. Default: the system's.</summary>
    public string Scratch { get; init; } = Path.GetTempPath();

    /// <summary>What of this shapes the new data set, for its head.</summary>
    internal IReadOnlyDictionary<string, string> Describe() => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["shard_size"] = $"{ShardSize}",
        ["order"] = Seed is { } seed ? $"shuffled with seed {seed}" : "kept",
        ["pairs"] = MostPairs is { } most ? $"at most {most}" : "all",
        ["selection"] = Select.ToString(),
    };
}

/// <summary>How far a repacking is.</summary>
/// <param name="Step">What is counted: shards <c>selected</c>, <c>read</c> or <c>written</c>.</param>
/// <param name="Shards">Shards done.</param>
/// <param name="Of">Shards in all.</param>
public readonly record struct RepackProgress(string Step, int Shards, int Of);

/// <summary>What a repacking made.</summary>
/// <param name="Pairs">Pairs in the new data set.</param>
/// <param name="Shards">Its shards.</param>
/// <param name="Of">Pairs of the old one.</param>
public sealed record RepackReport(long Pairs, int Shards, long Of);
