using System.Globalization;

namespace WebImageText.Crawl.Fetch;

/// <summary>The Retry-After field: RFC 9110, section 10.2.3.</summary>
public static class RetryAfter
{
    /// <summary>What asks for more is read as this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>How long to wait, zero to <see cref="Longest"/>; null when the value is neither seconds nor a date.</summary>
    /// <param name="value">As sent.</param>
    /// <param name="now">When the answer came.</param>
    public static TimeSpan? Parse(string value, DateTimeOffset now)
    {
        value = value.Trim(' ', '\t');
        if (value.Length > 0 && value.All(char.IsAsciiDigit))
            return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(Math.Min(seconds, (long)Longest.TotalSeconds))
                : null;
        if (HttpDate(value, now) is not { } date)
            return null;
        var wait = date - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;
    }

    /// <summary>The three forms of a date: RFC 9110, section 5.6.7. The day of the week is not compared with the date.</summary>
    private static DateTimeOffset? HttpDate(string value, DateTimeOffset now)
    {
        if (value.IndexOf(", ", StringComparison.Ordinal) is > 2 and var comma)
            return Exact(value[(comma + 2)..], "dd MMM yyyy HH:mm:ss 'GMT'") ??
                OfThisCentury(Exact(value[(comma + 2)..], "dd-MMM-yy HH:mm:ss 'GMT'"), now);
        return value.Length > 4 && value[3] == ' ' ? Exact(value[4..], "MMM d HH:mm:ss yyyy") : null;
    }

    /// <summary>Two digits of a year that seem to be more than 50 years in the future are of the past.</summary>
    private static DateTimeOffset? OfThisCentury(DateTimeOffset? date, DateTimeOffset now)
    {
        if (date is not { } read)
            return null;
        var year = now.Year - now.Year % 100 + read.Year % 100;
        var isPast = year > now.Year + 50;
        return read.AddYears((isPast ? year - 100 : year) - read.Year);
    }

    private static DateTimeOffset? Exact(string text, string format) => DateTimeOffset.TryParseExact(
        text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out var date)
            ? date
            : null;
}
