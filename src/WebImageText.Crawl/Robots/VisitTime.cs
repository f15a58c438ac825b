using System.Globalization;

namespace WebImageText.Crawl.Robots;

/// <summary>A time of day, UTC, at which a site wants to be visited: <c>Visit-time: 0600-0845</c>.</summary>
/// <param name="From">Its begin.</param>
/// <param name="Until">Its end; before <paramref name="From"/> when midnight lies between.</param>
public readonly record struct VisitTime(TimeOnly From, TimeOnly Until)
{
    /// <summary>Reads <c>0600-0845</c> or <c>06:00-08:45</c>; null for anything else.</summary>
    internal static VisitTime? Read(string value)
    {
        var parts = value.Replace(":", "").Split('-', 2, StringSplitOptions.TrimEntries);
        return parts.Length == 2 && Time(parts[0], out var from) && Time(parts[1], out var until) && from != until
            ? new(from, until)
            : null;

        static bool Time(string text, out TimeOnly time) =>
            TimeOnly.TryParseExact(text, "HHmm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }

    /// <summary>As a site writes it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:HHmm}-{Until:HHmm}");

    /// <summary>The first instant, from <paramref name="now"/> on, that lies in the time of day.</summary>
    public DateTimeOffset NextVisit(DateTimeOffset now)
    {
        var clock = TimeOnly.FromTimeSpan(now.UtcDateTime.TimeOfDay);
        return clock.IsBetween(From, Until) ? now : now + (From - clock);
    }
}
