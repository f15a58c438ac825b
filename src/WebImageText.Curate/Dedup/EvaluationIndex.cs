using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Pixels;

namespace WebImageText.Curate.Dedup;

/// <summary>
/// Every evaluation image, by its pixels and by the PDQ hashes of its views. Safe for any number of threads once loaded.
/// </summary>
public sealed class EvaluationIndex
{
    private const long LongestFile = 1L << 28;

    // What is taken for an image in a set's folder; formats that are not decoded here are reported, not passed over.
    private static readonly HashSet<string> Extensions = new(
        [".jpg", ".jpeg", ".jfif", ".png", ".gif", ".webp", ".avif", ".tif", ".tiff", ".bmp", ".heic", ".heif", ".jxl", ".jp2", ".ppm"],
        StringComparer.OrdinalIgnoreCase);

    private readonly EvaluationOptions _options;
    private readonly PdqIndex _hashes = new();
    private readonly List<string> _imageOfHash = [];
    private readonly Dictionary<UInt128, string> _byPixels = [];
    private readonly Describer? _describer;
    private readonly Dictionary<EvaluationSet, GuardedRows> _rows = [];

    private EvaluationIndex(EvaluationOptions options, Describer? describer) => (_options, _describer) = (options, describer);

    /// <summary>What was found in each set.</summary>
    public IReadOnlyList<EvaluationSetReport> Sets { get; private set; } = [];

    /// <summary>Images that are guarded, over all sets.</summary>
    public int Images => Sets.Sum(set => set.Images);

    /// <summary>Hashes that are compared: up to 22 an image.</summary>
    public int Hashes => _hashes.Count;

    /// <summary>
    /// Likeness at and above which a picture counts as a copy, 0-1: the detector's where there is one, else PDQ's. Sets with a
    /// likeness of their own have that instead.
    /// </summary>
    public float Limit => _describer is null ? 1 - _options.MaxDistance / 256f : _options.MinScore;

