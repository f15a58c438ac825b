using System.Text.Json;
using WebImageText.Shards;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;

namespace WebImageText.Cli.Report;

/// <summary>Makes a contact sheet of a data set: some of its pairs, and some of what was rejected for each reason.</summary>
internal static class SheetReader
{
    private static readonly HashSet<string> RejectionColumns = ["url", "caption", "query", "reason", "detail"];

    /// <param name="store">Where the data set lives.</param>
    /// <param name="title">Of the sheet.</param>
    /// <param name="introduction">Under the title.</param>
    /// <param name="facts">Further figures.</param>
    /// <param name="picture">Finds a dropped picture by its address, where it can be had; a data set does not store them.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ContactSheet> ReadAsync(
        IShardStore store, string title, string introduction, IReadOnlyList<(string, string)> facts, Func<string, byte[]?> picture, CancellationToken stop)
    {
        var reader = new ShardReader(store);
        var (kept, pictures) = (0L, new List<SheetPicture>());
        await foreach (var shard in reader.ShardsAsync(stop))
        {
            kept += (await reader.StatsAsync(shard, stop)).Successes;
            if (pictures.Count >= SheetWriter.MostExamples)
                continue;
            await foreach (var sample in reader.SamplesAsync(shard, stop))
            {
                using var json = JsonDocument.Parse(sample.Json ?? throw new InvalidDataException($"Shard {shard}: '{sample.Key}' has no json."));
                pictures.Add(new(sample.Image ?? default, Text("caption"), Text("query"), Text("url"), Text("text_source")));
                if (pictures.Count >= SheetWriter.MostExamples)
                    break;

                string? Text(string name) => json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
            }
        }
        return new(title, introduction, facts, new(kept, pictures), await DroppedAsync(reader, picture, stop));
    }

    private static async Task<Dictionary<DropReason, SheetSection>> DroppedAsync(ShardReader reader, Func<string, byte[]?> picture, CancellationToken stop)
    {
        var sections = new Dictionary<DropReason, (long Count, List<SheetPicture> Examples)>();
        await foreach (var file in reader.RejectedFilesAsync(stop))
        {
            await foreach (RejectionRow row in reader.RejectionsAsync(file, RejectionColumns, stop))
            {
                var reason = DropReasons.Parse(row.Reason ?? "");
                var (count, examples) = sections.GetValueOrDefault(reason, (0, []));
                if (examples.Count < SheetWriter.MostExamples)
                    examples.Add(new(row.Url is { } url ? picture(url) : null, row.Caption, row.Query, row.Url, row.Detail));
                sections[reason] = (count + 1, examples);
            }
        }
        return sections.ToDictionary(section => section.Key, section => new SheetSection(section.Value.Count, section.Value.Examples));
    }
}
