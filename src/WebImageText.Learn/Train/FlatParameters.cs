using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>
/// A model's weights in float32, with gradients and moments, each as one stretch of memory: what is done to all of them is one
/// operation, and ranks exchange gradients without gathering them first. The model keeps copies in the type it computes with.
/// </summary>
/// <remarks>Weights that decay come first. Each begins at a multiple of 64 elements; the gaps stay 0.</remarks>
internal sealed class FlatParameters : IDisposable
{
    private const long Aligned = 64;

    private readonly Parameter[] _parameters;
    private readonly long[] _places;
    private readonly Tensor[] _weights, _gradients, _copies;
    private readonly (double Factor, int[] Which)[] _scaled;
    private readonly List<Tensor> _owned = [];

    /// <param name="parameters">The model's.</param>
    /// <param name="factor">By which the model's copy of a weight is multiplied, by name; null for 1 everywhere.</param>
    public FlatParameters(IEnumerable<(string Name, Parameter Parameter)> parameters, Func<string, double>? factor = null)
    {
        var ordered = parameters.Where(entry => entry.Parameter.requires_grad)
            .OrderBy(entry => Decays(entry.Name, entry.Parameter) ? 0 : 1).ToList();
        (Names, _parameters) = ([.. ordered.Select(entry => entry.Name)], [.. ordered.Select(entry => entry.Parameter)]);
        var places = new List<long>();
        foreach (var (name, parameter) in ordered)
        {
            places.Add(Length);
            Length += (parameter.numel() + Aligned - 1) / Aligned * Aligned;
            if (Decays(name, parameter))
                Decaying = Length;
        }
        _places = [.. places];
        var device = ordered[0].Parameter.device;
        (Weights, Gradients) = (Flat(), Flat());
        (First, Second) = (Flat(), Flat());
        (_weights, _gradients) = (Views(Weights), Views(Gradients));
        using (no_grad())
            _copies = [.. _parameters.Select(parameter => Own(parameter.detach()))];
        _scaled = [.. Names.Index().GroupBy(entry => factor?.Invoke(entry.Item) ?? 1, entry => entry.Index).Select(group => (group.Key, group.ToArray()))];
        using (no_grad())
            FusedOps.Copy(_weights, _copies);

        Tensor Flat() => Own(zeros(Length, dtype: ScalarType.Float32, device: device));
        Tensor[] Views(Tensor flat) => [.. _parameters.Select((parameter, at) => Own(flat.narrow(0, places[at], parameter.numel()).view(parameter.shape)))];
    }

    /// <summary>Elements, gaps counted.</summary>
    public long Length { get; }

    /// <summary>Elements before the first weight that does not decay.</summary>
    public long Decaying { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>float32 [length].</summary>
    public Tensor Weights { get; }

    /// <summary>float32 [length].</summary>
    public Tensor Gradients { get; }

    /// <summary>First moments, float32 [length].</summary>
    public Tensor First { get; }

    /// <summary>Second moments, float32 [length].</summary>
    public Tensor Second { get; }

    /// <summary>Bytes of what this holds besides the model.</summary>
    public long Bytes => 4 * 4 * Length;

    /// <summary>Gains, biases and other vectors do not decay, nor do the embeddings of positions and class (paper, section 2.5).</summary>
    public static bool Decays(string name, Tensor parameter) =>
        parameter.ndim > 1 && !name.EndsWith("positional_embedding", StringComparison.Ordinal)
        && !name.EndsWith("class_embedding", StringComparison.Ordinal);

    /// <summary>The master weights of one parameter, in its shape.</summary>
    public Tensor WeightOf(string name) => _weights[Place(name)];

    /// <summary>The gradient of one parameter, in its shape.</summary>
    public Tensor GradientOf(string name) => _gradients[Place(name)];

    /// <summary>Moments of one parameter, in its shape.</summary>
    public (Tensor First, Tensor Second) MomentsOf(string name)
    {
        var (at, from) = (Place(name), _weights[Place(name)]);
        var place = from.storage_offset();
        return (First.narrow(0, place, from.numel()).view(from.shape), Second.narrow(0, place, _parameters[at].numel()).view(from.shape));
    }

    /// <summary>Numbers of the parameters whose names begin so.</summary>
    public int[] Beginning(IReadOnlyList<string> names) => [.. Names.Index()
        .Where(entry => names.Any(name => entry.Item.StartsWith(name, StringComparison.Ordinal))).Select(entry => entry.Index)];

    /// <summary>The shortest stretch of the flat memory that holds those of some parameters that decay.</summary>
    /// <exception cref="ArgumentException">Another parameter lies between them.</exception>
    public (long First, long Count) StretchOf(IReadOnlyList<int> which)
    {
        var decaying = which.Where(at => Decays(Names[at], _parameters[at])).ToList();
        if (decaying.Count == 0)
            return (0, 0);
        var (first, last) = (decaying.Min(), decaying.Max());
        return last - first + 1 == decaying.Count
            ? (_places[first], (last + 1 < _places.Length ? _places[last + 1] : Length) - _places[first])
            : throw new ArgumentException($"'{Names[first]}' to '{Names[last]}' is no stretch of parameters of their own.", nameof(which));
    }

    /// <summary>Adds the gradients that a backward pass left at the model's parameters, and clears them there.</summary>
    /// <param name="isFirst">Nothing was added since the last step: overwrite.</param>
    /// <param name="which">Numbers of the parameters; null for all.</param>
    public void TakeGradients(bool isFirst, IEnumerable<int>? which = null)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var (to, from) = (new List<Tensor>(), new List<Tensor>());
        foreach (var at in which ?? Enumerable.Range(0, _parameters.Length))
        {
            if (_parameters[at].grad is { } gradient)
            {
                to.Add(_gradients[at]);
                from.Add(gradient);
            }
            else if (isFirst)
                _gradients[at].zero_();
        }
        if (to.Count > 0 && isFirst)
            FusedOps.Copy([.. to], [.. from]);
        else if (to.Count > 0)
            FusedOps.Add([.. to], [.. from]);
        foreach (var at in which ?? Enumerable.Range(0, _parameters.Length))
            _parameters[at].grad = null;
    }

    /// <summary>The gradients were taken of the model's copies: turns them into the master weights'. Once, after the last part.</summary>
    public void FinishGradients()
    {
        using var quiet = no_grad();
        foreach (var (factor, which) in _scaled.Where(group => group.Factor != 1))
            FusedOps.Scale(Chosen(_gradients, which), factor);
    }

    /// <summary>Rounds the master weights into the model's.</summary>
    public void GiveToModel()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        foreach (var (factor, which) in _scaled)
        {
            if (factor == 1)
                FusedOps.Copy(Chosen(_copies, which), Chosen(_weights, which));
            else
                FusedOps.CopyScaled(Chosen(_copies, which), Chosen(_weights, which), factor);
        }
    }

    public void Dispose() => _owned.ForEach(tensor => tensor.Dispose());

    private static Tensor[] Chosen(Tensor[] from, int[] which) => which.Length == from.Length ? from : [.. which.Select(at => from[at])];

    private int Place(string name)
    {
        for (var at = 0; at < Names.Count; at++)
            if (Names[at] == name)
                return at;
        throw new ArgumentException($"The model trains no parameter '{name}'.", nameof(name));
    }

    private Tensor Own(Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
