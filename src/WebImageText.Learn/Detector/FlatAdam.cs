using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace WebImageText.Learn.Detector;

/// <summary>
/// Adam over all parameters as one vector, and their running average, which is what is shipped. Its state is three vectors, so a
/// checkpoint holds all of it.
/// </summary>
internal sealed class FlatAdam : IDisposable
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.98;
    private const double AverageDecay = 0.998;
    private const double Epsilon = 1e-8;
    private const double LongestGradient = 1;

    private readonly Parameter[] _parameters;

    public FlatAdam(IEnumerable<Parameter> parameters)
    {
        using var grad = no_grad();
        _parameters = [.. parameters];
        Average = Values().DetachFromDisposeScope();
        First = zeros_like(Average).DetachFromDisposeScope();
        Second = zeros_like(Average).DetachFromDisposeScope();
    }

    public Tensor First { get; }

    public Tensor Second { get; }

    /// <summary>The averaged parameters, one after the other.</summary>
    public Tensor Average { get; }

    /// <summary>Moves the parameters along their gradients and forgets these.</summary>
    /// <param name="step">Of the training, from 1.</param>
    /// <param name="rate">Learning rate.</param>
    public void Step(int step, double rate)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var gradient = cat([.. _parameters.Select(parameter => parameter.grad!.flatten())]);
        var length = gradient.norm();
        gradient *= (LongestGradient / (length + 1e-6)).clamp_max(1);
        First.mul_(FirstDecay).add_(gradient, alpha: 1 - FirstDecay);
        Second.mul_(SecondDecay).add_(gradient * gradient, alpha: 1 - SecondDecay);
        var first = First / (1 - Math.Pow(FirstDecay, step));
        var second = Second / (1 - Math.Pow(SecondDecay, step));
        var values = Values() - rate * first / (second.sqrt() + Epsilon);
        Put(values);
        var decay = Math.Min(AverageDecay, (1.0 + step) / (10 + step));
        Average.mul_(decay).add_(values, alpha: 1 - decay);
        foreach (var parameter in _parameters)
            parameter.grad!.zero_();
    }

    /// <summary>Calls with the averaged parameters in place of the trained ones.</summary>
    public T WithAverage<T>(Func<T> call)
    {
        using var scope = NewDisposeScope();
        var trained = Values();
        Put(Average);
        try
        {
            return call();
        }
        finally
        {
            Put(trained);
        }
    }

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
        Average.Dispose();
    }

    private Tensor Values() => cat([.. _parameters.Select(parameter => parameter.detach().flatten())]);

    private void Put(Tensor values)
    {
        using var grad = no_grad();
        var start = 0L;
        foreach (var parameter in _parameters)
        {
            using var part = values.narrow(0, start, parameter.numel());
            using var shaped = part.reshape(parameter.shape);
            parameter.copy_(shaped);
            start += parameter.numel();
        }
    }
}
