using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Towers;

/// <summary>From pixels to features.</summary>
internal abstract class ImageTower(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>Width of <see cref="Penultimate"/>.</summary>
    public abstract int PenultimateWidth { get; }

    /// <summary>Forget activations inside blocks and compute them again in the backward pass.</summary>
    public abstract Recomputation? Recompute { get; set; }

    /// <summary>Names that parameters begin with, of the parts whose gradients are told of, first to last.</summary>
    public abstract IReadOnlyList<string[]> Parts { get; }

    /// <summary>Told in the backward pass, from the last part to the first, that the gradients of a part are complete.</summary>
    public abstract Action<int>? Reached { get; set; }

    /// <summary>Channels-last strides inside, where the tower gains by them.</summary>
    public bool ChannelsLast { get; set; }

    /// <summary>What stands before the last linear map: the features that linear probes read (paper, appendix A.3).</summary>
    /// <param name="pixels">[batch, 3, side, side], CLIP-normalised.</param>
    /// <returns>[batch, <see cref="PenultimateWidth"/>]</returns>
    public abstract Tensor Penultimate(Tensor pixels);

    /// <summary>The last linear map.</summary>
    /// <param name="penultimate">[batch, <see cref="PenultimateWidth"/>]</param>
    /// <returns>[batch, embedding], not normalised.</returns>
    public abstract Tensor Project(Tensor penultimate);

    /// <summary>Draws the start weights from libtorch's generator.</summary>
    public abstract void Initialise();

    /// <summary>The tower of a configuration, its weights not yet drawn.</summary>
    /// <exception cref="ClipConfigurationException">It is of another family.</exception>
    public static ImageTower Of(ClipConfiguration configuration) => configuration.Image switch
    {
        VisionTransformerConfiguration shape => new VisionTransformer(shape, configuration.EmbedDim, configuration.QuickGelu),
        ResNetConfiguration shape => new ModifiedResNet(shape, configuration.EmbedDim),
        _ => throw new ClipConfigurationException($"No image tower is built from {configuration.Image.GetType().Name}."),
    };

    /// <summary>From pixels to features.</summary>
    public override Tensor forward(Tensor input) => Project(Penultimate(input));
}
