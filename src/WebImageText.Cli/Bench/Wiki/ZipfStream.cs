namespace WebImageText.Cli.Bench.Wiki;

/// <summary>Words by chance, the r-th most frequent of them about 1/r as often as the first; the same seed gives the same ones.</summary>
/// <param name="vocabulary">How many words there are.</param>
/// <param name="seed">Of the chance.</param>
internal sealed class ZipfStream(int vocabulary, int seed)
{
    private readonly Random _random = new(seed);
    private readonly double _scale = Math.Log(vocabulary + 1.0);

    /// <summary>Rank of the next word, from 1.</summary>
    public int Next() => Math.Min(vocabulary, (int)Math.Exp(_random.NextDouble() * _scale));

    /// <summary>Writes a word, in syllables of two letters, and returns its bytes.</summary>
    public static int Write(int rank, Span<byte> to)
    {
        var length = 0;
        for (var left = rank; left > 0; left /= 105)
        {
            to[length++] = "bcdfghjklmnpqrstvwxyz"u8[left % 105 / 5];
            to[length++] = "aeiou"u8[left % 5];
        }
        return length;
    }

    /// <summary>The rank of a word, or of a pair both in one number.</summary>
    public static long Read(ReadOnlySpan<char> words)
    {
        var (value, factor, first) = (0L, 1L, 0L);
        for (var at = 0; at < words.Length; at += 2)
        {
            if (words[at] == ' ')
            {
                (first, value, factor) = (value, 0, 1);
                at++;
            }
            value += factor * ("bcdfghjklmnpqrstvwxyz".IndexOf(words[at], StringComparison.Ordinal) * 5 + "aeiou".IndexOf(words[at + 1], StringComparison.Ordinal));
            factor *= 105;
        }
        return first << 32 | value;
    }
}
