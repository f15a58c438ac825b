using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using WebImageText.Learn.Clip.Towers;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Objectives;

/// <summary>CLIP's contrast with the simplest text tower there is: the mean of the words' vectors, once mapped.</summary>
internal sealed class WordContrast : Objective
{
    [ComponentName(Name = "visual")] private readonly ImageTower _visual;
    [ComponentName(Name = "token_embedding")] private readonly Embedding _tokens;
    [ComponentName(Name = "text_projection")] private readonly Parameter _projection;
    [ComponentName(Name = "logit_scale")] private readonly Parameter _logitScale;

    public WordContrast(ClipConfiguration configuration) : base(nameof(WordContrast), configuration)
    {
        var width = configuration.Text.Width;
        _visual = ImageTower.Of(configuration);
        _tokens = nn.Embedding(configuration.Text.VocabularySize, width);
        _projection = new(torch.empty(width, configuration.EmbedDim));
        _logitScale = new(torch.tensor((float)configuration.InitialLogitScale));
        RegisterComponents();
        using var quiet = torch.no_grad();
        _visual.Initialise();
        nn.init.normal_(_tokens.weight!, 0, 0.02);
        nn.init.normal_(_projection, 0, Math.Pow(width, -0.5));
    }

    private protected override ImageTower Tower => _visual;

    public override Tensor Loss(Tensor pixels, Tensor tokens)
    {
        var logits = Scores(pixels, tokens);
        var own = torch.arange(logits.shape[0], device: logits.device);
        return (nn.functional.cross_entropy(logits, own) + nn.functional.cross_entropy(logits.t(), own)) / 2;
    }

    public override Tensor Scores(Tensor pixels, Tensor tokens)
    {
        var images = nn.functional.normalize(_visual.forward(pixels).to(ScalarType.Float32), dim: 1);
        var mask = WordMask(tokens).unsqueeze(-1);
        var words = _tokens.forward(tokens);
        var mean = (words * mask.to(words.dtype)).sum(1) / mask.sum(1).clamp_min(1);
        var texts = nn.functional.normalize(mean.matmul(_projection).to(ScalarType.Float32), dim: 1);
        return _logitScale.clamp_max(Math.Log(100)).exp() * images.matmul(texts.t());
    }
}
