using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Pixels;
using WebImageText.Shards;
using WebImageText.Shards.Stores;

namespace WebImageText.Cli.Dedup.Review;

/// <summary>Small copies (WebP) of the pictures in pairs, for a reader's eyes.</summary>
internal sealed class PairPictures
{
    private readonly Dictionary<(string Set, string File), byte[]> _evaluation = [];
    private readonly Dictionary<(string Shard, string Key), byte[]> _crawl = [];

    private PairPictures() { }

    /// <summary>The evaluation image of a pair; null where it could not be had.</summary>
    public byte[]? Evaluation(AlikePair pair) => _evaluation.GetValueOrDefault((pair.Set, pair.File));

    /// <summary>The picture of the crawl of a pair; null where it could not be had.</summary>
    public byte[]? Crawl(AlikePair pair) => _crawl.GetValueOrDefault((pair.Shard, pair.Key));

    /// <summary>Reads the pictures that the pairs name.</summary>
    /// <param name="pairs">What is shown.</param>
    /// <param name="sets">Where the images of each set lie.</param>
    /// <param name="dataSet">Where the crawl's pictures lie; null shows none.</param>
    /// <param name="side">Pixels of the longer side at most.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<PairPictures> LoadAsync(
        IReadOnlyList<AlikePair> pairs, IReadOnlyList<(string Name, string Source)> sets, string? dataSet, int side, CancellationToken stop)
    {
        var pictures = new PairPictures();
        foreach (var (name, source) in sets)
        {
            var wanted = pairs.Where(pair => pair.Set == name).Select(pair => pair.File).ToHashSet();
            foreach (var image in Directory.Exists(source) ? FromFolder(source, wanted) : EvaluationSource.Read(source).Where(image => wanted.Contains(image.Name)))
                if (Thumbnail.TryMake(image.Bytes, side) is { } small)
                    pictures._evaluation[(name, image.Name)] = small;
        }
        if (dataSet is null)
            return pictures;
        var reader = new ShardReader(ShardStores.Open(dataSet));
        foreach (var shard in pairs.Where(pair => pair.Shard.Length > 0).GroupBy(pair => pair.Shard))
        {
            var keys = shard.Select(pair => pair.Key).ToHashSet();
            await foreach (var sample in reader.SamplesAsync(shard.Key, stop))
                if (keys.Remove(sample.Key) && Thumbnail.TryMake(sample.Image ?? default, side) is { } small)
                    pictures._crawl[(shard.Key, sample.Key)] = small;
                else if (keys.Count == 0)
                    break;
        }
        return pictures;
    }

    // Names come from a file of pairs: none may lead out of the folder.
    private static IEnumerable<NamedImage> FromFolder(string folder, HashSet<string> files)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        foreach (var file in files)
            if (Path.GetFullPath(Path.Combine(root, file)) is var path && path.StartsWith(root, StringComparison.Ordinal) && File.Exists(path))
                yield return new(file, File.ReadAllBytes(path));
    }
}
