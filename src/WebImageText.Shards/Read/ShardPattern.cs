using System.Globalization;

namespace WebImageText.Shards;

/// <summary>Patterns of shards as webdataset's users write them: <c>shards/{00000..00041}.tar</c>, <c>{a,b}/00000.tar</c>.</summary>
public static class ShardPattern
{
    private const int MostNames = 10_000_000;

    /// <summary>The names that a pattern stands for, in its order; a name without braces stands for itself.</summary>
    /// <exception cref="FormatException">A brace is open, a range runs backwards, or there are too many names.</exception>
    public static IReadOnlyList<string> Expand(string pattern)
    {
        var open = pattern.IndexOf('{');
        if (open < 0)
            return pattern.Contains('}') ? throw Bad(pattern, "'}' without '{'") : [pattern];
        var close = pattern.IndexOf('}', open);
        if (close < 0)
            throw Bad(pattern, "'{' without '}'");
        if (pattern.IndexOf('{', open + 1) is var nested && nested > 0 && nested < close)
            throw Bad(pattern, "braces within braces");
        var ends = Expand(pattern[(close + 1)..]);
        var middles = Choices(pattern, pattern[(open + 1)..close]);
        return (long)middles.Length * ends.Count <= MostNames
            ? [.. middles.SelectMany(_ => ends, (middle, end) => pattern[..open] + middle + end)]
            : throw Bad(pattern, $"more than {MostNames} names");
    }

    private static string[] Choices(string pattern, string inner)
    {
        var dots = inner.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0)
            return inner.Split(',');
        if (!int.TryParse(inner[..dots], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !int.TryParse(inner[(dots + 2)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first)
            throw Bad(pattern, $"'{inner}' is no range such as 00000..00041");
        if (last - first >= MostNames)
            throw Bad(pattern, $"more than {MostNames} names");
        return [.. Enumerable.Range(first, last - first + 1).Select(number => number.ToString(CultureInfo.InvariantCulture).PadLeft(dots, '0'))];
    }

    private static FormatException Bad(string pattern, string problem) => new($"'{pattern}' is no pattern of shards: {problem}.");
}
