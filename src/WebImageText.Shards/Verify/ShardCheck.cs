using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Tar;

namespace WebImageText.Shards.Verify;

/// <summary>Checks one committed shard by itself: that its files are whole, and that tar, JSON, text, parquet and counts agree.</summary>
/// <param name="store">Where the data set lives.</param>
/// <param name="options">What is checked.</param>
/// <param name="findings">Takes what is found.</param>
internal sealed class ShardCheck(IShardStore store, VerifyOptions options, Action<Finding> findings)
{
    private const string BuildAgain = "Delete the shard's files; building it again makes them anew";

    private static readonly string[] Members = ["json", "txt"];

    /// <summary>What the rest of the data set says about the shard.</summary>
    /// <param name="Stem">The shard.</param>
    /// <param name="Size">Its entry in sizes.json.</param>
    /// <param name="Ledger">Its line in the ledger.</param>
    /// <param name="Tombstones">Keys that were taken down.</param>
    public sealed record Facts(string Stem, long? Size, LedgerLine? Ledger, IReadOnlySet<string> Tombstones);

    /// <summary>Reads the whole shard.</summary>
    /// <returns>The rows of its parquet, and the bytes of its tar.</returns>
    public async Task<(IReadOnlyList<PairRow> Rows, long Samples, long Bytes)> RunAsync(Facts facts, CancellationToken stop)
    {
        var reader = new ShardReader(store);
        var tar = ShardNaming.Tar(facts.Stem);
        var rows = await RowsAsync(reader, facts.Stem, stop);
        var byKey = new Dictionary<string, PairRow>();
        foreach (var row in rows)
            if (row.Key is null || !byKey.TryAdd(row.Key, row))
                findings(new(ShardNaming.Parquet(facts.Stem), row.Key, "the key is missing or stands twice", BuildAgain));
        await LedgerAsync(facts, stop);

        var (samples, bytes) = (0L, 0L);
        try
        {
            await using var file = await store.OpenReadAsync(tar, stop: stop);
            await using var hashed = new HashingStream(file);
            var keys = new KeyOrder(facts.Stem, facts.Tombstones);
            var archive = new ShardTarReader(hashed, tar);
            await foreach (var sample in archive.SamplesAsync(stop))
            {
                samples++;
                if (keys.Next(sample.Key) is { } disorder)
                    findings(new(tar, sample.Key, disorder, BuildAgain));
                Check(tar, sample, byKey.GetValueOrDefault(sample.Key));
            }
            if (archive.SkippedMembers > 0)
                findings(new(tar, null, $"{archive.SkippedMembers} members belong to no sample", BuildAgain));
            if (archive.ExtendedHeaders > 0)
                findings(new(tar, null, $"{archive.ExtendedHeaders} extended headers; some readers stop at them", "Repack the data set"));
            bytes = hashed.Count;
            if (facts.Ledger is { } line && (line.Tar.Length, line.Tar.Sha256) != (hashed.Count, hashed.Sha256))
                findings(new(tar, null, "its bytes are not those that were committed", BuildAgain));
        }
        catch (Exception broken) when (broken is ShardFormatException or IOException)
        {
            findings(new(tar, null, broken.Message, BuildAgain));
        }
        await CountsAsync(reader, facts, samples, rows.Count, stop);
        return (rows, samples, bytes);
    }

    private async Task<List<PairRow>> RowsAsync(ShardReader reader, string stem, CancellationToken stop)
    {
        var rows = new List<PairRow>();
        try
        {
            await foreach (var row in reader.RowsAsync(stem, null, stop))
                rows.Add(row);
        }
        catch (Exception broken) when (broken is ShardFormatException or IOException)
        {
            findings(new(ShardNaming.Parquet(stem), null, broken.Message, BuildAgain));
        }
        return rows;
    }