    /// <summary>Reads all sets, on all cores.</summary>
    /// <param name="sets">The sets; their names differ.</param>
    /// <param name="image">The options of the <see cref="ImageJudge"/> whose pictures are compared.</param>
    /// <param name="options">How near a picture may come.</param>
    /// <param name="describer">A detector, whose descriptors are compared besides; not disposed here.</param>
    /// <param name="progress">Told after every image.</param>
    /// <param name="stop">Stops between two images.</param>
    /// <exception cref="ArgumentException">Two sets have one name, or a name has a slash or no letter.</exception>
    /// <exception cref="DirectoryNotFoundException">A folder is not there.</exception>
    /// <exception cref="InvalidDataException">A set has no image that can be decoded: it would guard nothing.</exception>
    public static async Task<EvaluationIndex> LoadAsync(
        IEnumerable<EvaluationSet> sets, ImageOptions image, EvaluationOptions? options = null, Describer? describer = null,
        IProgress<EvaluationProgress>? progress = null, CancellationToken stop = default)
    {
        var all = sets.ToArray();
        foreach (var set in all)
        {
            if (string.IsNullOrWhiteSpace(set.Name) || set.Name.Contains('/', StringComparison.Ordinal))
                throw new ArgumentException($"'{set.Name}' is no name of an evaluation set: use letters without a slash.", nameof(sets));
            if (all.Count(other => other.Name == set.Name) > 1)
                throw new ArgumentException($"Two evaluation sets are called '{set.Name}': give each a name of its own.", nameof(sets));
        }
        var files = all.SelectMany(set => Files(set.Folder).Select(file => (Set: set, File: file))).ToArray();
        var entries = new Entry[files.Length];
        var decoder = new PictureDecoder(Unlimited(image));
        var (done, bad) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, files.Length), stop, async (at, stopping) =>
        {
            entries[at] = await ReadAsync(decoder, describer, Path.Combine(files[at].Set.Folder, files[at].File), stopping).ConfigureAwait(false);
            if (entries[at].Why is not null)
                Interlocked.Increment(ref bad);
            progress?.Report(new(Interlocked.Increment(ref done), files.Length, Volatile.Read(ref bad)));
        }).ConfigureAwait(false);
        return new EvaluationIndex(options ?? new(), describer).Take(all, files, entries);
    }

    /// <summary>Compares a kept picture with every evaluation image: by pixels, by PDQ, and by the detector where there is one.</summary>
    /// <param name="picture">As it was judged.</param>
    /// <param name="stored">The image as it is stored, which the detector looks at.</param>
    public EvaluationVerdict Compare(PictureFacts picture, ReadOnlyMemory<byte> stored)
    {
        var sure = Nearest(picture);
        if (_describer is null)
            return new(sure, Judge(sure), null);
        // What was just encoded can be decoded; a picture without a descriptor would pass unseen.
        if (_describer.TryDescribe(stored, withViews: false, out var described) is { } why)
            throw new InvalidDataException($"The image {picture.StoredSha256} was stored and cannot be read again: {why}.");
        var cell = StoredDescriptor.Write(described.Rows, _describer.Model);
        if (Judge(sure) is { } copy)
            return new(sure, copy, cell);
        // The one that is furthest over the threshold of its set, or least under it.
        EvaluationMatch? match = null;
        var (least, over) = (0f, float.NegativeInfinity);
        foreach (var (set, rows) in _rows)
            if (rows.Nearest(described.Rows) is { } near && near.Score - LeastOf(set) > over)
                (match, least, over) = (new(near.Name, near.Score), LeastOf(set), near.Score - LeastOf(set));
        if (match is null)
            return new(null, null, cell);
        // What is plain resembles everything plain: only equal pixels tell.
        return match.Score >= least && !described.IsFeatureless
            ? new(match, new(DropReason.NearDuplicateOfEvaluationImage, string.Create(CultureInfo.InvariantCulture, $"{match.Nearest}, likeness {match.Score:0.0000}")), cell)
            : new(match with { Score = MathF.Min(match.Score, MathF.BitDecrement(least)) }, null, cell);
    }

    /// <summary>The evaluation image that a picture resembles most, within <see cref="EvaluationOptions.Reach"/>.</summary>
    public EvaluationMatch? Nearest(PictureFacts picture) => _byPixels.TryGetValue(picture.PixelHash, out var same)
        ? new(same, 1)
        : Nearest(picture.Pdq, picture.PdqQuality);

    /// <summary>
    /// The evaluation image with the nearest hash, within <see cref="EvaluationOptions.Reach"/>; null also for a picture of a
    /// quality under <see cref="PdqHash.LeastQuality"/>, whose hash says nothing.
    /// </summary>
    public EvaluationMatch? Nearest(PdqHash hash, int quality) =>
        quality >= PdqHash.LeastQuality && _hashes.Nearest(hash, _options.Reach) is { } near
            ? new(_imageOfHash[near.Id], 1 - near.Distance / 256f)
            : null;

    /// <summary>Why a picture with this nearest evaluation image is dropped: it counts as a copy. Null when it does not.</summary>
    public Drop? Judge(EvaluationMatch? nearest)
    {
        if (nearest is null)
            return null;
        var distance = (int)MathF.Round((1 - nearest.Score) * 256);
        return distance <= _options.MaxDistance
            ? new(DropReason.NearDuplicateOfEvaluationImage,
                string.Create(CultureInfo.InvariantCulture, $"{nearest.Nearest}, {distance} of 256 bits differ"))
            : null;
    }

    private EvaluationIndex Take(EvaluationSet[] sets, (EvaluationSet Set, string File)[] files, Entry[] entries)
    {
        var reports = new List<EvaluationSetReport>();
        foreach (var set in sets)
        {
            var (images, featureless, bad) = (0, new List<string>(), new List<(string, string)>());
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (var at = 0; at < files.Length; at++)
            {
                if (files[at].Set != set)
                    continue;
                var entry = entries[at];
                if (entry.Why is not null)
                {
                    bad.Add((files[at].File, entry.Why));
                    continue;
                }
                images++;
                var name = $"{set.Name}/{files[at].File}";
                _byPixels.TryAdd(entry.Pixels, name);
                digest.AppendData(Encoding.UTF8.GetBytes($"{files[at].File}\n{entry.Pixels:x32}\n"));
                if (entry.Hashes.Count == 0)
                    featureless.Add(files[at].File);
                foreach (var hash in entry.Hashes)
                {
                    _hashes.Add(hash);
                    _imageOfHash.Add(name);
                }
                if (entry.Rows.Length > 0)
                    RowsOf(set).Add(name, entry.Rows);
            }
            if (images == 0)
                throw new InvalidDataException($"Evaluation set '{set.Name}': no image in '{set.Folder}' can be decoded ({bad.Count} tried, "
                    + $"for example {bad.FirstOrDefault()}). Name a folder of images, or of class folders with images.");
            reports.Add(new(set, images, featureless, bad, Convert.ToHexStringLower(digest.GetHashAndReset())));
        }
        Sets = reports;
        return this;
    }

    private float LeastOf(EvaluationSet set) => set.MinScore ?? _options.MinScore;

    private GuardedRows RowsOf(EvaluationSet set) => _rows.TryGetValue(set, out var rows) ? rows : _rows[set] = new(_describer!.Dimension);

    private static IEnumerable<string> Files(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"Evaluation set folder '{folder}' is not there.");
        var deep = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 16 };
        return Directory.EnumerateFiles(folder, "*", deep).Where(file => Extensions.Contains(Path.GetExtension(file)))
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
    }

    private static async ValueTask<Entry> ReadAsync(PictureDecoder decoder, Describer? describer, string path, CancellationToken stop)
    {
        try
        {
            if (new FileInfo(path).Length > LongestFile)
                return new(default, [], [], $"over {LongestFile >> 20} MiB");
            var decoded = decoder.Decode(await File.ReadAllBytesAsync(path, stop).ConfigureAwait(false));
            if (decoded is not Decoded.Picture picture)
                return new(default, [], [], ((Decoded.Refused)decoded).Drop.ToString());
            using var raster = picture.Raster;
            var hasFeatures = Pdq.Of(raster).Quality >= PdqHash.LeastQuality;
            return new(PixelHash.Of(raster), hasFeatures ? EvaluationViews.Of(raster) : [], hasFeatures ? describer?.Views(raster) ?? [] : [], null);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new(default, [], [], unreadable.Message);
        }
    }

    // An evaluation image is guarded whatever its size; it is shrunk while decoding as the judge's pictures are.
    private static ImageOptions Unlimited(ImageOptions image) => new()
    {
        MinShorterSide = 1,
        MaxAspectRatio = 65_500,
        MaxPixels = 500_000_000,
        ResizeMode = image.ResizeMode,
        Size = image.Size,
        ResizeOnlyIfBigger = image.ResizeOnlyIfBigger,
    };

    private readonly record struct Entry(UInt128 Pixels, IReadOnlyList<PdqHash> Hashes, float[] Rows, string? Why);
}

/// <summary>What comparing a picture with the evaluation images told.</summary>
/// <param name="Nearest">The evaluation image that it resembles most.</param>
/// <param name="Drop">Why it is dropped, if it counts as a copy.</param>
/// <param name="Descriptor">The detector's descriptor as a data set keeps it.</param>
public sealed record EvaluationVerdict(EvaluationMatch? Nearest, Drop? Drop, byte[]? Descriptor);
