namespace WebImageText.Learn.Train;

/// <summary>What one step did.</summary>
/// <param name="Step">From 1.</param>
/// <param name="Samples">Seen by all ranks until now.</param>
/// <param name="Loss">Over the global batch.</param>
/// <param name="Smoothed">Loss, smoothed over some 50 steps.</param>
/// <param name="Rate">Learning rate.</param>
/// <param name="Scale">Factor on similarities.</param>
/// <param name="GradientLength">Before it is shortened.</param>
/// <param name="IsSkipped">The gradient was not finite; nothing changed.</param>
/// <param name="Seconds">From the last step's end to this one's.</param>
/// <param name="WaitSeconds">Of which spent waiting for data.</param>
/// <param name="SamplesPerSecond">All ranks together.</param>
/// <param name="Bytes">Memory in use: the device's, or this process's on a CPU.</param>
/// <param name="Broken">Samples left out until now, by this rank.</param>
public sealed record StepReport(
    long Step, long Samples, double Loss, double Smoothed, double Rate, double Scale, double GradientLength, bool IsSkipped,
    double Seconds, double WaitSeconds, double SamplesPerSecond, long Bytes, long Broken);
