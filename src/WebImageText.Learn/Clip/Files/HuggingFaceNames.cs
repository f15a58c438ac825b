using System.Text.RegularExpressions;
using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Files;

/// <summary>Tensors of a vision transformer CLIP under the names of Hugging Face's <c>CLIPModel</c>, and back.</summary>
internal static partial class HuggingFaceNames
{
    private static readonly (string Ours, string Theirs)[] Whole =
    [
        ("logit_scale", "logit_scale"),
        ("positional_embedding", "text_model.embeddings.position_embedding.weight"),
        ("token_embedding.weight", "text_model.embeddings.token_embedding.weight"),
        ("ln_final.weight", "text_model.final_layer_norm.weight"),
        ("ln_final.bias", "text_model.final_layer_norm.bias"),
        ("visual.class_embedding", "vision_model.embeddings.class_embedding"),
        ("visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"),
        ("visual.conv1.weight", "vision_model.embeddings.patch_embedding.weight"),
        ("visual.ln_pre.weight", "vision_model.pre_layrnorm.weight"), // spelled so there
        ("visual.ln_pre.bias", "vision_model.pre_layrnorm.bias"),
        ("visual.ln_post.weight", "vision_model.post_layernorm.weight"),
        ("visual.ln_post.bias", "vision_model.post_layernorm.bias"),
    ];

    private static readonly (string Ours, string Theirs)[] Transposed =
        [("text_projection", "text_projection.weight"), ("visual.proj", "visual_projection.weight")];

    private static readonly string[] Three = ["q", "k", "v"];

    private static readonly (string Ours, string Theirs)[] InBlock =
    [
        ("ln_1", "layer_norm1"), ("ln_2", "layer_norm2"), ("attn.out_proj", "self_attn.out_proj"), ("mlp.c_fc", "mlp.fc1"), ("mlp.c_proj", "mlp.fc2"),
    ];

    /// <summary>Our tensors under their names. Shares memory with ours.</summary>
    /// <exception cref="ModelFileException">A tensor has no place there: the model is no vision transformer.</exception>
    public static Dictionary<string, Tensor> FromOurs(IEnumerable<KeyValuePair<string, Tensor>> ours)
    {
        Dictionary<string, Tensor> theirs = [];
        foreach (var (name, tensor) in ours)
        {
            if (Array.Find(Whole, pair => pair.Ours == name) is { Theirs: { } same })
                theirs[same] = tensor;
            else if (Array.Find(Transposed, pair => pair.Ours == name) is { Theirs: { } turned })
                theirs[turned] = tensor.t();
            else if (OurBlock().Match(name) is { Success: true } block)
                AddBlock(theirs, block, tensor);
            else
                throw new ModelFileException($"Hugging Face's CLIPModel has no place for '{name}': it knows vision transformers only. Export to open_clip's form.");
        }
        return theirs;
    }

    /// <summary>Their tensors under our names.</summary>
    /// <exception cref="ModelFileException">A name is unknown, or a part of the queries, keys and values is missing.</exception>
    public static Dictionary<string, Tensor> ToOurs(IReadOnlyDictionary<string, Tensor> theirs)
    {
        Dictionary<string, Tensor> ours = [];
        foreach (var (name, tensor) in theirs)
        {
            if (name.EndsWith(".position_ids", StringComparison.Ordinal))
                continue; // counting numbers that older versions store
            if (Array.Find(Whole, pair => pair.Theirs == name) is { Ours: { } same })
                ours[same] = tensor;
            else if (Array.Find(Transposed, pair => pair.Theirs == name) is { Ours: { } turned })
                ours[turned] = tensor.t();
            else if (TheirBlock().Match(name) is { Success: true } block)
                AddOurBlock(ours, block, tensor, theirs);
            else
                throw new ModelFileException($"'{name}' is no tensor of Hugging Face's CLIPModel.");
        }
        return ours;
    }

    private static void AddBlock(Dictionary<string, Tensor> theirs, Match block, Tensor tensor)
    {
        var (part, kind) = (block.Groups["part"].Value, block.Groups["kind"].Value);
        var tower = block.Groups["tower"].Length > 0 ? "vision_model" : "text_model";
        var layer = $"{tower}.encoder.layers.{block.Groups["number"].Value}";
        if (part == "attn.in_proj")
        {
            var three = tensor.chunk(3, 0);
            foreach (var (at, name) in Three.Index())
                theirs[$"{layer}.self_attn.{name}_proj.{kind}"] = three[at];
        }
        else if (Array.Find(InBlock, pair => pair.Ours == part) is { Theirs: { } name })
            theirs[$"{layer}.{name}.{kind}"] = tensor;
        else
            throw new ModelFileException($"'{block.Value}' is no tensor of a CLIP model.");
    }

    private static void AddOurBlock(Dictionary<string, Tensor> ours, Match block, Tensor tensor, IReadOnlyDictionary<string, Tensor> theirs)
    {
        var (part, kind, start) = (block.Groups["part"].Value, block.Groups["kind"].Value, block.Groups["start"].Value);
        var layer = $"{(block.Groups["tower"].Value == "vision" ? "visual." : "")}transformer.resblocks.{block.Groups["number"].Value}";
        if (part == "self_attn.q_proj")
        {
            Tensor[] three = [.. Three.Select(name => theirs.GetValueOrDefault($"{start}.self_attn.{name}_proj.{kind}")
                ?? throw new ModelFileException($"'{start}.self_attn.{name}_proj.{kind}' is missing."))];
            ours[$"{layer}.attn.in_proj_{kind}"] = torch.cat(three, 0);
        }
        else if (part is "self_attn.k_proj" or "self_attn.v_proj")
            return; // taken with the queries
        else if (Array.Find(InBlock, pair => pair.Theirs == part) is { Ours: { } name })
            ours[$"{layer}.{name}.{kind}"] = tensor;
        else
            throw new ModelFileException($"'{block.Value}' is no tensor of Hugging Face's CLIPModel.");
    }

    [GeneratedRegex(@"^(?<tower>visual\.)?transformer\.resblocks\.(?<number>\d+)\.(?<part>.+?)[._](?<kind>weight|bias)$", RegexOptions.ExplicitCapture)]
    private static partial Regex OurBlock();

    [GeneratedRegex(@"^(?<start>(?<tower>vision|text)_model\.encoder\.layers\.(?<number>\d+))\.(?<part>.+)\.(?<kind>weight|bias)$", RegexOptions.ExplicitCapture)]
    private static partial Regex TheirBlock();
}
