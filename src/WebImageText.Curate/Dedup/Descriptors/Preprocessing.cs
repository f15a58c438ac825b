using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using WebImageText.Curate.Pixels;

namespace WebImageText.Curate.Dedup.Descriptors;

/// <summary>
/// What a detector's input is made of a picture: squeezed to a square (the aspect is lost, so every batch has one shape), with a
/// filter that covers every source pixel, then scaled and centred. The same in training and in use.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>The one way that this code makes inputs; a file that names another is of a later program.</summary>
    public const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter<Interpolation>(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Of this description: 1.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Side of the square, pixels. Default 160.</summary>
    public int Side { get; init; } = 160;

    /// <summary>The filter of the squeeze; it widens where it reduces. Default <c>linear</c>.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Linear;

    /// <summary>Subtracted from red, green and blue of 0-1. Default: ImageNet's means.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>Then divided by. Default: ImageNet's deviations.</summary>
    public IReadOnlyList<float> Std { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>Numbers that one picture becomes: 3 planes of the square.</summary>
    [JsonIgnore] public int Length => 3 * Side * Side;

    /// <summary>Reads a description.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">What an error calls it.</param>
    /// <exception cref="InvalidDataException">It is none, or its numbers make no sense.</exception>
    public static Preprocessing Parse(ReadOnlySpan<byte> json, string name)
    {
        Preprocessing? read;
        try
        {
            read = JsonSerializer.Deserialize<Preprocessing>(json, Json);
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"'{name}' does not describe a detector's input: {broken.Message}");
        }
        var wrong = read switch
        {
            null => "it is null",
            { Version: not CurrentVersion } => $"its version is {read.Version}, this program knows {CurrentVersion}",
            { Side: < 16 or > 1024 } => $"its side is {read.Side}, must be 16-1024",
            { Mean: not { Count: 3 } } or { Std: not { Count: 3 } } => "mean and std must have three numbers each",
            _ when read.Mean.Any(value => !float.IsFinite(value)) => "a mean is not finite",
            _ when read.Std.Any(value => !(float.IsFinite(value) && value > 1e-6f)) => "a std is not a positive number",
            _ => null,
        };
        return wrong is null ? read! : throw new InvalidDataException(
            string.Create(CultureInfo.InvariantCulture, $"'{name}' does not describe a detector's input: {wrong}."));
    }

    /// <summary>As <see cref="Parse"/> reads it: UTF-8, indented.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>The input made of an encoded image.</summary>
    /// <param name="image">Bytes of any origin.</param>
    /// <param name="to">Red, green, blue planes; <see cref="Length"/> numbers.</param>
    /// <returns>Why there is none, or null.</returns>
    public string? TryRead(ReadOnlyMemory<byte> image, Span<float> to)
    {
        if (!SquarePicture.TryDecode(image, Side, out var raster, out var why))
            return why;
        using (raster)
            Write(raster, to);
        return null;
    }

    /// <summary>The input made of decoded pixels.</summary>
    /// <param name="picture">Not changed.</param>
    /// <param name="to">Red, green, blue planes; <see cref="Length"/> numbers.</param>
    internal void Write(Raster picture, Span<float> to)
    {
        using var square = Squeeze(picture);
        var pixels = square.Pixels;
        for (var band = 0; band < 3; band++)
        {
            var (scale, shift) = (1 / (255 * Std[band]), -Mean[band] / Std[band]);
            var plane = to.Slice(band * Side * Side, Side * Side);
            for (var at = 0; at < plane.Length; at++)
                plane[at] = pixels[3 * at + band] * scale + shift;
        }
    }

    /// <summary>The square before it is scaled.</summary>
    internal Raster Squeeze(Raster picture) => Resampler.Resize(picture, Side, Side, Interpolation);
}
