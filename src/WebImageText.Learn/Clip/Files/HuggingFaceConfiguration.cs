using System.Text.Json;
using System.Text.Json.Nodes;

namespace WebImageText.Learn.Clip.Files;

/// <summary><c>config.json</c> of Hugging Face's <c>CLIPModel</c>.</summary>
internal static class HuggingFaceConfiguration
{
    private const int ArgmaxPooling = 2;

    /// <summary>Our shapes in their words.</summary>
    /// <exception cref="ModelFileException">The image tower is a ResNet, which has no form there.</exception>
    public static JsonObject Write(ClipConfiguration configuration)
    {
        if (configuration.Image is not VisionTransformerConfiguration image)
            throw new ModelFileException("Hugging Face's CLIPModel has no ResNet image tower. Export to open_clip's form.");
        var (text, activation) = (configuration.Text, configuration.QuickGelu ? "quick_gelu" : "gelu");
        return new()
        {
            ["architectures"] = new JsonArray("CLIPModel"),
            ["model_type"] = "clip",
            ["torch_dtype"] = "float32",
            ["projection_dim"] = configuration.EmbedDim,
            ["logit_scale_init_value"] = configuration.InitialLogitScale,
            ["initializer_factor"] = 1.0,
            ["text_config"] = new JsonObject
            {
                ["model_type"] = "clip_text_model",
                ["hidden_size"] = text.Width,
                ["intermediate_size"] = (int)(text.Width * text.MlpRatio),
                ["num_hidden_layers"] = text.Layers,
                ["num_attention_heads"] = text.Heads,
                ["max_position_embeddings"] = text.ContextLength,
                ["vocab_size"] = text.VocabularySize,
                ["hidden_act"] = activation,
                ["layer_norm_eps"] = 1e-5,
                ["bos_token_id"] = text.VocabularySize - 2,
                ["eos_token_id"] = text.VocabularySize - 1, // where it stands is where the feature is read
                ["pad_token_id"] = 0,
                ["projection_dim"] = configuration.EmbedDim,
            },
            ["vision_config"] = new JsonObject
            {
                ["model_type"] = "clip_vision_model",
                ["hidden_size"] = image.Width,
                ["intermediate_size"] = (int)(image.Width * image.MlpRatio),
                ["num_hidden_layers"] = image.Layers,
                ["num_attention_heads"] = image.Heads,
                ["image_size"] = image.ImageSize,
                ["patch_size"] = image.PatchSize,
                ["num_channels"] = 3,
                ["hidden_act"] = activation,
                ["layer_norm_eps"] = 1e-5,
                ["projection_dim"] = configuration.EmbedDim,
            },
        };
    }

    /// <summary>Their shapes in our words; what a member's absence means is what their classes default to.</summary>
    /// <exception cref="ModelFileException">It describes something that this program would compute otherwise.</exception>
    public static ClipConfiguration Read(JsonElement root)
    {
        if (!root.TryGetProperty("model_type", out var type) || type.GetString() != "clip")
            throw new ModelFileException("config.json does not describe a CLIPModel ('model_type' is not 'clip').");
        var (text, image) = (Part(root, "text_config"), Part(root, "vision_config"));
        var activation = Activation(text);
        Require(activation == Activation(image), "the towers have different activations");
        Require(Real(text, "layer_norm_eps", 1e-5) == 1e-5 && Real(image, "layer_norm_eps", 1e-5) == 1e-5, "layer_norm_eps is not 1e-5");
        Require(Int(image, "num_channels", 3) == 3, "num_channels is not 3");
        var vocabulary = Int(text, "vocab_size", 49_408);
        var end = Int(text, "eos_token_id", 49_407);
        Require(end == ArgmaxPooling || end == vocabulary - 1, $"features are read at token {end}, which is not the largest");
        var (width, textWidth) = (Int(image, "hidden_size", 768), Int(text, "hidden_size", 512));
        var heads = Int(image, "num_attention_heads", 12);
        Require(heads > 0 && width % heads == 0, $"{heads} heads in a width of {width}");
        return new ClipConfiguration(
            Int(root, "projection_dim", 512),
            new VisionTransformerConfiguration
            {
                ImageSize = Int(image, "image_size", 224),
                PatchSize = Int(image, "patch_size", 32),
                Width = width,
                HeadWidth = width / heads,
                Layers = Int(image, "num_hidden_layers", 12),
                MlpRatio = (double)Int(image, "intermediate_size", 3072) / width,
            },
            new()
            {
                ContextLength = Int(text, "max_position_embeddings", 77),
                VocabularySize = vocabulary,
                Width = textWidth,
                Heads = Int(text, "num_attention_heads", 8),
                Layers = Int(text, "num_hidden_layers", 12),
                MlpRatio = (double)Int(text, "intermediate_size", 2048) / textWidth,
            },
            activation == "quick_gelu").Checked();
    }

    private static string Activation(JsonElement part)
    {
        var name = part.TryGetProperty("hidden_act", out var value) ? value.GetString() : "quick_gelu";
        Require(name is "quick_gelu" or "gelu", $"hidden_act is '{name}'");
        return name!;
    }

    private static JsonElement Part(JsonElement root, string name)
    {
        Require(root.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object, $"'{name}' is missing");
        return part;
    }

    private static int Int(JsonElement part, string name, int standard) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : standard;

    private static double Real(JsonElement part, string name, double standard) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : standard;

    private static void Require(bool holds, string problem)
    {
        if (!holds)
            throw new ModelFileException($"config.json describes a CLIPModel that this program does not build: {problem}.");
    }
}
