using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace WebImageText.Curate.Audit;

/// <summary>What so many successes of so many trials say about the chance of a success.</summary>
public static class BinomialInference
{
    /// <summary>The exact interval of Clopper and Pearson (1934): it holds the true chance with at least <paramref name="level"/>.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">1 or more.</param>
    /// <param name="level">Such as 0.995; between 0 and 1.</param>
    public static (double Low, double High) ClopperPearson(long successes, long trials, double level)
    {
        Check(successes, trials);
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A level of confidence lies between 0 and 1.");
        var tail = (1 - level) / 2;
        // At the ends the beta quantile has a closed form.
        return (
            successes == 0 ? 0 : successes == trials ? Math.Pow(tail, 1.0 / trials) : Beta.InvCDF(successes, trials - successes + 1, tail),
            successes == trials ? 1 : successes == 0 ? 1 - Math.Pow(tail, 1.0 / trials) : Beta.InvCDF(successes + 1, trials - successes, 1 - tail));
    }

    /// <summary>The chance of <paramref name="successes"/> or more when each trial succeeds with <paramref name="chance"/>: the one-sided test.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">1 or more.</param>
    /// <param name="chance">0-1.</param>
    public static double AtLeast(long successes, long trials, double chance)
    {
        Check(successes, trials);
        if (chance is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(chance), chance, "A chance lies between 0 and 1.");
        return successes == 0 || chance == 1 ? 1 : chance == 0 ? 0 : SpecialFunctions.BetaRegularized(successes, trials - successes + 1, chance);
    }

    private static void Check(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
    }
}
