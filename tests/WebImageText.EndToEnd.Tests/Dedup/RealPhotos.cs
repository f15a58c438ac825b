using System.Globalization;
using System.Text.Json.Nodes;
using WebImageText.Curate.Pixels;
using WebImageText.Shards;
using WebImageText.Shards.Stores;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Dedup;

/// <summary>Different real photographs, and data sets made of some.</summary>
internal static class RealPhotos
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>Photographs of which no two show the same, in a fixed order; skips the test where they are missing.</summary>
    public static (string Class, byte[] Jpeg)[] Take(int count)
    {
        var web = SharedData.Require("photo-web");
        return [.. JsonNode.Parse(File.ReadAllText(Path.Combine(web, "expected.json")))!.AsArray()
            .Where(image => (string)image!["status"]! == "keep")
            .Select(image => ((string)image!["label"]!, new Uri((string)image["url"]!)))
            .OrderBy(image => image.Item2.AbsoluteUri, StringComparer.Ordinal).Take(count)
            .Select(image => (image.Item1, File.ReadAllBytes(Path.Combine(web, "hosts", image.Item2.Host, image.Item2.AbsolutePath[1..]))))];
    }

    /// <summary>Writes photographs as a folder of class folders and returns their names within it.</summary>
    public static string[] WriteFolder(string folder, IReadOnlyList<(string Class, byte[] Jpeg)> photos) => [.. photos.Select((photo, at) =>
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{photo.Class}/{at:000}.jpg");
        Directory.CreateDirectory(Path.Combine(folder, photo.Class));
        File.WriteAllBytes(Path.Combine(folder, name), photo.Jpeg);
        return name;
    })];

    /// <summary>Writes a data set as a run leaves it and returns the uids of its pairs.</summary>
    public static async Task<string[]> WriteDataSetAsync(string folder, IReadOnlyList<byte[]> images, CancellationToken stop)
    {
        var judge = new ImageJudge(new() { MinShorterSide = 1 });
        var pairs = images.Select((image, at) =>
        {
            var kept = (ImageVerdict.Kept)judge.Judge(image);
            var candidate = new Candidate
            {
                Image = WebAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"https://photos.example/{at}.jpg")),
                Texts = [new(TextSource.Alt, string.Create(CultureInfo.InvariantCulture, $"photograph number {at}"))],
                Provider = "pages",
            };
            return new Pair(candidate.Uid, candidate, null, new(candidate.Image.Href, At, 200, "image/jpeg"), kept.Facts, null, kept.Stored);
        }).ToArray();
        var store = new FolderStore(folder);
        var (writer, size) = (new ShardWriter(store, new(200)), 200);
        foreach (var (shard, part) in pairs.Chunk(size).Index())
        {
            await writer.StageAsync(shard, "test", part, new(At, At.AddSeconds(1)), stop);
            await writer.PublishAsync(shard, "test", Existing.Refuse, stop);
        }
        return [.. pairs.Select(pair => pair.Uid.ToString())];
    }
}
