using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebImageText.Curate.Dedup.Index;

/// <summary>An image of an evaluation set in an index.</summary>
/// <param name="File">Within its set, with forward slashes.</param>
/// <param name="Rows">Descriptors: of itself and of its views.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="IsFeatureless">Too plain for likeness to say anything.</param>
public sealed record IndexedImage(string File, int Rows, string Sha256, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsFeatureless = false);

/// <summary>A file that nothing guards, and why.</summary>
public sealed record UnreadImage(string File, string Why);

/// <summary>An evaluation set in an index.</summary>
public sealed record IndexedSet
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Likeness at and above which a picture counts as one of the set; null until it is calibrated.</summary>
    public float? Threshold { get; init; }

    /// <summary>Where the threshold comes from; null where it is the describer's own.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>Its images, in the order of their rows.</summary>
    public required IReadOnlyList<IndexedImage> Images { get; init; }

    /// <summary>Files that could not be decoded.</summary>
    public IReadOnlyList<UnreadImage> Unread { get; init; } = [];
}

/// <summary>What stands after the rows of an index.</summary>
public sealed record IndexHead
{
    /// <summary>The version that is written here; a change of the views is one, too.</summary>
    public const int CurrentFormat = 2;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
    };

    /// <summary>Version.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Of its content: model, views, and every image's name and bytes. Thresholds are no part of it.</summary>
    public required string Id { get; init; }

    /// <summary>What made the descriptors, for people.</summary>
    public required string Describer { get; init; }

    /// <summary>Are there views besides the images themselves?</summary>
    public bool HasViews { get; init; }

    /// <summary>The sets, in the order of their rows.</summary>
    public required IReadOnlyList<IndexedSet> Sets { get; init; }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static IndexHead Parse(ReadOnlySpan<byte> json, string name)
    {
        try
        {
            var head = JsonSerializer.Deserialize<IndexHead>(json, Json) ?? throw new JsonException("it is null");
            return head.Format == CurrentFormat
                ? head
                : throw new InvalidDataException($"'{name}' is an evaluation index of format {head.Format}; this program knows {CurrentFormat}. Build it again.");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"'{name}' is no evaluation index: {broken.Message} Build it with 'wit dedup index'.");
        }
    }

    /// <summary>UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}
