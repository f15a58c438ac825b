namespace WebImageText.Learn.Clip;

/// <summary>Shape of the text tower: a causal transformer over tokens.</summary>
public sealed record TextTowerConfiguration
{
    /// <summary>Tokens of a text at most, its start and end counted.</summary>
    public int ContextLength { get; init; } = 77;

    /// <summary>Different tokens; the last one is the end of text.</summary>
    public int VocabularySize { get; init; } = 49_408;

    /// <summary>Of the transformer's stream.</summary>
    public int Width { get; init; } = 512;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Blocks.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Hidden width of a block's perceptron, in widths.</summary>
    public double MlpRatio { get; init; } = 4;
}
