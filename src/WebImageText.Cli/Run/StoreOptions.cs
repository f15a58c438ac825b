using System.CommandLine;
using System.Text.Json;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Filter;
using WebImageText.Curate.Pixels;

namespace WebImageText.Cli.Run;

/// <summary>The options that say how images are stored; names and words are img2dataset's.</summary>
internal sealed class StoreOptions
{
    private static readonly ImageOptions Standard = new();

    private readonly Option<string> _mode = Words("--resize-mode", "How images are brought to the size: border makes them square with white, center_crop cuts them", Standard.ResizeMode);

    private readonly Option<int> _size = new("--image-size")
    {
        Description = "Size in pixels: of the shorter side with keep_ratio and center_crop, of the longer one with border and keep_ratio_largest",
        HelpName = "N",
        DefaultValueFactory = _ => Standard.Size,
    };

    private readonly Option<bool> _alsoUp = new("--resize-up") { Description = "Enlarge smaller images too: img2dataset's default, its resize_only_if_bigger=False" };

    private readonly Option<string> _down = Words("--downscale-interpolation", "Filter that makes images smaller", Standard.DownscaleInterpolation);

    private readonly Option<string> _up = Words("--upscale-interpolation", "Filter that makes images larger", Standard.UpscaleInterpolation);

    private readonly Option<string> _format = Words("--encode-format", "Format of stored images", Standard.Format);

    private readonly Option<int?> _quality = new("--encode-quality")
    {
        Description = $"1-100 for jpg and webp (default {Standard.Quality}), 0-9 for png (effort, default {Standard.PngCompression})",
        HelpName = "N",
    };

    private readonly Option<bool> _skip = new("--skip-reencode")
    {
        Description = "Store an image byte for byte where it is in the format already, upright, sRGB and not resized; its metadata stays in it",
    };

    private readonly Option<bool> _noExif = new("--no-exif") { Description = "Store no EXIF fields" };

    private readonly Option<bool> _keepLocation = new("--keep-location") { Description = "Store the location fields of EXIF (GPS) too" };

    private readonly Option<FileInfo?> _boxes = new("--blur-boxes")
    {
        Description = "Blur rectangles, faces for example: JSON lines {\"url\": ..., \"boxes\": [[left, top, right, bottom], ...]} of 0-1",
        HelpName = "F",
    };

    /// <summary>In the order of the help.</summary>
    public IEnumerable<Option> All => [_mode, _size, _alsoUp, _down, _up, _format, _quality, _skip, _noExif, _keepLocation, _boxes];

    /// <summary>How images are stored, within limits.</summary>
    /// <exception cref="UserErrorException">A number is out of its range.</exception>
    public ImageOptions Read(ParseResult parsed, (int MinBytes, int MinSide, double MaxAspect, int MaxArea) limits)
    {
        var format = Value<StoredFormat>(parsed, _format);
        var (least, most) = format == StoredFormat.Png ? (0, 9) : (1, 100);
        if (parsed.GetValue(_quality) is { } quality && (quality < least || quality > most))
            throw UserErrorException.Usage($"--encode-quality of {parsed.GetValue(_format)} is {least}-{most}, and is {quality}.");
        if (parsed.GetValue(_size) is < 1 or > 16_384)
            throw UserErrorException.Usage($"--image-size is 1-16384 pixels, and is {parsed.GetValue(_size)}.");
        return new()
        {
            MinBytes = limits.MinBytes,
            MinShorterSide = limits.MinSide,
            MaxAspectRatio = limits.MaxAspect,
            MaxPixels = limits.MaxArea,
            ResizeMode = Value<ResizeMode>(parsed, _mode),
            Size = parsed.GetValue(_size),
            ResizeOnlyIfBigger = !parsed.GetValue(_alsoUp),
            DownscaleInterpolation = Value<Interpolation>(parsed, _down),
            UpscaleInterpolation = Value<Interpolation>(parsed, _up),
            Format = format,
            Quality = format != StoredFormat.Png ? parsed.GetValue(_quality) ?? Standard.Quality : Standard.Quality,
            PngCompression = format == StoredFormat.Png ? parsed.GetValue(_quality) ?? Standard.PngCompression : Standard.PngCompression,
            SkipReencode = parsed.GetValue(_skip),
            ExtractExif = !parsed.GetValue(_noExif),
            KeepLocation = parsed.GetValue(_keepLocation),
        };
    }

    /// <summary>What is blurred; null where nothing is.</summary>
    /// <exception cref="UserErrorException">The file is missing or broken.</exception>
    public BoxList? Boxes(ParseResult parsed)
    {
        try
        {
            return parsed.GetValue(_boxes) is { } file ? BoxList.Load(file.FullName) : null;
        }
        catch (Exception broken) when (broken is IOException or FormatException)
        {
            throw UserErrorException.BadData(broken.Message);
        }
    }

    private static Option<string> Words<T>(string name, string description, T standard) where T : struct, Enum => new Option<string>(name)
    {
        Description = description,
        HelpName = string.Join('|', Enum.GetValues<T>().Select(Word)),
        DefaultValueFactory = _ => Word(standard),
    }.AcceptOnlyFromAmong([.. Enum.GetValues<T>().Select(Word)]);

    private static T Value<T>(ParseResult parsed, Option<string> option) where T : struct, Enum =>
        Enum.GetValues<T>().Single(value => Word(value) == parsed.GetValue(option));

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
