namespace WebImageText.Shards.Verify;

/// <summary>Something that a check found.</summary>
/// <param name="File">The file in the store.</param>
/// <param name="Key">The sample, where it is about one.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="IsNote">It is worth knowing, and the data set is good all the same.</param>
public sealed record Finding(string File, string? Key, string Problem, string Remedy, bool IsNote = false)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}{(Key is null ? "" : $", {Key}")}: {Problem}. {Remedy}";
}

/// <summary>How far a check is.</summary>
/// <param name="Shards">Shards done.</param>
/// <param name="Of">Shards in all.</param>
/// <param name="Samples">Samples read.</param>
/// <param name="Bytes">Bytes of tars read.</param>
public readonly record struct VerifyProgress(int Shards, int Of, long Samples, long Bytes);

/// <summary>What is checked, against what, and with how much of the machine.</summary>
public sealed record VerifyOptions
{
    /// <summary>Shards read at a time. Default: one a core.</summary>
    public int Parallel { get; init; } = Environment.ProcessorCount;

    /// <summary>Pairs that one query may own. Null takes the manifest's; without one nothing is checked.</summary>
    public int? Cap { get; init; }

    /// <summary>Likeness to an evaluation image at and above which a pair is one. Null takes the manifest's; without one nothing is checked.</summary>
    public float? EvaluationLimit { get; init; }

    /// <summary>Sets that have a likeness of their own instead, by name. Null takes the manifest's.</summary>
    public IReadOnlyDictionary<string, float>? EvaluationLimits { get; init; }

    /// <summary>Decodes an image, and says what is wrong with it; null when nothing is. Without one, images are only hashed.</summary>
    public Func<ReadOnlyMemory<byte>, string?>? Decode { get; init; }

    /// <summary>Compares a pair with the evaluation sets, and names the image that it is; null when it is none.</summary>
    public Func<Rows.PairRow, ReadOnlyMemory<byte>, string?>? EvaluationImage { get; init; }

    /// <summary>
    /// Uids held in memory, 24 bytes each. Default 20 million; past that they go to disk, partitioned by their first byte, and come
    /// back a partition at a time: 400 million take 9.6 GB of disk and 40 MB of memory.
    /// </summary>
    public int UidsInMemory { get; init; } = 20_000_000;

    /// <summary>Folder for what does not fit into memory. Default: the system's folder for temporary files.</summary>
    public string ScratchFolder { get; init; } = Path.GetTempPath();

    /// <summary>Findings that the report lists; the rest is counted. Default 10,000.</summary>
    public int MostFindings { get; init; } = 10_000;
}

/// <summary>The outcome of a check.</summary>
/// <param name="Shards">Committed shards.</param>
/// <param name="Samples">Samples read.</param>
/// <param name="Rejected">Rows of rejections read.</param>
/// <param name="Bytes">Bytes of tars read.</param>
/// <param name="Errors">Findings that are no notes, listed or not.</param>
/// <param name="Notes">Notes, listed or not.</param>
/// <param name="Findings">The first of them, errors and notes, by file and key.</param>
public sealed record VerifyReport(
    int Shards, long Samples, long Rejected, long Bytes, long Errors, long Notes, IReadOnlyList<Finding> Findings)
{
    /// <summary>Nothing is wrong.</summary>
    public bool IsClean => Errors == 0;
}
