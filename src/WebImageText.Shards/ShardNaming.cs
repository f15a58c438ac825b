using System.Globalization;

namespace WebImageText.Shards;

/// <summary>How shards and samples are named, as img2dataset does: the shard's number, then the row, zero-padded.</summary>
/// <remarks>Keys depend on the shard size and so are no stable ids; the uid is.</remarks>
public sealed record ShardNaming
{
    /// <summary>The folder of the shards in a data set.</summary>
    public const string Folder = "shards/";

    private readonly long _scale;
    private readonly int _keyWidth;

    /// <summary>Names for shards of at most <paramref name="shardSize"/> samples.</summary>
    /// <param name="shardSize">Samples in a full shard. Default 10,000.</param>
    /// <param name="width">Digits of a shard's number. Default 5, img2dataset's.</param>
    public ShardNaming(int shardSize = 10_000, int width = 5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 9);
        (ShardSize, Width) = (shardSize, width);
        var digits = 0;
        for (_scale = 1; _scale < shardSize; _scale *= 10)
            digits++; // ceil(log10(shardSize))
        _keyWidth = width + digits;
    }

    /// <summary>Samples in a full shard.</summary>
    public int ShardSize { get; }

    /// <summary>Digits of a shard's number, at least.</summary>
    public int Width { get; }

    /// <summary>The shard's number as it stands in file names: <c>00012</c>.</summary>
    public string Stem(int shard) => shard.ToString(CultureInfo.InvariantCulture).PadLeft(Width, '0');

    /// <summary>The key of a sample: shard 12, row 34 of 10,000 is <c>000120034</c>.</summary>
    public string Key(int shard, int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, ShardSize);
        return ((shard * _scale) + row).ToString(CultureInfo.InvariantCulture).PadLeft(_keyWidth, '0');
    }

    /// <summary>The row that a key of this shard names; null for a key of another shard or form.</summary>
    public int? Row(int shard, string key) =>
        key.Length >= _keyWidth && long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number - (shard * _scale) is >= 0 and var row && row < ShardSize && key == Key(shard, (int)row)
            ? (int)row
            : null;

    /// <summary>Name of a shard's tar in the store.</summary>
    public static string Tar(string stem) => $"{Folder}{stem}.tar";

    /// <summary>Name of a shard's parquet in the store.</summary>
    public static string Parquet(string stem) => $"{Folder}{stem}.parquet";

    /// <summary>Name of a shard's statistics in the store: the mark that the shard is committed.</summary>
    public static string Stats(string stem) => $"{Folder}{stem}_stats.json";

    /// <summary>Name of a file of rejected candidates in the store.</summary>
    public string Rejected(int number) => $"rejected/{Stem(number)}.parquet";
}
