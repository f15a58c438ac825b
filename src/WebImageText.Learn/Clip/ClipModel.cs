using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using WebImageText.Learn.Clip.Towers;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip;

/// <summary>CLIP: an image tower and a text tower into one space. Parameters and buffers have open_clip's names.</summary>
public sealed class ClipModel : nn.Module
{
    [ComponentName(Name = "visual")] private readonly ImageTower _visual;
    [ComponentName(Name = "token_embedding")] private readonly Embedding _tokens;
    [ComponentName(Name = "positional_embedding")] private readonly Parameter _positions;
    [ComponentName(Name = "transformer")] private readonly BlockStack _transformer;
    [ComponentName(Name = "ln_final")] private readonly Norm _after;
    [ComponentName(Name = "text_projection")] private readonly Parameter _textProjection;
    [ComponentName(Name = "logit_scale")] private readonly Parameter _logitScale;
    [ComponentName(Name = "logit_bias")] private readonly Parameter? _logitBias;

    /// <summary>A model on the CPU, float32.</summary>
    /// <param name="configuration">Its shapes.</param>
    /// <param name="initialise">Draw start weights from libtorch's generator (<c>torch.manual_seed</c>); false to load others next.</param>
    public ClipModel(ClipConfiguration configuration, bool initialise = true) : base(nameof(ClipModel))
    {
        Configuration = configuration.Checked();
        var text = configuration.Text;
        _visual = ImageTower.Of(configuration);
        _tokens = nn.Embedding(text.VocabularySize, text.Width);
        _positions = new(torch.empty(text.ContextLength, text.Width));
        _transformer = new(text.Width, text.Layers, text.Heads, text.MlpRatio, isCausal: true, configuration.QuickGelu);
        _after = new(text.Width);
        _textProjection = new(torch.empty(text.Width, configuration.EmbedDim));
        _logitScale = new(torch.tensor((float)configuration.InitialLogitScale));
        _logitBias = configuration.InitialLogitBias is { } bias ? new(torch.tensor((float)bias)) : null;
        RegisterComponents();
        if (initialise)
            Initialise();
        StartValues.Keep(this);
    }

    /// <summary>Its shapes.</summary>
    public ClipConfiguration Configuration { get; }

    /// <summary>Natural logarithm of the factor on cosine similarities: float32, no dimensions.</summary>
    public Parameter LogitScale => _logitScale;

    /// <summary>Added to SigLIP's logits: float32, no dimensions; null in a model without one.</summary>
    public Parameter? LogitBias => _logitBias;

    /// <summary>Convolutions run with channels-last strides: what tensor cores like. For ResNets; transformers do not care.</summary>
    public bool ChannelsLast { get => _visual.ChannelsLast; set => _visual.ChannelsLast = value; }

    /// <summary>Keep only the input of each block and compute the rest again in the backward pass: less memory, 4/3 of the work.</summary>
    public bool GradientCheckpointing
    {
        get => _visual.Recompute is not null;
        set => _visual.Recompute = _transformer.Recompute = value ? new(() => AroundRecomputation?.Invoke()) : null;
    }

    /// <summary>
    /// Opened around each recomputation of <see cref="GradientCheckpointing"/>, on the thread that runs it: sets up mixed precision
    /// there as it was in the forward pass. Null for nothing.
    /// </summary>
    public Func<IDisposable?>? AroundRecomputation { get; set; }

    /// <summary>
    /// From now on the weights around QuickGELU are expected to be multiplied with what is returned for their name, 1 for all others:
    /// whoever sets the weights (a training step does, every time) sees to it. The model computes the same, in fewer operations.
    /// </summary>
    internal Func<string, double> FoldActivations()
    {
        if (!Configuration.QuickGelu)
            return _ => 1;
        foreach (var (_, module) in named_modules())
            if (module is Perceptron perceptron)
                perceptron.IsFolded = true;
        return name => name.Contains(".mlp.c_fc.", StringComparison.Ordinal) ? Activations.QuickSlope
            : name.EndsWith(".mlp.c_proj.weight", StringComparison.Ordinal) ? 1 / Activations.QuickSlope : 1;
    }

    /// <summary>
    /// From now on the backward pass tells as it goes which gradients are complete, so that ranks may exchange them meanwhile. With
    /// captions in several groups a part of the text tower is told of once a group.
    /// </summary>
    /// <param name="reached">Told the number of a part.</param>
    /// <returns>Of every part, in the order of the backward pass, the names that its parameters begin with.</returns>
    internal IReadOnlyList<BackwardPart> MarkBackward(Action<int> reached)
    {
        var (text, image) = (_transformer.Parts, _visual.Parts);
        _transformer.Reached = part => reached(text.Count - 1 - part);
        _visual.Reached = part => reached(text.Count + image.Count - 1 - part);
        return
        [
            .. text.Reverse().Select(names => new BackwardPart([.. names.Select(name => "transformer." + name)], IsText: true)),
            .. image.Reverse().Select(names => new BackwardPart([.. names.Select(name => "visual." + name)], IsText: false)),
        ];
    }

    /// <summary>Features of images.</summary>
    /// <param name="pixels">Floating point [batch, 3, side, side], CLIP-normalised.</param>
    /// <returns>[batch, embedding], not normalised.</returns>
    public Tensor EncodeImage(Tensor pixels) => _visual.forward(pixels);

    /// <summary>Width of <see cref="EncodeImagePenultimate"/>.</summary>
    public int PenultimateWidth => _visual.PenultimateWidth;

    /// <summary>What stands before the image tower's last linear map: the features that linear probes read.</summary>
    /// <param name="pixels">As for <see cref="EncodeImage"/>.</param>
    /// <returns>[batch, <see cref="PenultimateWidth"/>]</returns>
    public Tensor EncodeImagePenultimate(Tensor pixels) => _visual.Penultimate(pixels);

    /// <summary>Features of texts.</summary>
    /// <param name="tokens">
    /// int64 [batch, length]: start, words, end, then anything. The end is the largest id of a row. A length below the context's is
    /// exact, as long as every row keeps its end: attention never looks behind it.
    /// </param>
    /// <returns>[batch, embedding], not normalised.</returns>
    public Tensor EncodeText(Tensor tokens)
    {
        var x = _tokens.forward(tokens) + _positions.narrow(0, 0, tokens.shape[1]);
        var ends = _transformer.ForwardOne(x, tokens.argmax(-1));
        return _after.forward(ends).matmul(_textProjection);
    }

    private void Initialise()
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        _visual.Initialise();
        StartValues.Tokens(_tokens, _positions);
        StartValues.TextBlocks(_transformer.Blocks, Configuration.Text.Width);
        nn.init.normal_(_textProjection, 0, Math.Pow(Configuration.Text.Width, -0.5));
    }
}

/// <summary>A part of a model whose gradients become complete together.</summary>
/// <param name="Names">What the names of its parameters begin with.</param>
/// <param name="IsText">It is the text tower's.</param>
internal sealed record BackwardPart(IReadOnlyList<string> Names, bool IsText);
