using System.Security.Cryptography;
using System.Text;
using WebImageText.Curate.Dedup.Search;

namespace WebImageText.Curate.Dedup.Index;

/// <summary>
/// Evaluation images as descriptors in one file: what the pictures of a crawl are compared with. It names the model that made it
/// and the images it was made of, and carries a threshold for every set.
/// </summary>
public sealed class DescriptorIndex : IDisposable
{
    private readonly DescriptorFile _file;
    private readonly long[] _firstRows; // of every image, over all sets
    private readonly (int Set, int Image)[] _images;

    private DescriptorIndex(DescriptorFile file, IndexHead head)
    {
        (_file, Head) = (file, head);
        var (firsts, images, ranges, row) = (new List<long>(), new List<(int, int)>(), new List<RowRange>(), 0L);
        foreach (var (at, set) in head.Sets.Index())
        {
            var first = row;
            foreach (var (number, image) in set.Images.Index())
            {
                if (image.Rows < 1)
                    throw new InvalidDataException($"'{file.Name}' is damaged: it has no descriptor of {set.Name}/{image.File}. Build it again.");
                firsts.Add(row);
                images.Add((at, number));
                row += image.Rows;
            }
            ranges.Add(new(first, row - first));
        }
        (_firstRows, _images, Ranges) = ([.. firsts], [.. images], ranges);
        if (row != file.Count)
            throw new InvalidDataException($"'{file.Name}' is damaged: its sets have {row} descriptors, the file {file.Count}. Build it again.");
        if (head.Id != IdOf(file.Model, head))
            throw new InvalidDataException($"'{file.Name}' is damaged: its content is not what its id says. Build it again.");
    }

    /// <summary>What it holds.</summary>
    public IndexHead Head { get; }

    /// <summary>All descriptors.</summary>
    public DescriptorRows Rows => _file;

    /// <summary>The rows of each set.</summary>
    public IReadOnlyList<RowRange> Ranges { get; }

    /// <summary>Images over all sets.</summary>
    public int Images => _images.Length;

    /// <summary>Opens an index.</summary>
    /// <exception cref="InvalidDataException">It is none, or damaged.</exception>
    public static DescriptorIndex Open(string path)
    {
        var file = DescriptorFile.Open(path);
        try
        {
            return new(file, IndexHead.Parse(file.Notes.Span, path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The image that a row belongs to, counted over all sets.</summary>
    public int ImageOf(long row) => Array.BinarySearch(_firstRows, row) is var at && at >= 0 ? at : ~at - 1;

    /// <summary>Number of its set, and the image itself.</summary>
    public (int Set, IndexedImage Image) this[int image] => (_images[image].Set, Head.Sets[_images[image].Set].Images[_images[image].Image]);

    /// <summary><c>SET/FILE</c>.</summary>
    public string NameOf(int image) => $"{Head.Sets[_images[image].Set].Name}/{this[image].Image.File}";

    /// <summary>The threshold of a set.</summary>
    /// <exception cref="InvalidDataException">It has none yet.</exception>
    public float ThresholdOf(int set) => Head.Sets[set].Threshold ?? throw new InvalidDataException(
        $"Evaluation set '{Head.Sets[set].Name}' in '{_file.Name}' has no threshold yet: run 'wit dedup calibrate' or give one with --threshold.");

    /// <summary>Refuses a describer whose descriptors are not those of the index.</summary>
    /// <exception cref="InvalidDataException">They are of another model.</exception>
    public void RequireModel(string model, string name)
    {
        if (model != _file.Model)
            throw new InvalidDataException($"'{_file.Name}' was built with {Head.Describer} (model {_file.Model[..12]}), not with {name} ({model[..12]}): "
                + "descriptors of two models cannot be compared. Build the index again, or use its model.");
    }

    /// <summary>Writes the index again with other thresholds.</summary>
    public void WriteWith(string path, IReadOnlyList<IndexedSet> sets)
    {
        using var writer = new DescriptorWriter(path, _file.Model, _file.Dimension, _file.Element);
        var part = new float[Math.Max(1, 1 << 20 / _file.Dimension) * _file.Dimension];
        for (var row = 0L; row < _file.Count;)
        {
            var rows = part.AsSpan(0, (int)Math.Min(part.Length / _file.Dimension, _file.Count - row) * _file.Dimension);
            _file.Read(row, rows);
            writer.Add(rows);
            row += rows.Length / _file.Dimension;
        }
        writer.Finish((Head with { Sets = sets }).ToJson());
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    internal static string IdOf(string model, IndexHead head)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"{IndexHead.CurrentFormat}\n{model}\n{head.HasViews}\n");
        foreach (var set in head.Sets)
        {
            Add($"set {set.Name}\n");
            foreach (var image in set.Images)
                Add($"{image.File}\n{image.Sha256} {image.Rows}\n");
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
