namespace WebImageText.Learn.Detector;

/// <summary>The size of a detector's network.</summary>
/// <param name="Depth">18 (basic blocks) or 50 (bottlenecks), as He et al. count layers.</param>
/// <param name="Dimension">Numbers in a descriptor.</param>
/// <param name="Widths">Channels of the four stages, before a bottleneck's expansion by 4.</param>
public sealed record DetectorShape(int Depth, int Dimension, IReadOnlyList<int> Widths)
{
    /// <summary>
    /// The shipped default: ResNet-18 with a last stage of 480 channels instead of 512, so that its weights in half precision stay
    /// under 22 MB.
    /// </summary>
    public static DetectorShape Default { get; } = new(18, 256, [64, 128, 256, 480]);

    /// <summary>The network of CLIP's own detector: ResNet-50.</summary>
    public static DetectorShape ResNet50 { get; } = new(50, 512, [64, 128, 256, 512]);

    /// <summary>Blocks in each stage.</summary>
    public IReadOnlyList<int> Blocks => Depth switch
    {
        18 => [2, 2, 2, 2],
        50 => [3, 4, 6, 3],
        _ => throw new ArgumentException($"A detector of depth {Depth} is not built here: 18 or 50."),
    };

    /// <summary>Channels that the last stage gives.</summary>
    public int LastWidth => Widths[^1] * (Depth == 50 ? 4 : 1);
}
