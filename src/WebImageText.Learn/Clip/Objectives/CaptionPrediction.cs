using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using WebImageText.Learn.Clip.Towers;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Objectives;

/// <summary>
/// A transformer that writes the caption word by word, with the image before the first word as four vectors (paper, appendix A.2).
/// </summary>
internal sealed class CaptionPrediction : Objective
{
    private const int Prefix = 4;

    // Rows of logits that exist at a time: a vocabulary is wide.
    private const int RowsAtOnce = 2_048;

    [ComponentName(Name = "visual")] private readonly ImageTower _visual;
    [ComponentName(Name = "prefix")] private readonly Affine _prefix;
    [ComponentName(Name = "token_embedding")] private readonly Embedding _tokens;
    [ComponentName(Name = "positional_embedding")] private readonly Parameter _positions;
    [ComponentName(Name = "transformer")] private readonly BlockStack _transformer;
    [ComponentName(Name = "ln_final")] private readonly Norm _after;

    public CaptionPrediction(ClipConfiguration configuration) : base(nameof(CaptionPrediction), configuration)
    {
        var text = configuration.Text;
        _visual = ImageTower.Of(configuration);
        _prefix = new(configuration.EmbedDim, Prefix * text.Width);
        _tokens = nn.Embedding(text.VocabularySize, text.Width);
        _positions = new(torch.empty(Prefix + text.ContextLength, text.Width));
        _transformer = new(text.Width, text.Layers, text.Heads, text.MlpRatio, isCausal: true, configuration.QuickGelu);
        _after = new(text.Width);
        RegisterComponents();
        using var quiet = torch.no_grad();
        _visual.Initialise();
        StartValues.Linear(_prefix);
        StartValues.Tokens(_tokens, _positions);
        StartValues.TextBlocks(_transformer.Blocks, text.Width);
    }

    private protected override ImageTower Tower => _visual;

    /// <summary>Mean over all words, and the end, of -log p(word | image, words before it).</summary>
    public override Tensor Loss(Tensor pixels, Tensor tokens)
    {
        var (hidden, targets, _) = Predict(_visual.forward(pixels), tokens);
        var again = new Recomputation(null);
        Tensor? sum = null;
        for (var from = 0L; from < targets.shape[0]; from += RowsAtOnce)
        {
            var length = Math.Min(RowsAtOnce, targets.shape[0] - from);
            var wanted = targets.narrow(0, from, length);
            var part = again.Run(rows => nn.functional.cross_entropy(Logits(rows), wanted, reduction: nn.Reduction.Sum), hidden.narrow(0, from, length));
            sum = sum is null ? part : sum + part;
        }
        return sum! / targets.shape[0];
    }

    /// <summary>log p(text | image).</summary>
    public override Tensor Scores(Tensor pixels, Tensor tokens)
    {
        using var scope = torch.NewDisposeScope();
        var images = _visual.forward(pixels);
        var rows = Enumerable.Range(0, (int)images.shape[0]).Select(at =>
        {
            using var inner = torch.NewDisposeScope();
            var (hidden, targets, owners) = Predict(images.narrow(0, at, 1).expand(tokens.shape[0], -1), tokens);
            var chosen = nn.functional.log_softmax(Logits(hidden), 1).gather(1, targets.unsqueeze(1)).squeeze(1);
            return torch.zeros([tokens.shape[0]], ScalarType.Float32, chosen.device).index_add(0, owners, chosen, 1).MoveToOuterDisposeScope();
        });
        return torch.stack([.. rows], 0).MoveToOuterDisposeScope();
    }

    // The stream at every place that has a next token, that token, and the row that both are of.
    private (Tensor Hidden, Tensor Targets, Tensor Owners) Predict(Tensor images, Tensor tokens)
    {
        var (batch, length) = (tokens.shape[0], tokens.shape[1]);
        var words = _tokens.forward(tokens);
        var before = _prefix.forward(images).view(batch, Prefix, Configuration.Text.Width);
        var stream = _transformer.forward(torch.cat([before, words], 1) + _positions.narrow(0, 0, Prefix + length));
        var places = torch.arange(length - 1, device: tokens.device).unsqueeze(0);
        var mask = places < tokens.argmax(-1, keepdim: true);
        var rows = mask.flatten().nonzero().squeeze(1);
        var hidden = _after.forward(stream.narrow(1, Prefix, length - 1).flatten(0, 1).index_select(0, rows));
        var targets = tokens.narrow(1, 1, length - 1).flatten().index_select(0, rows);
        return (hidden, targets, rows.div(length - 1, RoundingMode.floor));
    }

    private Tensor Logits(Tensor rows) => nn.functional.linear(rows, _tokens.weight!).to(ScalarType.Float32);
}
