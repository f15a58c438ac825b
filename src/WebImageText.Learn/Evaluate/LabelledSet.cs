using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using WebImageText.Learn.Data;
using WebImageText.Shards.Tar;

namespace WebImageText.Learn.Evaluate;

/// <summary>Images of known class: class folders, or shards.</summary>
/// <param name="Classes">Names of the classes as the set has them: folders, or labels. Sorted, unless they were given.</param>
/// <param name="Images">How many there are, or null where only reading tells.</param>
/// <param name="ReadAsync">Reads them in order.</param>
public sealed record LabelledSet(IReadOnlyList<string> Classes, int? Images, Func<CancellationToken, IAsyncEnumerable<LabelledImage>> ReadAsync)
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".ppm"];

    /// <summary>A folder of class folders, or shards of a pattern such as <c>test/{0..9}.tar</c>.</summary>
    /// <param name="location">The folder or the pattern.</param>
    /// <param name="label">
    /// In shards, what holds the class: a member's extension such as <c>cls</c> (a number or a name) or a field of the JSON.
    /// </param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="LabelledSetException">Nothing that could be evaluated is there.</exception>
    public static async Task<LabelledSet> OpenAsync(string location, string label, CancellationToken stop) =>
        location.EndsWith(".tar", StringComparison.Ordinal) || !Directory.Exists(location)
            ? await OfShardsAsync(location, label, stop)
            : OfFolders(location);

    private static LabelledSet OfFolders(string folder)
    {
        List<string> classes = [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        var files = classes.Index().SelectMany(entry => Directory.EnumerateFiles(Path.Combine(folder, entry.Item), "*", SearchOption.AllDirectories)
            .Where(path => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant())).Order(StringComparer.Ordinal)
            .Select(path => (Path: path, Class: entry.Index))).ToList();
        if (files.Count == 0)
            throw new LabelledSetException($"'{folder}' holds no images in class folders (folder/class name/image.jpg).");
        return new(classes, files.Count, Read);

        async IAsyncEnumerable<LabelledImage> Read([EnumeratorCancellation] CancellationToken stop)
        {
            foreach (var (path, index) in files)
                yield return new(path, await File.ReadAllBytesAsync(path, stop), index);
        }
    }

    // The labels are read before the images: a class must be known to be told apart from the others.
    private static async Task<LabelledSet> OfShardsAsync(string pattern, string label, CancellationToken stop)
    {
        var shards = await TarShard.FindAsync(pattern, stop);
        var found = new HashSet<string>(StringComparer.Ordinal);
        var images = 0;
        await foreach (var sample in SamplesAsync(shards, stop))
        {
            if (sample.Sample.Image is null)
                continue;
            images++;
            found.Add(LabelOf(sample.Sample, label)
                ?? throw new LabelledSetException($"'{sample.Shard}', sample '{sample.Sample.Key}': neither a member '.{label}' nor a JSON field '{label}'. Name what holds the class with --label."));
        }
        if (images == 0)
            throw new LabelledSetException($"'{pattern}' holds no images.");
        List<string> classes = found.All(name => name.All(char.IsAsciiDigit) && name.Length is > 0 and < 7)
            ? [.. Enumerable.Range(0, found.Max(name => int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)) + 1).Select(number => $"{number}")]
            : [.. found.Order(StringComparer.Ordinal)];
        var numbers = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return new(classes, images, Read);

        async IAsyncEnumerable<LabelledImage> Read([EnumeratorCancellation] CancellationToken token)
        {
            await foreach (var (sample, shard) in SamplesAsync(shards, token))
                if (sample.Image is { } image)
                    yield return new($"{shard}:{sample.Key}", image, numbers[LabelOf(sample, label)!]);
        }
    }

    private static async IAsyncEnumerable<(Sample Sample, string Shard)> SamplesAsync(
        IReadOnlyList<TarShard> shards, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var shard in shards)
        {
            await using var tar = await shard.Store.OpenReadAsync(shard.Name, stop: stop);
            await foreach (var sample in new ShardTarReader(tar, shard.Location).SamplesAsync(stop))
                yield return (sample, shard.Location);
        }
    }

    private static string? LabelOf(Sample sample, string label)
    {
        if (sample.Members.TryGetValue(label, out var member))
            return Encoding.UTF8.GetString(member.Span).Trim();
        if (sample.Json is not { } json)
            return null;
        try
        {
            using var fields = JsonDocument.Parse(json);
            return fields.RootElement.ValueKind == JsonValueKind.Object && fields.RootElement.TryGetProperty(label, out var field)
                ? field.ValueKind == JsonValueKind.String ? field.GetString() : field.ValueKind == JsonValueKind.Number ? field.GetRawText() : null
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
