using TorchSharp;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Clip.Objectives;
using WebImageText.Learn.Kernels;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>A step of one of the objectives that the CLIP paper compares with its own: each pair has its loss, and a batch their mean.</summary>
internal sealed class ObjectiveStep : ModelStep
{
    private const string ScaleName = "logit_scale";

    private readonly Objective _objective;
    private readonly IRanks _ranks;
    private readonly PixelScale _pixels;

    public ObjectiveStep(Objective objective, Precision precision, AdamWSettings settings, IRanks ranks)
    {
        (_objective, _ranks) = (objective, ranks);
        var type = precision.Prepare(objective);
        Parameters = new(objective.named_parameters().Select(entry => (entry.name, entry.parameter)));
        Optimizer = new(Parameters, settings);
        _pixels = new(Parameters.Weights.device, type);
        if (precision == Precision.Fp16)
            GradientScale = 65536;
        Parameters.GiveToModel();
    }

    public override nn.Module Module => _objective;

    public override ClipConfiguration Configuration => _objective.Configuration;

    public override FlatParameters Parameters { get; }

    public override Optimizer Optimizer { get; }

    public override Tensor Run(IReadOnlyList<TrainPart> parts, double rate)
    {
        using var scope = NewDisposeScope();
        var loss = zeros(1, device: Parameters.Weights.device);
        var pairs = (double)parts.Sum(part => part.Pixels.shape[0]) * _ranks.Count;
        for (var at = 0; at < parts.Count; at++)
        {
            using var inner = NewDisposeScope();
            var part = parts[at];
            var mean = _objective.Loss(_pixels.Apply(part.Pixels), part.Texts[0]).to(ScalarType.Float32) * (part.Pixels.shape[0] / pairs);
            (GradientScale == 1 ? mean : mean * GradientScale).backward();
            OwnGradient.ThrowIfFailed();
            using (no_grad())
                loss.add_(mean.detach());
            Parameters.TakeGradients(isFirst: at == 0);
        }
        using var quiet = no_grad();
        _ranks.Sum(loss);
        _ranks.Sum(Parameters.Gradients);
        var outcome = Optimizer.Run(rate, GradientScale);
        Parameters.GiveToModel();
        var factor = Parameters.Names.Contains(ScaleName) ? Parameters.WeightOf(ScaleName).clamp_max(Math.Log(100)).exp() : ones_like(loss);
        return cat([loss, outcome, factor.view(1)]).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _pixels.Dispose();
        Optimizer.Dispose();
        Parameters.Dispose();
    }
}
