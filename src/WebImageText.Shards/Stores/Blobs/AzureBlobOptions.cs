using Azure.Storage;

namespace WebImageText.Shards.Stores.Blobs;

/// <summary>How Azure Blob is used.</summary>
public sealed record AzureBlobOptions
{
    /// <summary>Bytes of one staged block. Default 8 MiB: files up to 390 GiB.</summary>
    public int BlockBytes { get; init; } = 8 << 20;

    /// <summary>Blocks of one file that are on their way at a time. Default 4: with the one being filled, 40 MiB a file.</summary>
    public int ParallelBlocks { get; init; } = 4;

    /// <summary>Tries of one request after the first: on 408, 429, 500, 502, 503, 504 and broken connections. Default 6.</summary>
    public int Retries { get; init; } = 6;

    /// <summary>Wait before the first retry; doubles each time, with jitter. Default 0.8 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.8);

    /// <summary>Longest wait before a retry. Default 30 s.</summary>
    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time without a byte, either way, before a try is given up. Default 100 s.</summary>
    public TimeSpan NetworkTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The service compares every block with its MD5.</summary>
    internal UploadTransferValidationOptions Validation { get; } = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 };
}
