using TorchSharp;
using WebImageText.Learn.Clip.Towers;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Objectives;

/// <summary>
/// A way to learn images from text that the CLIP paper compares with its own (section 2.3, Figure 2): the same image tower, another
/// question asked of it. The tower's tensors have the names that they have in a CLIP model: <c>visual.*</c>.
/// </summary>
public abstract class Objective : nn.Module
{
    private protected Objective(string name, ClipConfiguration configuration) : base(name) => Configuration = configuration.Checked();

    /// <summary>Names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["caption", "words", "words-sigmoid", "words-contrastive"];

    /// <summary>Shapes of the image tower, and of what the text side needs.</summary>
    public ClipConfiguration Configuration { get; }

    /// <summary>Channels-last strides in the image tower.</summary>
    public bool ChannelsLast { get => Tower.ChannelsLast; set => Tower.ChannelsLast = value; }

    private protected abstract ImageTower Tower { get; }

    /// <summary>An objective by name: <c>caption</c>, <c>words</c> (one choice of word at a time), <c>words-sigmoid</c> (each word yes or
    /// no), <c>words-contrastive</c>.</summary>
    /// <exception cref="ArgumentException">No such objective.</exception>
    public static Objective Create(string name, ClipConfiguration configuration)
    {
        using var scope = torch.NewDisposeScope();
        Objective objective = name switch
        {
            "caption" => new CaptionPrediction(configuration),
            "words" => new WordPrediction(configuration, sigmoid: false),
            "words-sigmoid" => new WordPrediction(configuration, sigmoid: true),
            "words-contrastive" => new WordContrast(configuration),
            _ => throw new ArgumentException($"There is no objective '{name}'. Choose one of {string.Join(", ", Names)}.", nameof(name)),
        };
        StartValues.Keep(objective);
        return objective;
    }

    /// <summary>What is made small.</summary>
    /// <param name="pixels">Floating point [batch, 3, side, side], CLIP-normalised.</param>
    /// <param name="tokens">int64 [batch, length]: start, words, end, padding.</param>
    /// <returns>A number.</returns>
    public abstract Tensor Loss(Tensor pixels, Tensor tokens);

    /// <summary>How well each text fits each image: the class with the highest is the zero-shot answer.</summary>
    /// <param name="pixels">[images, 3, side, side].</param>
    /// <param name="tokens">int64 [texts, length].</param>
    /// <returns>[images, texts]; comparable within a row only.</returns>
    public abstract Tensor Scores(Tensor pixels, Tensor tokens);

    /// <summary>True where a row has a word: after its start, before its end.</summary>
    private protected static Tensor WordMask(Tensor tokens)
    {
        var places = torch.arange(tokens.shape[1], device: tokens.device).unsqueeze(0);
        return (places > 0).logical_and(places < tokens.argmax(-1, keepdim: true));
    }
}
