using System.Security.Cryptography;
using System.Text.Json;
using WebImageText.Curate.Dedup;
using WebImageText.Curate.Filter;

namespace WebImageText.Curate.Pixels;

/// <summary>
/// Judges the bytes of an image and makes what is stored of it: header, limits, one decode, hashes, resize, encode. Safe for
/// many threads at once; an image of more than 16 M pixels waits for the one before it.
/// </summary>
public sealed class ImageJudge
{
    private readonly ImageOptions _options;
    private readonly PictureDecoder _decoder;
    private readonly bool _useTurbo;
    private readonly PictureFilters _filters;

    /// <summary>A judge with these options and the best codecs of this machine (<see cref="Codecs"/>).</summary>
    /// <param name="options">Which images are kept, and how they are stored.</param>
    /// <param name="filters">What else decides; stays the caller's.</param>
    public ImageJudge(ImageOptions options, PictureFilters? filters = null) : this(options, TurboJpeg.IsPresent, filters) { }

    /// <summary>A judge that says itself which codec JPEG takes.</summary>
    /// <param name="options">Which images are kept, and how they are stored.</param>
    /// <param name="useTurbo">libturbojpeg, which must be there (<see cref="HasTurbo"/>); otherwise libvips.</param>
    /// <param name="filters">What else decides; stays the caller's.</param>
    public ImageJudge(ImageOptions options, bool useTurbo, PictureFilters? filters = null) =>
        (_options, _decoder, _useTurbo, _filters) = (options, new PictureDecoder(options, useTurbo), useTurbo, filters ?? PictureFilters.None);

    /// <summary>This machine has libturbojpeg.</summary>
    public static bool HasTurbo => TurboJpeg.IsPresent;

    /// <summary>Judges one image.</summary>
    /// <param name="bytes">The body as served; not changed. With a kept verdict it may be part of the answer.</param>
    /// <param name="candidate">Where it was found and what is said of it: for scores of picture and caption, and for what is to be blurred.</param>
    /// <exception cref="InvalidDataException">A model that scores does not do what its description says.</exception>
    public ImageVerdict Judge(ReadOnlyMemory<byte> bytes, Candidate? candidate = null)
    {
        if (bytes.Length < _options.MinBytes && bytes.Length > 0)
            return new ImageVerdict.Dropped(new(DropReason.TooSmall, $"{bytes.Length} bytes, least {_options.MinBytes}"), null);
        var decoded = _decoder.Decode(bytes);
        if (decoded is Decoded.Refused refused)
            return new ImageVerdict.Dropped(refused.Drop, refused.Width > 0
                ? new(0, 0, refused.Width, refused.Height, Sha256(bytes.Span), "", default, default, 0)
                : null);
        var picture = (Decoded.Picture)decoded;
        using var raster = picture.Raster;
        var fit = Fit.Of(picture.Width, picture.Height, _options);
        var pdq = Pdq.Of(raster);
        var facts = new PictureFacts(fit.StoredWidth, fit.StoredHeight, picture.Width, picture.Height, Sha256(bytes.Span), "",
            PixelHash.Of(raster), pdq.Hash, pdq.Quality, _options.ExtractExif ? Exif.Read(picture.Exif, _options.KeepLocation) : null);
        if (_filters.Blocks?.Judge(facts) is { } blocked)
            return new ImageVerdict.Dropped(blocked, facts);
        if (Score(raster, candidate?.Caption?.Text ?? "", ref facts) is { } low)
            return new ImageVerdict.Dropped(low, facts);
        var most = _options.Format switch { StoredFormat.Jpg => 65_500, StoredFormat.Webp => 16_383, _ => int.MaxValue };
        if (Math.Max(fit.StoredWidth, fit.StoredHeight) > most)
            return new ImageVerdict.Dropped(new(DropReason.TooManyPixels,
                $"{fit.StoredWidth}x{fit.StoredHeight} cannot be stored as {_options.Format.ToString().ToLowerInvariant()}"), facts);
        var boxes = candidate is null ? [] : _filters.Boxes?.Of(candidate.Image) ?? [];
        var stored = Store(bytes, picture, fit, boxes);
        return new ImageVerdict.Kept(facts with { StoredSha256 = Sha256(stored.Span) }, stored);
    }

    /// <summary>The image as it would be stored, and nothing else of what <see cref="Judge"/> learns; null where it is dropped.</summary>
    public ReadOnlyMemory<byte>? Restore(ReadOnlyMemory<byte> bytes)
    {
        if (_decoder.Decode(bytes) is not Decoded.Picture picture)
            return null;
        using var raster = picture.Raster;
        return Store(bytes, picture, Fit.Of(picture.Width, picture.Height, _options), []);
    }

    private Drop? Score(Raster raster, string caption, ref PictureFacts facts)
    {
        if (_filters.Scores.Count == 0)
            return null;
        var scores = new Dictionary<string, double>();
        Drop? drop = null;
        foreach (var model in _filters.Scores)
        {
            var score = scores[model.Description.Score] = Math.Round(model.Score(raster, caption), 4);
            drop = model.Description.Judge(score);
            if (drop is not null)
                break;
        }
        facts = facts with { Scores = JsonSerializer.Serialize(scores) };
        return drop;
    }

    // Resized, then blurred, then cut: in img2dataset's order, so that boxes mean the same.
    private ReadOnlyMemory<byte> Store(ReadOnlyMemory<byte> bytes, Decoded.Picture picture, Fit fit, IReadOnlyList<BlurBox> boxes)
    {
        var isResized = fit.StoredWidth != picture.Width || fit.StoredHeight != picture.Height;
        if (_options.SkipReencode && !isResized && picture.IsPlain && IsStored(picture.Kind) && boxes.Count == 0)
            return bytes;
        if (!isResized)
        {
            BoxBlur.Apply(picture.Raster, boxes);
            return Encode(picture.Raster);
        }
        using var resized = Resampler.Resize(picture.Raster, fit.Width, fit.Height,
            fit.IsSmaller ? _options.DownscaleInterpolation : _options.UpscaleInterpolation);
        BoxBlur.Apply(resized, boxes);
        if (fit is { Left: 0, Top: 0 } && fit.StoredWidth == fit.Width && fit.StoredHeight == fit.Height)
            return Encode(resized);
        using var canvas = Canvas.Of(resized, fit);
        return Encode(canvas);
    }

    private byte[] Encode(Raster raster) => _options.Format == StoredFormat.Jpg && _useTurbo
        ? TurboJpeg.Encode(raster, _options.Quality)
        : Vips.Encode(raster, _options);

    private bool IsStored(ImageKind kind) => (kind, _options.Format) is
        (ImageKind.Jpeg, StoredFormat.Jpg) or (ImageKind.Png, StoredFormat.Png) or (ImageKind.Webp, StoredFormat.Webp);

    private static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
