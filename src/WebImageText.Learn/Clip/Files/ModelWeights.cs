using TorchSharp;
using WebImageText.Learn.Safetensors;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Files;

/// <summary>Puts tensors into a model, all of them and nothing else.</summary>
internal static class ModelWeights
{
    // Numbers that OpenAI's archives keep beside the weights.
    private static readonly string[] Beside = ["input_resolution", "context_length", "vocab_size"];

    private static readonly string[] TextParts = ["positional_embedding", "token_embedding.", "transformer.", "ln_final.", "text_projection"];

    /// <summary>Copies tensors into a model, in the model's types; positional embeddings of another length are resized.</summary>
    /// <param name="model">Takes them.</param>
    /// <param name="tensors">Under open_clip's names; <c>module.</c> before all of them, or <c>text.</c> before the text tower's, is understood.</param>
    /// <param name="source">For errors.</param>
    /// <exception cref="ModelFileException">One is missing, unknown or of another shape.</exception>
    public static void Load(ClipModel model, IReadOnlyDictionary<string, Tensor> tensors, string source)
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        var named = tensors.ToDictionary(entry => Plain(entry.Key), entry => entry.Value);
        var targets = model.state_dict();
        Refuse(source, "lacks", targets.Keys.Where(name => !named.ContainsKey(name)));
        Refuse(source, "has, and the model does not,", named.Keys.Where(name => !targets.ContainsKey(name) && !Beside.Contains(name)));
        foreach (var (name, target) in targets)
        {
            var value = Fitted(name, named[name], target);
            if (!value.shape.SequenceEqual(target.shape))
                throw new ModelFileException($"'{source}', tensor '{name}': [{string.Join(", ", value.shape)}] where the model has [{string.Join(", ", target.shape)}].");
            target.copy_(value);
        }
    }

    /// <summary>Reads a safetensors file into a model.</summary>
    public static void Load(ClipModel model, string path, Func<IReadOnlyDictionary<string, Tensor>, IReadOnlyDictionary<string, Tensor>>? rename = null)
    {
        using var scope = torch.NewDisposeScope();
        using var file = SafetensorsFile.Open(path);
        var tensors = file.ReadAll();
        Load(model, rename is null ? tensors : rename(tensors), path);
    }

    private static Tensor Fitted(string name, Tensor value, Tensor target)
    {
        if (value.dim() != 2 || target.dim() != 2 || value.shape[0] == target.shape[0] || !name.EndsWith("positional_embedding", StringComparison.Ordinal))
            return value.dim() == 1 && value.shape[0] == 1 && target.dim() == 0 ? value.squeeze(0) : value;
        return name == "positional_embedding"
            ? PositionResize.OfText(value, target.shape[0])
            : PositionResize.OfImage(value, target.shape[0]);
    }

    private static string Plain(string name)
    {
        name = name.StartsWith("module.", StringComparison.Ordinal) ? name["module.".Length..] : name;
        return name.StartsWith("text.", StringComparison.Ordinal) && Array.Exists(TextParts, part => name.AsSpan("text.".Length).StartsWith(part, StringComparison.Ordinal))
            ? name["text.".Length..]
            : name;
    }

    private static void Refuse(string source, string what, IEnumerable<string> names)
    {
        var list = names.Order(StringComparer.Ordinal).ToList();
        if (list.Count > 0)
            throw new ModelFileException($"'{source}' {what} {list.Count} tensors: {string.Join(", ", list.Take(5))}{(list.Count > 5 ? ", …" : "")}.");
    }
}
