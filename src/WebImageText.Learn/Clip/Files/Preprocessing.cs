using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WebImageText.Learn.Clip.Files;

/// <summary>What a model wants its pixels to be like, once the square in the middle is cut out.</summary>
/// <param name="Mean">Subtracted from red, green and blue in 0-1.</param>
/// <param name="Deviation">Divides them after that.</param>
public sealed record Preprocessing(IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    /// <summary>OpenAI's, and of every model that is trained here.</summary>
    public static Preprocessing Clip { get; } = new([0.48145466f, 0.4578275f, 0.40821073f], [0.26862954f, 0.26130258f, 0.27577711f]);

    /// <summary>Reads <c>preprocess_cfg</c> of open_clip's configuration; what it does not say is CLIP's.</summary>
    /// <exception cref="ModelFileException">It asks for something else than the shorter side's bicubic resize.</exception>
    internal static Preprocessing ReadOpenClip(JsonElement root)
    {
        if (!root.TryGetProperty("preprocess_cfg", out var part) || part.ValueKind != JsonValueKind.Object)
            return Clip;
        Require(part, "interpolation", "bicubic");
        Require(part, "resize_mode", "shortest");
        return new(Numbers(part, "mean") ?? Clip.Mean, Numbers(part, "std") ?? Clip.Deviation);
    }

    /// <summary>Reads <c>preprocessor_config.json</c> of Hugging Face.</summary>
    internal static Preprocessing ReadHuggingFace(JsonElement root) =>
        new(Numbers(root, "image_mean") ?? Clip.Mean, Numbers(root, "image_std") ?? Clip.Deviation);

    /// <summary>In open_clip's words.</summary>
    internal JsonObject OpenClip() => new()
    {
        ["mean"] = Numbers(Mean),
        ["std"] = Numbers(Deviation),
        ["interpolation"] = "bicubic",
        ["resize_mode"] = "shortest",
    };

    /// <summary><c>preprocessor_config.json</c> of Hugging Face.</summary>
    internal JsonObject HuggingFace(int side) => new()
    {
        ["image_processor_type"] = "CLIPImageProcessor",
        ["feature_extractor_type"] = "CLIPFeatureExtractor",
        ["do_convert_rgb"] = true,
        ["do_resize"] = true,
        ["size"] = new JsonObject { ["shortest_edge"] = side },
        ["resample"] = 3, // PIL's number for bicubic
        ["do_center_crop"] = true,
        ["crop_size"] = new JsonObject { ["height"] = side, ["width"] = side },
        ["do_rescale"] = true,
        ["rescale_factor"] = 1 / 255.0,
        ["do_normalize"] = true,
        ["image_mean"] = Numbers(Mean),
        ["image_std"] = Numbers(Deviation),
    };

    private static void Require(JsonElement part, string name, string value)
    {
        if (part.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String && found.GetString() != value)
            throw new ModelFileException($"The model wants '{name}' to be '{found.GetString()}'; this program prepares images with '{value}'.");
    }

    private static float[]? Numbers(JsonElement part, string name)
    {
        if (!part.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array)
            return null;
        float[] numbers = [.. list.EnumerateArray().Select(number => number.GetSingle())];
        return numbers.Length == 3 && Array.TrueForAll(numbers, number => number is > 0 and < 10)
            ? numbers
            : throw new ModelFileException($"'{name}' of the model's preprocessing is not three numbers above 0.");
    }

    // As short as they can be written: 0.4578275, not 0.45782750844955444.
    private static JsonArray Numbers(IEnumerable<float> values) => [.. values.Select(value =>
        JsonValue.Create(double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)))];
}
