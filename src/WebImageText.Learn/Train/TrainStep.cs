using TorchSharp;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Kernels;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>A step of image-text contrast: features, loss, gradients, new weights.</summary>
internal sealed class TrainStep : ModelStep
{
    private const string ScaleName = "logit_scale", BiasName = "logit_bias";

    private readonly TwoTowers _towers;
    private readonly IRanks _ranks;
    private readonly PixelScale _pixels;
    private readonly Tensor[] _statistics;
    private readonly double _leastScale, _mostScale;
    private readonly GradientExchange? _exchange;

    public TrainStep(ClipModel model, Precision precision, AdamWSettings settings, IRanks ranks)
    {
        (_towers, _ranks) = (new(model, precision), ranks);
        Parameters = new(model.named_parameters().Select(entry => (entry.name, entry.parameter)), model.FoldActivations());
        Optimizer = new(Parameters, settings);
        _exchange = ranks.Count > 1 ? new(model, Parameters, ranks) : null;
        _pixels = new(Parameters.Weights.device, _towers.Type);
        _statistics = [.. model.named_buffers().Select(entry => entry.buffer)];
        IsSigmoid = model.LogitBias is not null;
        (_leastScale, _mostScale) = (0, Math.Log(100)); // the paper clips the scale at 100
        if (precision == Precision.Fp16)
            GradientScale = 65536;
        Parameters.GiveToModel();
    }

    /// <summary>The model.</summary>
    public ClipModel Model => _towers.Model;

    public override nn.Module Module => Model;

    public override ClipConfiguration Configuration => Model.Configuration;

    public override FlatParameters Parameters { get; }

    public override Optimizer Optimizer { get; }

    /// <summary>The loss is SigLIP's; the model then has a bias.</summary>
    public bool IsSigmoid { get; }

    /// <summary>
    /// Makes a step. Several parts are computed one after another to save memory: each twice, as gradients need the features of all
    /// (Gao et al. 2021, arXiv:2101.06983).
    /// </summary>
    public override Tensor Run(IReadOnlyList<TrainPart> parts, double rate)
    {
        using var scope = NewDisposeScope();
        var loss = Backward(parts);
        var outcome = Optimizer.Run(rate, GradientScale);
        using var quiet = no_grad();
        var scale = Parameters.WeightOf(ScaleName);
        scale.clamp_(_leastScale, _mostScale);
        Parameters.GiveToModel();
        return cat([loss.view(1), outcome, scale.exp().view(1)]).MoveToOuterDisposeScope();
    }

    /// <summary>Leaves the gradient of the global batch in the flat buffer, and gives its loss.</summary>
    public Tensor Backward(IReadOnlyList<TrainPart> parts)
    {
        using var scope = NewDisposeScope();
        FeatureGradients made;
        if (parts.Count == 1)
        {
            var (image, text) = Features(parts[0]);
            made = Loss(image, text);
            Back(image, text, made.Image, made.Text, parts[0], isFirst: true, isLast: true);
        }
        else
        {
            var (images, texts) = Ahead(parts);
            made = Loss(cat(images), cat(texts));
            var at = 0L;
            for (var part = 0; part < parts.Count; part++)
            {
                using var inner = NewDisposeScope();
                var (image, text) = Features(parts[part]);
                var rows = image.shape[0];
                Back(image, text, made.Image.narrow(0, at, rows), made.Text.narrow(0, at, rows), parts[part], part == 0, part == parts.Count - 1);
                at += rows;
            }
        }
        using var quiet = no_grad();
        Parameters.GradientOf(ScaleName).copy_(Scaled(made.Scale));
        if (made.Bias is not null)
            Parameters.GradientOf(BiasName).copy_(Scaled(made.Bias));
        _exchange?.Finish();
        Parameters.FinishGradients();
        return made.Value.MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _pixels.Dispose();
        Optimizer.Dispose();
        Parameters.Dispose();
    }

    private void Back(Tensor image, Tensor text, Tensor toImage, Tensor toText, TrainPart part, bool isFirst, bool isLast)
    {
        var exchange = isLast ? _exchange : null;
        exchange?.Open(part.Texts.Count, isFirst);
        autograd.backward([image, text], [Scaled(toImage), Scaled(toText)]);
        OwnGradient.ThrowIfFailed();
        if (exchange is not null)
            exchange.TakeRest();
        else
            Parameters.TakeGradients(isFirst);
    }

    // The features of every part, before any gradient. Running statistics are put back: each part is to count once.
    private (List<Tensor> Images, List<Tensor> Texts) Ahead(IReadOnlyList<TrainPart> parts)
    {
        using var quiet = no_grad();
        var before = _statistics.Select(statistic => statistic.clone()).ToList();
        var (images, texts) = (new List<Tensor>(), new List<Tensor>());
        foreach (var part in parts)
        {
            var (image, text) = Features(part);
            images.Add(image);
            texts.Add(text);
        }
        for (var at = 0; at < _statistics.Length; at++)
            _statistics[at].copy_(before[at]);
        return (images, texts);
    }

    private (Tensor Image, Tensor Text) Features(TrainPart part) => _towers.Features(_pixels.Apply(part.Pixels), part);

    private FeatureGradients Loss(Tensor image, Tensor text)
    {
        var scale = Parameters.WeightOf(ScaleName);
        return IsSigmoid
            ? FeatureLoss.Sigmoid(image.detach(), text.detach(), scale, Parameters.WeightOf(BiasName), _ranks)
            : FeatureLoss.Contrastive(image.detach(), text.detach(), scale, _ranks);
    }

    private Tensor Scaled(Tensor gradient) => GradientScale == 1 ? gradient : gradient * GradientScale;
}
