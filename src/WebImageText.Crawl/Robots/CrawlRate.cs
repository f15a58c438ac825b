using System.Buffers;
using System.Globalization;

namespace WebImageText.Crawl.Robots;

/// <summary>How fast a site wants to be asked: Crawl-delay and Request-rate, which no RFC defines but sites write.</summary>
internal static class CrawlRate
{
    private static readonly SearchValues<char> InNumber = SearchValues.Create("0123456789.");

    /// <summary>What is longer reads as this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>The time between two requests that a Crawl-delay asks for, in seconds; null when it is no number.</summary>
    public static TimeSpan? ReadDelay(string value) => Number(value) is { } seconds ? Seconds(seconds) : null;

    /// <summary>
    /// The same for Request-rate: <c>1/10s</c> is a page in ten seconds, <c>30/1m</c> half a page a second. A time of day that
    /// follows is not looked at: the rate counts at all times.
    /// </summary>
    public static TimeSpan? ReadRate(string value)
    {
        var slash = value.IndexOf('/');
        if (slash < 0 || Number(value[..slash]) is not (> 0 and var pages))
            return null;
        var period = value[(slash + 1)..].Trim();
        var unit = period.AsSpan().TrimStart("0123456789.") switch
        {
            [] or ['s' or 'S' or ' ', ..] => 1,
            ['m' or 'M', ..] => 60,
            ['h' or 'H', ..] => 3600,
            _ => 0,
        };
        return unit > 0 && Number(period) is { } length ? Seconds(length * unit / pages) : null;
    }

    private static double? Number(string text)
    {
        var digits = text.AsSpan().Trim();
        if (digits.IndexOfAnyExcept(InNumber) is >= 0 and var end)
            digits = digits[..end];
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    private static TimeSpan Seconds(double seconds) =>
        seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest;
}
