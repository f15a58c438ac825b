using System.Globalization;

namespace WebImageText.Learn.Clip.Files;

/// <summary>Finds a model's configuration from nothing but the shapes of its weights, as OpenAI's own loader does.</summary>
internal static class ShapesOfWeights
{
    /// <summary>The configuration of weights under OpenAI's names.</summary>
    /// <param name="shapes">Shape of each tensor.</param>
    /// <param name="quickGelu">The activation, which no shape tells.</param>
    /// <param name="source">For errors.</param>
    /// <exception cref="ModelFileException">They are no CLIP model's.</exception>
    public static ClipConfiguration Find(IReadOnlyDictionary<string, long[]> shapes, bool quickGelu, string source)
    {
        var text = Of("text_projection");
        var textWidth = (int)Of("ln_final.weight")[0];
        return new ClipConfiguration(
            (int)text[1],
            shapes.ContainsKey("visual.proj") ? Transformer() : ResNet(),
            new()
            {
                ContextLength = (int)Of("positional_embedding")[0],
                VocabularySize = (int)Of("token_embedding.weight")[0],
                Width = textWidth,
                Heads = Math.Max(1, textWidth / 64),
                Layers = Numbers("transformer.resblocks."),
                MlpRatio = (double)Of("transformer.resblocks.0.mlp.c_fc.weight")[0] / textWidth,
            },
            quickGelu)
        { InitialLogitBias = shapes.ContainsKey("logit_bias") ? -10 : null }.Checked();

        VisionTransformerConfiguration Transformer()
        {
            var patches = Of("visual.conv1.weight");
            return new()
            {
                Width = (int)patches[0],
                PatchSize = (int)patches[3],
                ImageSize = (int)patches[3] * Side("visual.positional_embedding"),
                Layers = Numbers("visual.transformer.resblocks."),
                MlpRatio = (double)Of("visual.transformer.resblocks.0.mlp.c_fc.weight")[0] / patches[0],
            };
        }

        ResNetConfiguration ResNet() => new()
        {
            Width = (int)Of("visual.layer1.0.conv1.weight")[0],
            Blocks = [.. Enumerable.Range(1, 4).Select(stage => Numbers($"visual.layer{stage}."))],
            ImageSize = 32 * Side("visual.attnpool.positional_embedding"),
        };

        int Side(string name) => (int)Math.Round(Math.Sqrt(Of(name)[0] - 1));

        int Numbers(string prefix) => shapes.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => int.Parse(name[prefix.Length..].Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture)).DefaultIfEmpty(-1).Max() + 1;

        long[] Of(string name) => shapes.GetValueOrDefault(name) ?? throw new ModelFileException($"'{source}' is no CLIP model: it has no '{name}'.");
    }
}
