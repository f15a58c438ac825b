using System.Text.Json;
using System.Text.Json.Nodes;
using WebImageText.Learn.Text;

namespace WebImageText.Learn.Clip.Files;

/// <summary>The vocabulary beside a model: Hugging Face's <c>merges.txt</c> and <c>vocab.json</c>, from which any CLIP tokenizer can be made.</summary>
internal static class TokenizerFiles
{
    /// <summary>The file that is read back.</summary>
    public const string Merges = "merges.txt";

    /// <summary>Writes them into a model's folder.</summary>
    public static void Write(string folder, ClipTokenizer tokenizer, int contextLength)
    {
        MergeLearner.Write(Path.Combine(folder, Merges), tokenizer.Merges);
        var vocabulary = new JsonObject(tokenizer.Symbols.Select((symbol, id) => KeyValuePair.Create(symbol, (JsonNode?)JsonValue.Create(id))))
        {
            ["<|startoftext|>"] = tokenizer.StartOfText,
            ["<|endoftext|>"] = tokenizer.EndOfText,
        };
        WriteJson(Path.Combine(folder, "vocab.json"), vocabulary);
        WriteJson(Path.Combine(folder, "tokenizer_config.json"), new JsonObject
        {
            ["tokenizer_class"] = "CLIPTokenizer",
            ["do_lower_case"] = true,
            ["model_max_length"] = contextLength,
            ["bos_token"] = "<|startoftext|>",
            ["eos_token"] = "<|endoftext|>",
            ["unk_token"] = "<|endoftext|>",
            ["pad_token"] = "<|endoftext|>",
        });
    }

    /// <summary>The tokenizer of a model's folder; null where there is none.</summary>
    public static ClipTokenizer? TryRead(string folder) =>
        Path.Combine(folder, Merges) is var path && File.Exists(path) ? ClipTokenizer.Load(path) : null;

    /// <summary>Writes JSON as people read it.</summary>
    public static void WriteJson(string path, JsonObject json) => File.WriteAllText(path, json.ToJsonString(Readable) + "\n");

    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
