namespace WebImageText.Cli.Doctor;

/// <summary>How well a part of the machine serves.</summary>
internal enum Health
{
    /// <summary>As it should be.</summary>
    Good,
    /// <summary>Works, but slower or with less.</summary>
    Limited,
    /// <summary>Something that a verb needs does not work.</summary>
    Broken,
}

/// <summary>One thing that <c>wit doctor</c> looked at.</summary>
/// <param name="Part">What was looked at.</param>
/// <param name="Health">How it is.</param>
/// <param name="Found">What is there.</param>
/// <param name="Remedy">What to do about it; null when it is good.</param>
internal sealed record Finding(string Part, Health Health, string Found, string? Remedy = null);
