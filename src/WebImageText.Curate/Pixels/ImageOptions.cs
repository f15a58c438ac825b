using System.ComponentModel.DataAnnotations;

namespace WebImageText.Curate.Pixels;

/// <summary>How an image is brought to <see cref="ImageOptions.Size"/>; the words are img2dataset's <c>resize_mode</c>.</summary>
public enum ResizeMode
{
    /// <summary>Stored at the size it came in.</summary>
    No,
    /// <summary>The longer side is brought to the size, then white borders make it square.</summary>
    Border,
    /// <summary>The shorter side is brought to the size.</summary>
    KeepRatio,
    /// <summary>The longer side is brought to the size.</summary>
    KeepRatioLargest,
    /// <summary>The shorter side is brought to the size, then the middle is cut out square.</summary>
    CenterCrop,
}

/// <summary>The filter of a resize; the words are img2dataset's. All but nearest cover every source pixel when they reduce.</summary>
public enum Interpolation
{
    /// <summary>The nearest pixel.</summary>
    Nearest,
    /// <summary>Triangle of 2 pixels.</summary>
    Linear,
    /// <summary>Keys' cubic, a = -0.5, of 4 pixels.</summary>
    Cubic,
    /// <summary>The average of the covered area.</summary>
    Area,
    /// <summary>Lanczos of 6 pixels.</summary>
    Lanczos,
}

/// <summary>The format of stored images.</summary>
public enum StoredFormat
{
    /// <summary>JPEG, chroma at half size (4:2:0).</summary>
    Jpg,
    /// <summary>PNG.</summary>
    Png,
    /// <summary>WebP, lossy.</summary>
    Webp,
}

/// <summary>Which images are kept, and how they are stored.</summary>
/// <remarks>Limits: DataComp's basic filter (arXiv:2304.14108). Names and modes: img2dataset's <c>Resizer</c>.</remarks>
public sealed class ImageOptions
{
    /// <summary>Least bytes of the image as served. Default 0: no limit (LAION-400M and COYO-700M: 5,000).</summary>
    [Range(0, int.MaxValue)] public int MinBytes { get; init; }

    /// <summary>Least shorter side, pixels. Default 200 (DataComp).</summary>
    [Range(1, 65_500)] public int MinShorterSide { get; init; } = 200;

    /// <summary>Greatest ratio of the longer to the shorter side. Default 3 (DataComp).</summary>
    [Range(1, 65_500)] public double MaxAspectRatio { get; init; } = 3;

    /// <summary>Most pixels that the header may declare; more are refused before any is decoded. Default 100,000,000; formats whose decoder holds the whole picture may have fewer, as many as fit 200 MB.</summary>
    [Range(1, 500_000_000)] public int MaxPixels { get; init; } = 100_000_000;

    /// <summary>Greatest side that the header may declare, pixels. Default 65,500, the most that a JPEG can be stored with.</summary>
    [Range(1, 65_500)] public int MaxSide { get; init; } = 65_500;

    /// <summary>How the image is brought to <see cref="Size"/>. Default <c>keep_ratio</c>: the shorter side.</summary>
    public ResizeMode ResizeMode { get; init; } = ResizeMode.KeepRatio;

    /// <summary>Side that <see cref="ResizeMode"/> aims at, pixels. Default 512.</summary>
    [Range(1, 16_384)] public int Size { get; init; } = 512;

    /// <summary>A smaller image stays as it is. Default true: sizes only ever go down.</summary>
    public bool ResizeOnlyIfBigger { get; init; } = true;

    /// <summary>The filter that makes images smaller. Default <c>lanczos</c>.</summary>
    public Interpolation DownscaleInterpolation { get; init; } = Interpolation.Lanczos;

    /// <summary>The filter that makes images larger. Default <c>lanczos</c> (img2dataset's).</summary>
    public Interpolation UpscaleInterpolation { get; init; } = Interpolation.Lanczos;

    /// <summary>Format of stored images. Default JPEG.</summary>
    public StoredFormat Format { get; init; } = StoredFormat.Jpg;

    /// <summary>Quality of stored JPEG and WebP, 1-100. Default 95 (img2dataset's).</summary>
    [Range(1, 100)] public int Quality { get; init; } = 95;

    /// <summary>Effort of stored PNG, 0-9. Default 6; pixels are the same at every level.</summary>
    [Range(0, 9)] public int PngCompression { get; init; } = 6;

    /// <summary>
    /// An image that is in <see cref="Format"/> already, upright, sRGB and not resized is stored byte for byte. Default false:
    /// every image is encoded again, which also removes its metadata, location and all.
    /// </summary>
    public bool SkipReencode { get; init; }

    /// <summary>EXIF fields are stored as text. Default true.</summary>
    public bool ExtractExif { get; init; } = true;

    /// <summary>EXIF location (GPS) fields are stored too. Default false.</summary>
    public bool KeepLocation { get; init; }
}
