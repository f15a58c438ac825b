using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebImageText.Shards.Stores;

namespace WebImageText.Shards.Manifest;

/// <summary>The files under <c>manifest/</c>: what the data set is, its queries, its ledger and its tombstones.</summary>
/// <param name="store">Where the data set lives.</param>
public sealed class DataSetManifest(IShardStore store)
{
    /// <summary>See <see cref="DataSetHead"/>.</summary>
    public const string HeadName = "manifest/dataset.json";

    /// <summary>The query list: one query a line, UTF-8; the line's number from 0 is its <see cref="QueryId"/>.</summary>
    public const string QueriesName = "manifest/queries.txt";

    /// <summary>The committed shards: one <see cref="LedgerLine"/> a line, JSON.</summary>
    public const string LedgerName = "manifest/ledger.jsonl";

    /// <summary>What was taken down: one <see cref="Tombstone"/> a line, JSON.</summary>
    public const string TombstonesName = "manifest/tombstones.jsonl";

    private const int MostBytes = 1 << 30;

    /// <summary>Names are snake_case, as in the parquet.</summary>
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NewLine = "\n",
        MaxDepth = 32,
    };

    internal static readonly JsonSerializerOptions Indented = new(Json) { WriteIndented = true };

    /// <summary>Writes the head.</summary>
    public Task WriteHeadAsync(DataSetHead head, string token, CancellationToken stop = default) =>
        store.WriteAllAsync(HeadName, token, JsonSerializer.SerializeToUtf8Bytes(head, Indented), stop);

    /// <summary>The head; null where there is none.</summary>
    /// <exception cref="ShardFormatException">It is damaged, or of a newer layout than this program knows.</exception>
    public async Task<DataSetHead?> ReadHeadAsync(CancellationToken stop = default)
    {
        if (await store.FindAsync(HeadName, stop) is null)
            return null;
        var head = Parse<DataSetHead>(HeadName, await store.ReadAllAsync(HeadName, MostBytes, stop));
        return head.Format <= DataSetHead.CurrentFormat ? head : throw new ShardFormatException(HeadName,
            $"the data set has layout {head.Format}; this program knows up to {DataSetHead.CurrentFormat}. Use a newer version of it.");
    }

    /// <summary>Writes the query list, in the order of the ids.</summary>
    /// <exception cref="ArgumentException">A query's id is not its place, or its text is empty or holds a line break.</exception>
    public Task WriteQueriesAsync(IReadOnlyList<Query> queries, string token, CancellationToken stop = default)
    {
        var text = new StringBuilder();
        for (var row = 0; row < queries.Count; row++)
            text.Append(queries[row].Id.Row == row && queries[row].Text.Length > 0 && queries[row].Text.AsSpan().IndexOfAny("\r\n") < 0
                ? queries[row].Text
                : throw new ArgumentException($"The query at {row} has id {queries[row].Id}, no text, or a line break.", nameof(queries))).Append('\n');
        return store.WriteAllAsync(QueriesName, token, Encoding.UTF8.GetBytes(text.ToString()), stop);
    }

    /// <summary>The query list; empty where there is none.</summary>
    public async Task<IReadOnlyList<Query>> ReadQueriesAsync(CancellationToken stop = default) =>
        [.. (await LinesAsync(QueriesName, stop)).Select((line, row) => new Query(new(row), line))];

    /// <summary>Writes the ledger of committed shards.</summary>
    public Task WriteLedgerAsync(IEnumerable<LedgerLine> ledger, string token, CancellationToken stop = default) =>
        WriteLinesAsync(LedgerName, ledger.OrderBy(line => line.Shard, StringComparer.Ordinal), token, stop);

    /// <summary>The ledger; empty where there is none.</summary>
    /// <exception cref="ShardFormatException">A line is no ledger line.</exception>
    public Task<IReadOnlyList<LedgerLine>> ReadLedgerAsync(CancellationToken stop = default) => ReadLinesAsync<LedgerLine>(LedgerName, stop);

    /// <summary>Writes the tombstones.</summary>
    public Task WriteTombstonesAsync(IEnumerable<Tombstone> tombstones, string token, CancellationToken stop = default) =>
        WriteLinesAsync(TombstonesName, tombstones.OrderBy(line => line.Shard, StringComparer.Ordinal).ThenBy(line => line.Key, StringComparer.Ordinal), token, stop);

    /// <summary>The tombstones; empty where there are none.</summary>
    /// <exception cref="ShardFormatException">A line is no tombstone.</exception>
    public Task<IReadOnlyList<Tombstone>> ReadTombstonesAsync(CancellationToken stop = default) => ReadLinesAsync<Tombstone>(TombstonesName, stop);

    internal Task WriteLinesAsync<T>(string name, IEnumerable<T> lines, string token, CancellationToken stop) =>
        store.WriteAllAsync(name, token, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => JsonSerializer.Serialize(line, Json) + "\n"))), stop);

    internal async Task<IReadOnlyList<T>> ReadLinesAsync<T>(string name, CancellationToken stop) =>
        [.. (await LinesAsync(name, stop)).Select(line => Parse<T>(name, Encoding.UTF8.GetBytes(line)))];

    private async Task<string[]> LinesAsync(string name, CancellationToken stop) =>
        await store.FindAsync(name, stop) is null
            ? []
            : Encoding.UTF8.GetString(await store.ReadAllAsync(name, MostBytes, stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal static T Parse<T>(string name, ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException broken)
        {
            throw new ShardFormatException(name, $"this is no {typeof(T).Name}: {broken.Message}", broken);
        }
    }
}