    private async Task CountsAsync(ShardReader reader, Facts facts, long samples, long rows, CancellationToken stop)
    {
        var name = ShardNaming.Stats(facts.Stem);
        try
        {
            var stats = await reader.StatsAsync(facts.Stem, stop);
            if (stats.Successes != samples || stats.Count != rows || samples != rows)
                findings(new(name, null,
                    $"the tar has {samples} samples, the parquet {rows} rows, the statistics say {stats.Successes} of {stats.Count}", BuildAgain));
        }
        catch (Exception broken) when (broken is ShardFormatException or IOException)
        {
            findings(new(name, null, broken.Message, BuildAgain));
        }
        if (facts.Size != samples)
            findings(new(ShardSizes.FileName, null, $"'{facts.Stem}.tar' has {samples} samples; it says {(facts.Size is { } size ? size : "nothing")}",
                "Resume the run, or repack: both write sizes.json anew"));
    }

    private async Task LedgerAsync(Facts facts, CancellationToken stop)
    {
        if (facts.Ledger is not { } line)
            return;
        foreach (var (name, committed) in new[] { (ShardNaming.Parquet(facts.Stem), line.Parquet), (ShardNaming.Stats(facts.Stem), line.Stats) })
            if (await store.FindAsync(name, stop) is not null
                && await HashAsync(name, stop) != (committed.Length, committed.Sha256))
                findings(new(name, null, "its bytes are not those that were committed", BuildAgain));
    }

    private async Task<(long, string)> HashAsync(string name, CancellationToken stop)
    {
        await using var file = await store.OpenReadAsync(name, stop: stop);
        await using var hashed = new HashingStream(file);
        await hashed.CopyToAsync(Stream.Null, stop);
        return (hashed.Count, hashed.Sha256);
    }

    private void Check(string tar, Sample sample, PairRow? row)
    {
        if (sample.Image is not { } image || sample.Json is not { } json || sample.Text is not { } text
            || sample.Members.Count != Members.Length + 1)
        {
            Found($"it has the members {string.Join(", ", sample.Members.Keys)}; an image, json and txt are needed");
            return;
        }
        if (row is null)
        {
            Found("the parquet has no row of this key");
            return;
        }
        if (!Utf8.IsValid(text.Span))
            Found("the caption is not UTF-8");
        else if (!text.Span.SequenceEqual(Encoding.UTF8.GetBytes(row.Caption ?? "")))
            Found("the caption of txt and parquet differ");
        if (Difference(json, row) is { } difference)
            Found(difference);
        if (Convert.ToHexStringLower(SHA256.HashData(image.Span)) != row.StoredSha256)
            Found("the image is not the one that stored_sha256 names");
        else if (options.Decode?.Invoke(image) is { } undecodable)
            Found($"the image does not decode: {undecodable}");
        var limit = options.EvaluationLimits?.TryGetValue(row.NearestEval?.Split('/')[0] ?? "", out var own) == true ? own : options.EvaluationLimit;
        if (row.EvalScore >= limit)
            Found($"its likeness to the evaluation image '{row.NearestEval}' is {row.EvalScore}; {limit} is one too many",
                "Take it down by its uid");
        else if (options.EvaluationImage?.Invoke(row, image) is { } leaked)
            Found($"it is the evaluation image '{leaked}'", "Take it down by its uid");

        void Found(string problem, string remedy = BuildAgain) => findings(new(tar, sample.Key, problem, remedy));
    }

    /// <summary>The JSON must be what the row gives; where it is not, the first field that differs is named.</summary>
    private static string? Difference(ReadOnlyMemory<byte> json, PairRow row)
    {
        try
        {
            var right = SampleJson.Write(row, SampleJson.Texts(json));
            if (json.Span.SequenceEqual(right))
                return null;
            using var stored = JsonDocument.Parse(json);
            using var expected = JsonDocument.Parse(right);
            foreach (var field in expected.RootElement.EnumerateObject())
                if (!stored.RootElement.TryGetProperty(field.Name, out var value) || !JsonElement.DeepEquals(value, field.Value))
                    return $"the field '{field.Name}' of json and parquet differ";
            return "the json has other fields, or another order or form, than the parquet gives";
        }
        catch (Exception broken) when (broken is FormatException or JsonException)
        {
            return broken.Message;
        }
    }
}
