namespace WebImageText.Learn.Train;

/// <summary>Shape of the learning rate after the warm-up.</summary>
public enum RateShape
{
    /// <summary>Half a cosine down to 0.</summary>
    Cosine,
    /// <summary>Stays.</summary>
    Constant,
    /// <summary>Stays, then falls over the last steps to the end rate.</summary>
    ConstantCooldown,
}

/// <summary>The learning rate of every step.</summary>
/// <param name="Peak">After the warm-up.</param>
/// <param name="Warmup">Steps of linear growth.</param>
/// <param name="Steps">Of the whole run.</param>
/// <param name="Shape">After the warm-up.</param>
/// <param name="Cooldown">Steps of the fall at the end, for <see cref="RateShape.ConstantCooldown"/>.</param>
/// <param name="End">Rate after the fall.</param>
/// <param name="Power">1 falls along a line, more falls sooner.</param>
public sealed record LearningRate(
    double Peak, long Warmup, long Steps, RateShape Shape = RateShape.Cosine, long Cooldown = 0, double End = 0, double Power = 1)
{
    /// <summary>The rate of a step, counted from 0; open_clip's arithmetic.</summary>
    public double At(long step)
    {
        if (step < Warmup)
            return Peak * (step + 1) / Warmup;
        return Shape switch
        {
            RateShape.Cosine => 0.5 * (1 + Math.Cos(Math.PI * (step - Warmup) / Math.Max(1, Steps - Warmup))) * Peak,
            RateShape.ConstantCooldown when step >= Steps - Cooldown =>
                Math.Pow(1 - (double)(step - (Steps - Cooldown)) / Math.Max(1, Cooldown), Power) * (Peak - End) + End,
            _ => Peak,
        };
    }
}
