namespace WebImageText.Learn.Clip;

/// <summary>Shape of the image tower: a vision transformer, or a modified ResNet.</summary>
public abstract record ImageTowerConfiguration
{
    private protected ImageTowerConfiguration() { }

    /// <summary>Pixels of the square input's side.</summary>
    public int ImageSize { get; init; } = 224;

    /// <summary>Of the transformer's stream, or of the ResNet's stem.</summary>
    public int Width { get; init; } = 768;

    /// <summary>Width of one attention head.</summary>
    public int HeadWidth { get; init; } = 64;

    /// <summary>Attention heads.</summary>
    public abstract int Heads { get; }

    /// <summary>Side of the grid that attention sees, the class token or mean not counted.</summary>
    public abstract int GridSize { get; }
}

/// <summary>A vision transformer (Dosovitskiy et al. 2020) with CLIP's extra norm before the blocks.</summary>
public sealed record VisionTransformerConfiguration : ImageTowerConfiguration
{
    /// <summary>Blocks.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Pixels of a patch's side.</summary>
    public int PatchSize { get; init; } = 32;

    /// <summary>Hidden width of a block's perceptron, in widths.</summary>
    public double MlpRatio { get; init; } = 4;

    /// <inheritdoc/>
    public override int Heads => Width / HeadWidth;

    /// <inheritdoc/>
    public override int GridSize => ImageSize / PatchSize;
}

/// <summary>A ResNet with a three-convolution stem, anti-aliased strides and attention pooling (CLIP paper, section 2.4).</summary>
public sealed record ResNetConfiguration : ImageTowerConfiguration
{
    /// <summary>Bottlenecks of the four stages.</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Channels of the last stage.</summary>
    public int FeatureWidth => Width * 32;

    /// <inheritdoc/>
    public override int Heads => FeatureWidth / HeadWidth;

    /// <inheritdoc/>
    public override int GridSize => ImageSize / 32;

    /// <summary>Same shape and same stages.</summary>
    public bool Equals(ResNetConfiguration? other) => base.Equals(other) && Blocks.SequenceEqual(other.Blocks);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Blocks.Count, Blocks.Sum());
}
