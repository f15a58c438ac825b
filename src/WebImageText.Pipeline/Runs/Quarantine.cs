using WebImageText.Curate.Filter;
using WebImageText.Shards;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Takedown;

namespace WebImageText.Pipeline.Runs;

/// <summary>
/// Takes placeholders out of a finished run: pictures that were found under many texts. While the run goes on, all copies but the
/// first are dropped as copies; only at its end is it known which first ones are placeholders.
/// </summary>
internal static class Quarantine
{
    private static readonly HashSet<string> Copies = ["caption", "reason", "sha256"];
    private static readonly HashSet<string> Kept = ["caption", "sha256"];

    /// <summary>Looks through rejections and shards, and takes down what is a placeholder.</summary>
    /// <param name="store">Where the data set lives; nothing may be staged there.</param>
    /// <param name="mostTexts">Different texts that one picture may have.</param>
    /// <param name="clock">Names the takedown.</param>
    /// <param name="stop">Gives up; the next run's end begins it again.</param>
    /// <returns>Pairs that are gone.</returns>
    public static async Task<int> RunAsync(IShardStore store, int mostTexts, TimeProvider clock, CancellationToken stop)
    {
        var (reader, hot) = (new ShardReader(store), new HotPictures(mostTexts));
        var copied = new HashSet<string>();
        await foreach (var file in reader.RejectedFilesAsync(stop).ConfigureAwait(false))
            await foreach (var row in reader.RejectionsAsync(file, Copies, stop).ConfigureAwait(false))
                if (row is { Sha256: { Length: 64 } sha256, Reason: "exact_duplicate" })
                {
                    hot.Count(sha256, row.Caption ?? "");
                    copied.Add(sha256);
                }
        if (copied.Count == 0)
            return 0;
        await foreach (var shard in reader.ShardsAsync(stop).ConfigureAwait(false))
            await foreach (var row in reader.RowsAsync(shard, Kept, stop).ConfigureAwait(false))
                if (row.Sha256 is { } sha256 && copied.Contains(sha256))
                    hot.Count(sha256, row.Caption ?? "");
        // What is on the list already has been taken down before.
        var known = (await NeverFetch.ReadAsync(store, stop).ConfigureAwait(false)).ToHashSet();
        List<string> placeholders = [.. copied.Where(hot.IsHot).Select(sha256 => $"sha256 {sha256}").Where(line => !known.Contains(line)).Order(StringComparer.Ordinal)];
        if (placeholders.Count == 0)
            return 0;
        using var key = SigningKey.Open(SigningKey.UsualPath);
        var report = await new Takedowns(store, key, clock).RunAsync(
            TakedownList.Parse(placeholders), $"placeholders: pictures with more than {mostTexts} different texts", stop: stop).ConfigureAwait(false);
        return report.Pairs;
    }
}
