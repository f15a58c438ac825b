using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>AdamW over flat weights. A gradient that is not finite costs the step and nothing else; the host learns of it later.</summary>
internal sealed class Optimizer : IDisposable
{
    private readonly FlatParameters _parameters;
    private readonly AdamWSettings _settings;
    private readonly ((Tensor[], Tensor[], Tensor[], Tensor[]) Lists, double Decay)[] _groups;
    private readonly List<Tensor> _owned = [];

    public Optimizer(FlatParameters parameters, AdamWSettings settings)
    {
        (_parameters, _settings) = (parameters, settings);
        Step = Own(zeros([], dtype: ScalarType.Float32, device: parameters.Weights.device));
        var rest = parameters.Length - parameters.Decaying;
        _groups = [(Lists(0, parameters.Decaying), settings.WeightDecay), (Lists(parameters.Decaying, rest), 0)];

        (Tensor[], Tensor[], Tensor[], Tensor[]) Lists(long first, long count)
        {
            return count == 0 ? ([], [], [], [])
                : ([Part(parameters.Weights)], [Part(parameters.Gradients)], [Part(parameters.First)], [Part(parameters.Second)]);

            Tensor Part(Tensor whole) => Own(whole.narrow(0, first, count));
        }
    }

    /// <summary>float32 scalar on the device: steps that were made.</summary>
    public Tensor Step { get; }

    /// <summary>Makes a step with the gradients that lie in the flat buffer.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="scale">The gradients are this many times too long.</param>
    /// <returns>float32 [2] on the device: the gradient's length, and 1 where the step was skipped.</returns>
    public Tensor Run(double rate, double scale)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var length = _parameters.Gradients.norm() / scale;
        var skip = length.isfinite().logical_not().to(ScalarType.Float32);
        var divide = _settings.GradientNorm > 0
            ? (length / _settings.GradientNorm).clamp(min: 1.0) * scale
            : full_like(length, scale);
        Step.add_(1 - skip);
        foreach (var (lists, decay) in _groups)
            FusedOps.AdamW(lists, Step, _settings, rate, decay, divide, skip);
        return stack([length, skip]).MoveToOuterDisposeScope();
    }

    public void Dispose() => _owned.ForEach(tensor => tensor.Dispose());

    private Tensor Own(Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
