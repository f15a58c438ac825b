using TorchSharp;
using TorchSharp.Utils;
using WebImageText.Learn.Clip.Towers;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Objectives;

/// <summary>Bag of words: which words stand in the caption, in whatever order (Joulin et al. 2016).</summary>
/// <remarks>The paper does not fix the loss: a softmax over the vocabulary for each word, or a yes or no for each.</remarks>
internal sealed class WordPrediction : Objective
{
    [ComponentName(Name = "visual")] private readonly ImageTower _visual;
    [ComponentName(Name = "words")] private readonly Affine _words;
    private readonly bool _sigmoid;

    public WordPrediction(ClipConfiguration configuration, bool sigmoid) : base(nameof(WordPrediction), configuration)
    {
        _sigmoid = sigmoid;
        _visual = ImageTower.Of(configuration);
        _words = new(configuration.EmbedDim, configuration.Text.VocabularySize);
        RegisterComponents();
        using var quiet = torch.no_grad();
        _visual.Initialise();
        StartValues.Linear(_words);
    }

    private protected override ImageTower Tower => _visual;

    public override Tensor Loss(Tensor pixels, Tensor tokens)
    {
        var logits = Logits(pixels);
        var mask = WordMask(tokens).to(logits.dtype);
        if (_sigmoid)
        {
            // Every word of the vocabulary is asked about; those of the caption count once each.
            var present = torch.zeros_like(logits).scatter_add(1, tokens, mask).clamp_max(1);
            return (nn.functional.softplus(logits) - logits * present).sum() / logits.shape[0];
        }
        var chosen = nn.functional.log_softmax(logits, 1).gather(1, tokens);
        return -(chosen * mask).sum(1).div(mask.sum(1).clamp_min(1)).mean();
    }

    // The summed log-probability of a text's words (paper, appendix on Figure 2).
    public override Tensor Scores(Tensor pixels, Tensor tokens)
    {
        var logits = Logits(pixels);
        var log = _sigmoid ? -nn.functional.softplus(-logits) : nn.functional.log_softmax(logits, 1);
        var mask = WordMask(tokens).to(log.dtype);
        var counts = torch.zeros([tokens.shape[0], log.shape[1]], log.dtype, log.device).scatter_add(1, tokens, mask);
        return log.matmul(counts.t());
    }

    private Tensor Logits(Tensor pixels) => _words.forward(_visual.forward(pixels)).to(ScalarType.Float32);
}
