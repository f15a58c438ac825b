using System.Collections.Concurrent;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;

namespace WebImageText.Shards.Verify;

/// <summary>What a data set holds, from its parquet files alone: <c>wit shards stats</c>. Serialises to JSON as it is.</summary>
public sealed record ShardStatistics
{
    /// <summary>Committed shards.</summary>
    public required int Shards { get; init; }
    /// <summary>Pairs.</summary>
    public required long Pairs { get; init; }
    /// <summary>Bytes of the tars.</summary>
    public required long TarBytes { get; init; }
    /// <summary>Bytes of the shards' parquet files.</summary>
    public required long ParquetBytes { get; init; }
    /// <summary>Pairs by query.</summary>
    public required QueryStatistics Queries { get; init; }
    /// <summary>Pairs by provider.</summary>
    public required IReadOnlyDictionary<string, long> Providers { get; init; }
    /// <summary>Pairs by the place where the caption stood.</summary>
    public required IReadOnlyDictionary<string, long> TextSources { get; init; }
    /// <summary>Pairs by licence; those without one are under the empty name.</summary>
    public required IReadOnlyDictionary<string, long> Licenses { get; init; }
    /// <summary>Pairs by words of the caption, as white space parts them; from the least number of each step: 0, 1, 2, 3, 5, 9, 17, ...</summary>
    public required IReadOnlyDictionary<int, long> CaptionWords { get; init; }
    /// <summary>Pairs by width of the stored image, from the least of each step, pixels.</summary>
    public required IReadOnlyDictionary<int, long> Widths { get; init; }
    /// <summary>Pairs by height of the stored image, from the least of each step, pixels.</summary>
    public required IReadOnlyDictionary<int, long> Heights { get; init; }
    /// <summary>Candidates that were not kept.</summary>
    public required long Rejected { get; init; }
    /// <summary>Those by reason.</summary>
    public required IReadOnlyDictionary<string, long> Reasons { get; init; }
    /// <summary>Rejections as <c>http_error</c> by status code.</summary>
    public required IReadOnlyDictionary<int, long> HttpStatuses { get; init; }

    /// <summary>Reads the parquet files of a data set.</summary>
    /// <param name="store">Where it lives.</param>
    /// <param name="queries">How many queries of the head are named.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="ShardFormatException">A file is damaged.</exception>
    public static async Task<ShardStatistics> ReadAsync(IShardStore store, int queries = 20, CancellationToken stop = default)
    {
        var reader = new ShardReader(store);
        var tally = new Tally();
        var files = new List<StoredFile>();
        await foreach (var file in store.ListAsync(ShardNaming.Folder, stop))
            files.Add(file);
        var committed = files.Select(file => ShardReader.StemOf(file.Name, "_stats.json")).OfType<string>().ToHashSet();
        await Parallel.ForEachAsync(committed, stop, async (stem, cancel) =>
        {
            await foreach (var row in reader.RowsAsync(stem, Tally.Columns, cancel))
                tally.Add(row);
        });
        var rejected = new List<string>();
        await foreach (var name in reader.RejectedFilesAsync(stop))
            rejected.Add(name);
        await Parallel.ForEachAsync(rejected, stop, async (name, cancel) =>
        {
            await foreach (var row in reader.RejectionsAsync(name, Tally.RejectionColumns, cancel))
                tally.Add(row);
        });
        return tally.Total(committed.Count, Bytes(".tar"), Bytes(".parquet"), queries);

        long Bytes(string suffix) =>
            files.Where(file => ShardReader.StemOf(file.Name, suffix) is { } stem && committed.Contains(stem)).Sum(file => file.Length);
    }

    private sealed class Tally
    {
        public static readonly HashSet<string> Columns = ["caption", "width", "height", "query", "provider", "text_source", "license"];
        public static readonly HashSet<string> RejectionColumns = ["reason", "http_status"];

