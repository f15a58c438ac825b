using System.Text.Json;
using System.Text.Json.Nodes;

namespace WebImageText.Learn.Clip;

public sealed partial record ClipConfiguration
{
    // Members that change nothing in what the model computes from its weights.
    private static readonly HashSet<string> Harmless =
    [
        "lr", "betas", "eps", "weight_decay", "losses", "params", "patch_dropout", "head_width", "hf_tokenizer_name", "tokenizer_kwargs",
        "custom_text",
    ];

    /// <summary>A model by its name, or the model that a JSON file describes.</summary>
    /// <param name="nameOrPath">A name that <see cref="Named"/> knows, or the path of a file of open_clip's form.</param>
    /// <exception cref="ClipConfigurationException">Neither.</exception>
    public static ClipConfiguration Load(string nameOrPath)
    {
        if (!File.Exists(nameOrPath))
            return Named(nameOrPath);
        try
        {
            return FromJson(File.ReadAllText(nameOrPath));
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException or ClipConfigurationException)
        {
            throw new ClipConfigurationException($"'{nameOrPath}': {broken.Message}", broken);
        }
    }

    /// <summary>Reads open_clip's form: a file of its <c>model_configs</c>, or <c>open_clip_config.json</c> of a published model.</summary>
    /// <exception cref="ClipConfigurationException">It describes a model of another family.</exception>
    public static ClipConfiguration FromJson(string json)
    {
        using var document = JsonDocument.Parse(json, new() { MaxDepth = 16 });
        var root = document.RootElement;
        if (root.TryGetProperty("model_cfg", out var inner))
            root = inner;
        var (image, text) = (root.GetProperty("vision_cfg"), root.GetProperty("text_cfg"));
        Refuse(root, ["embed_dim", "vision_cfg", "text_cfg", "quick_gelu", "init_logit_scale", "init_logit_bias"]);
        Refuse(image, ["image_size", "layers", "width", "patch_size", "mlp_ratio"]);
        Refuse(text, ["context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio"]);
        var standard = new TextTowerConfiguration();
        var configuration = new ClipConfiguration(
            root.GetProperty("embed_dim").GetInt32(),
            ImageTower(image),
            new()
            {
                ContextLength = Int(text, "context_length", standard.ContextLength),
                VocabularySize = Int(text, "vocab_size", standard.VocabularySize),
                Width = Int(text, "width", standard.Width),
                Heads = Int(text, "heads", standard.Heads),
                Layers = Int(text, "layers", standard.Layers),
                MlpRatio = Real(text, "mlp_ratio") ?? 4,
            },
            root.TryGetProperty("quick_gelu", out var quick) && quick.GetBoolean())
        { InitialLogitBias = Real(root, "init_logit_bias") };
        return (Real(root, "init_logit_scale") is { } scale ? configuration with { InitialLogitScale = scale } : configuration).Checked();
    }

    /// <summary>The configuration in open_clip's form, as its <c>model_configs</c> are.</summary>
    public JsonObject ToJson()
    {
        var image = new JsonObject { ["image_size"] = Image.ImageSize };
        if (Image is ResNetConfiguration resnet)
            image["layers"] = new JsonArray([.. resnet.Blocks.Select(count => JsonValue.Create(count))]);
        else if (Image is VisionTransformerConfiguration transformer)
        {
            image["layers"] = transformer.Layers;
            image["patch_size"] = transformer.PatchSize;
            if (transformer.MlpRatio != 4)
                image["mlp_ratio"] = transformer.MlpRatio;
        }
        image["width"] = Image.Width;
        image["head_width"] = Image.HeadWidth;
        var text = new JsonObject
        {
            ["context_length"] = Text.ContextLength,
            ["vocab_size"] = Text.VocabularySize,
            ["width"] = Text.Width,
            ["heads"] = Text.Heads,
            ["layers"] = Text.Layers,
        };
        if (Text.MlpRatio != 4)
            text["mlp_ratio"] = Text.MlpRatio;
        var root = new JsonObject { ["embed_dim"] = EmbedDim, ["vision_cfg"] = image, ["text_cfg"] = text, ["quick_gelu"] = QuickGelu };
        if (InitialLogitBias is { } bias)
            (root["init_logit_scale"], root["init_logit_bias"]) = (InitialLogitScale, bias);
        return root;
    }

    private static ImageTowerConfiguration ImageTower(JsonElement image)
    {
        var (size, width, head) = (Int(image, "image_size", 224), Int(image, "width", 768), Int(image, "head_width", 64));
        if (image.TryGetProperty("layers", out var layers) && layers.ValueKind == JsonValueKind.Array)
            return new ResNetConfiguration
            {
                ImageSize = size,
                Width = width,
                HeadWidth = head,
                Blocks = [.. layers.EnumerateArray().Select(count => count.GetInt32())],
            };
        return new VisionTransformerConfiguration
        {
            ImageSize = size,
            Width = width,
            HeadWidth = head,
            Layers = Int(image, "layers", 12),
            PatchSize = Int(image, "patch_size", 16),
            MlpRatio = Real(image, "mlp_ratio") ?? 4,
        };
    }

    // A member that we do not know may change what is computed; building something else in silence would be worse than an error.
    private static void Refuse(JsonElement part, string[] known)
    {
        foreach (var member in part.EnumerateObject())
        {
            var isOff = member.Value.ValueKind is JsonValueKind.False or JsonValueKind.Null;
            if (!isOff && !known.Contains(member.Name) && !Harmless.Contains(member.Name))
                throw new ClipConfigurationException(
                    $"'{member.Name}' belongs to a model that this program does not build: it builds the vision transformers and ResNets of the CLIP paper.");
        }
    }

    private static int Int(JsonElement part, string name, int standard) => part.TryGetProperty(name, out var value) ? value.GetInt32() : standard;

    private static double? Real(JsonElement part, string name) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
