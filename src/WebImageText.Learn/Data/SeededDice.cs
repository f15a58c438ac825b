namespace WebImageText.Learn.Data;

/// <summary>Random numbers that are the same on every machine and in every version of .NET (splitmix64).</summary>
/// <param name="seed">Of the whole run.</param>
/// <param name="first">Tells sequences of one run apart.</param>
/// <param name="second">Tells them further apart.</param>
internal sealed class SeededDice(ulong seed, ulong first, ulong second)
{
    private ulong _state = Mixed(Mixed(Mixed(seed) ^ first) ^ second);

    /// <summary>A number in [0, 1).</summary>
    public double Next() => (Draw() >> 11) * (1.0 / (1ul << 53));

    /// <summary>A number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Between(double low, double high) => low + (high - low) * Next();

    /// <summary>A whole number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)Math.BigMul(Draw(), (ulong)bound, out _);

    /// <summary>Every order is equally likely.</summary>
    public void Shuffle<T>(IList<T> items)
    {
        for (var at = items.Count - 1; at > 0; at--)
        {
            var other = Below(at + 1);
            (items[at], items[other]) = (items[other], items[at]);
        }
    }

    private ulong Draw() => Mixed(_state += 0x9E3779B97F4A7C15);

    // Vigna's splitmix64 finisher.
    private static ulong Mixed(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
