using WebImageText.Curate.Dedup.Search;

namespace WebImageText.Curate.Dedup.Index;

/// <summary>An encoded image with its name.</summary>
/// <param name="Name">Within its set.</param>
/// <param name="Bytes">Empty where it could not be read.</param>
public readonly record struct NamedImage(string Name, ReadOnlyMemory<byte> Bytes);

/// <summary>Builds a <see cref="DescriptorIndex"/>.</summary>
public static class DescriptorIndexBuilder
{
    private const int Batch = 256;

    /// <summary>Reads all sets and writes the index.</summary>
    /// <param name="path">Where the index will stand.</param>
    /// <param name="sets">Name and images of every set, in order.</param>
    /// <param name="describer">Makes the descriptors.</param>
    /// <param name="withViews">Also of mirrored, turned, cut, bordered and grey copies.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="stop">Stops between two images.</param>
    /// <exception cref="ArgumentException">Two sets have one name, or a name has a slash.</exception>
    /// <exception cref="InvalidDataException">A set has no image that can be decoded: it would guard nothing.</exception>
    public static IndexHead Build(
        string path, IReadOnlyList<(string Name, IEnumerable<NamedImage> Images)> sets, Describer describer, bool withViews = true,
        Action<long>? progress = null, CancellationToken stop = default)
    {
        foreach (var (name, _) in sets)
        {
            if (string.IsNullOrWhiteSpace(name) || name.Contains('/', StringComparison.Ordinal))
                throw new ArgumentException($"'{name}' is no name of an evaluation set: use letters without a slash.", nameof(sets));
            if (sets.Count(other => other.Name == name) > 1)
                throw new ArgumentException($"Two evaluation sets are called '{name}': give each a name of its own.", nameof(sets));
        }
        using var writer = new DescriptorWriter(path, describer.Model, describer.Dimension);
        var done = 0L;
        var head = new IndexHead { Id = "", Describer = describer.Name, HasViews = withViews, Sets = [.. sets.Select(Read)] };
        head = head with { Id = DescriptorIndex.IdOf(describer.Model, head) };
        writer.Finish(head.ToJson());
        return head;

        IndexedSet Read((string Name, IEnumerable<NamedImage> Images) set)
        {
            var (images, unread) = (new List<IndexedImage>(), new List<UnreadImage>());
            foreach (var batch in set.Images.Chunk(Batch))
            {
                var (described, why) = (new Described[batch.Length], new string?[batch.Length]);
                Parallel.For(0, batch.Length, new ParallelOptions { CancellationToken = stop }, at =>
                {
                    why[at] = describer.TryDescribe(batch[at].Bytes, withViews, out described[at]);
                    progress?.Invoke(Interlocked.Increment(ref done));
                });
                for (var at = 0; at < batch.Length; at++)
                {
                    if (why[at] is { } reason)
                    {
                        unread.Add(new(batch[at].Name, reason));
                        continue;
                    }
                    writer.Add(described[at].Rows);
                    images.Add(new(batch[at].Name, described[at].Rows.Length / describer.Dimension, described[at].Sha256, described[at].IsFeatureless));
                }
            }
            return images.Count > 0
                ? new() { Name = set.Name, Threshold = describer.SureScore, Images = images, Unread = unread }
                : throw new InvalidDataException($"Evaluation set '{set.Name}': no image can be decoded ({unread.Count} tried"
                    + (unread.Count > 0 ? $", for example {unread[0].File}: {unread[0].Why}" : "") + "). Name a folder of images, a tar or a parquet file.");
        }
    }
}
