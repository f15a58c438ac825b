namespace WebImageText.Learn.Train;

/// <summary>Watches the loss: a run that computes nonsense stops, and says where to go on from.</summary>
/// <param name="batch">Samples of a global batch: chance gives a loss of ln(batch).</param>
/// <param name="patience">Steps in a row without a finite gradient that are borne.</param>
internal sealed class LossGuard(int batch, int patience = 30)
{
    private const double Memory = 0.98; // of the smoothed loss: some 50 steps
    private readonly double _chance = Math.Log(Math.Max(2, batch));
    private int _skipped;
    private bool _hasLearned;

    /// <summary>The smoothed loss; null before the first step.</summary>
    public double? Smoothed { get; set; }

    /// <summary>The last step was sound: only then are the weights worth a checkpoint.</summary>
    public bool IsWell => _skipped == 0;

    /// <summary>Takes in a step.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Take(double loss, bool isSkipped)
    {
        if (isSkipped || !double.IsFinite(loss))
            return ++_skipped >= patience ? $"{_skipped} steps in a row had no finite gradient" : null;
        _skipped = 0;
        Smoothed = Smoothed is { } before ? Memory * before + (1 - Memory) * loss : loss;
        _hasLearned |= Smoothed < _chance - 1;
        return _hasLearned && Smoothed > _chance + 0.5
            ? $"the loss rose to {Smoothed:F2}, above the {_chance:F2} of guessing, after it had been lower"
            : null;
    }
}

/// <summary>Training went astray; the last good checkpoint is untouched.</summary>
public sealed class DivergedException(string message) : Exception(message);
