using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebImageText.Shards.Manifest;

/// <summary>What a data set is and how it was made: <c>manifest/dataset.json</c>.</summary>
public sealed record DataSetHead
{
    /// <summary>The version of this layout that is written here.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Version of the layout; readers refuse a newer one.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>A name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Version and revision of the program that made it.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Samples in a full shard: keys depend on it.</summary>
    public int ShardSize { get; init; } = 10_000;

    /// <summary>Digits of a shard's number.</summary>
    public int ShardWidth { get; init; } = 5;

    /// <summary>Pairs that one query may own; null when there is no cap.</summary>
    public int? Cap { get; init; }

    /// <summary>The evaluation sets that were kept out.</summary>
    public IReadOnlyList<EvaluationSet> EvaluationSets { get; init; } = [];

    /// <summary>Likeness at and above which an image counts as one of an evaluation set, 0-1; null when none was kept out.</summary>
    public float? EvaluationLimit { get; init; }

    /// <summary>Every option of the run, as it was set.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The naming that follows from <see cref="ShardSize"/> and <see cref="ShardWidth"/>.</summary>
    public ShardNaming Naming() => new(ShardSize, ShardWidth);
}

/// <summary>An evaluation set that was kept out of the data.</summary>
/// <param name="Name">As in <c>nearest_eval</c>.</param>
/// <param name="Images">How many images it has.</param>
/// <param name="Sha256">Of its list of files and their hashes, so that another version is told apart.</param>
public sealed record EvaluationSet(string Name, long Images, string Sha256)
{
    /// <summary>Likeness at and above which an image counts as one of this set; null for <see cref="DataSetHead.EvaluationLimit"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? Limit { get; init; }
}

/// <summary>A committed shard: one line of <c>manifest/ledger.jsonl</c>.</summary>
/// <param name="Shard">Its stem, <c>00012</c>.</param>
/// <param name="Count">Its pairs.</param>
/// <param name="Tar">The tar as it was published.</param>
/// <param name="Parquet">The parquet as it was published.</param>
/// <param name="Stats">The statistics as they were published.</param>
public sealed record LedgerLine(string Shard, long Count, LedgerFile Tar, LedgerFile Parquet, LedgerFile Stats)
{
    /// <summary>The line of a shard that was just written.</summary>
    public static LedgerLine Of(ShardFiles files, ShardNaming naming) => new(
        naming.Stem(files.Shard), files.Count, LedgerFile.Of(files.Tar), LedgerFile.Of(files.Parquet), LedgerFile.Of(files.Stats));
}

/// <summary>A file's size and content.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
public sealed record LedgerFile(long Length, string Sha256)
{
    internal static LedgerFile Of(Stores.StoredFile file) => new(file.Length, file.Sha256 ?? "");
}

/// <summary>A pair that was taken out of a shard after it was committed: one line of <c>manifest/tombstones.jsonl</c>.</summary>
/// <param name="Shard">The shard's stem.</param>
/// <param name="Key">The key that the shard lacks since.</param>
/// <param name="Uid">The pair.</param>
/// <param name="Takedown">The takedown that removed it.</param>
public sealed record Tombstone(string Shard, string Key, string Uid, string Takedown);