        private static readonly int[] PixelSteps = [0, 64, 128, 200, 256, 320, 384, 448, 512, 640, 768, 1024, 1536, 2048, 4096];
        private static readonly int[] WordSteps = [0, 1, 2, 3, 5, 9, 17, 33, 65, 129, 257];

        private readonly Counts<string> _queries = new(), _providers = new(), _sources = new(), _licenses = new(), _reasons = new();
        private readonly Counts<int> _words = new(), _widths = new(), _heights = new(), _statuses = new();
        private long _pairs;
        private long _rejected;

        public void Add(PairRow row)
        {
            Interlocked.Increment(ref _pairs);
            _queries.Add(row.Query ?? "");
            _providers.Add(row.Provider ?? "");
            _sources.Add(row.TextSource ?? "");
            _licenses.Add(row.License ?? "");
            _words.Add(Step(WordSteps, row.Caption?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length ?? 0));
            _widths.Add(Step(PixelSteps, row.Width ?? 0));
            _heights.Add(Step(PixelSteps, row.Height ?? 0));
        }

        public void Add(RejectionRow row)
        {
            Interlocked.Increment(ref _rejected);
            _reasons.Add(row.Reason ?? "");
            if (row.Reason == DropReason.HttpError.Word())
                _statuses.Add(row.HttpStatus ?? 0);
        }

        public ShardStatistics Total(int shards, long tarBytes, long parquetBytes, int queries) => new()
        {
            Shards = shards,
            Pairs = _pairs,
            TarBytes = tarBytes,
            ParquetBytes = parquetBytes,
            Queries = QueryStatistics.Of(_queries.ByCount().Where(query => query.Key.Length > 0).ToList(), queries),
            Providers = _providers.Sorted(),
            TextSources = _sources.Sorted(),
            Licenses = _licenses.Sorted(),
            CaptionWords = _words.Sorted(),
            Widths = _widths.Sorted(),
            Heights = _heights.Sorted(),
            Rejected = _rejected,
            Reasons = _reasons.Sorted(),
            HttpStatuses = _statuses.Sorted(),
        };

        private static int Step(int[] steps, int value) => steps[Array.FindLastIndex(steps, step => step <= Math.Max(0, value))];
    }

    private sealed class Counts<T>
        where T : notnull, IComparable<T>
    {
        private readonly ConcurrentDictionary<T, long> _counts = new();

        public void Add(T what) => _counts.AddOrUpdate(what, 1, (_, count) => count + 1);

        public SortedDictionary<T, long> Sorted() => typeof(T) == typeof(string)
            ? new(_counts, (IComparer<T>)(object)StringComparer.Ordinal)
            : new(_counts);

        public IEnumerable<KeyValuePair<T, long>> ByCount() => _counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key);
    }
}

/// <summary>Pairs by query, head to tail.</summary>
/// <param name="Count">Queries that own a pair.</param>
/// <param name="Head">The queries with the most pairs.</param>
/// <param name="Median">Pairs of the query in the middle.</param>
/// <param name="Most">Pairs of the first query.</param>
/// <param name="WithOne">Queries with one pair: the end of the tail.</param>
/// <param name="WithTenOrLess">Queries with ten pairs or fewer.</param>
public sealed record QueryStatistics(
    long Count, IReadOnlyList<QueryCount> Head, long Median, long Most, long WithOne, long WithTenOrLess)
{
    internal static QueryStatistics Of(List<KeyValuePair<string, long>> byCount, int head) => new(
        byCount.Count,
        [.. byCount.Take(head).Select(query => new QueryCount(query.Key, query.Value))],
        byCount.Count == 0 ? 0 : byCount[byCount.Count / 2].Value,
        byCount.Count == 0 ? 0 : byCount[0].Value,
        byCount.Count(query => query.Value == 1),
        byCount.Count(query => query.Value <= 10));
}

/// <summary>A query and how many pairs it owns.</summary>
/// <param name="Query">Its text.</param>
/// <param name="Pairs">Its pairs.</param>
public sealed record QueryCount(string Query, long Pairs);
