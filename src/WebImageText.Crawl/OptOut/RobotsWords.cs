using System.Buffers;
using System.Globalization;

namespace WebImageText.Crawl.OptOut;

/// <summary>What a value of X-Robots-Tag or of a robots meta says to us.</summary>
/// <param name="Refusal">The word that opts out, or null.</param>
/// <param name="NoFollow">Links of the page are not to be followed.</param>
/// <remarks>
/// Comma lists of words, some with a value after a colon; a colon after any other word names the robot that the words after it
/// are for (Google, "Robots meta tag, data-nosnippet, and X-Robots-Tag specifications"). <c>noai</c>, <c>noimageai</c>
/// (DeviantArt 2022) and <c>noml</c> stand in no standard and leave no doubt.
/// </remarks>
internal readonly record struct RobotsWords(string? Refusal, bool NoFollow)
{
    /// <summary>Our name in robots.txt, X-Robots-Tag and meta elements.</summary>
    public const string Token = "webimagetext";

    private const string UnavailableAfter = "unavailable_after";

    private static readonly SearchValues<char> ListEnds = SearchValues.Create(",;");
    private static readonly SearchValues<char> Spaces = SearchValues.Create(" \t\r\n\f");

    /// <summary>Reads a value.</summary>
    /// <param name="value">As it stands; white space, quotation marks and semicolons do not hide a word.</param>
    /// <param name="now">A page that is unavailable after a date before this is not to be indexed.</param>
    public static RobotsWords Read(ReadOnlySpan<char> value, DateTimeOffset now)
    {
        string? refusal = null;
        var noFollow = false;
        var forUs = true;
        while (!value.IsEmpty)
        {
            var item = Next(ref value);
            while (item.IndexOf(':') is >= 0 and var colon)
            {
                var name = item[..colon].Trim();
                item = item[(colon + 1)..];
                if (Is(name, UnavailableAfter))
                {
                    // "Friday, 25-Jun-10 15:00:00 GMT" is one date
                    var date = IsWeekday(item.Trim()) ? $"{item},{Next(ref value)}" : item.ToString();
                    if (forUs && IsPast(date, now))
                        refusal ??= $"{UnavailableAfter}: {date.Trim()}";
                    item = [];
                }
                else if (IsDisplayRule(name))
                {
                    item = [];
                }
                else if (!name.ContainsAny(Spaces) && !Refuses(name))
                {
                    forUs = IsOurs(name);
                }
                else
                {
                    Words(name, forUs, ref refusal, ref noFollow);
                }
            }
            Words(item, forUs, ref refusal, ref noFollow);
        }
        return new(refusal, noFollow);
    }

    private static void Words(ReadOnlySpan<char> item, bool forUs, ref string? refusal, ref bool noFollow)
    {
        if (!forUs)
            return;
        foreach (var range in item.SplitAny(Spaces))
        {
            var word = item[range].Trim("\"' ");
            if (Refuses(word))
                refusal ??= word.ToString().ToLowerInvariant();
            noFollow |= Is(word, "nofollow") || Is(word, "none");
        }
    }

    private static bool Refuses(ReadOnlySpan<char> word) =>
        Is(word, "noai") || Is(word, "noimageai") || Is(word, "noml") || Is(word, "noindex") || Is(word, "noimageindex") ||
        Is(word, "none");

    private static bool IsDisplayRule(ReadOnlySpan<char> word) =>
        Is(word, "max-snippet") || Is(word, "max-image-preview") || Is(word, "max-video-preview");

    private static bool IsOurs(ReadOnlySpan<char> robot) =>
        Is(robot, "*") || Is(robot, "robots") || Is(robot.IndexOf('/') is >= 0 and var version ? robot[..version] : robot, Token);

    private static bool Is(ReadOnlySpan<char> word, string other) => word.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> list)
    {
        var end = list.IndexOfAny(ListEnds);
        var item = end < 0 ? list : list[..end];
        list = end < 0 ? [] : list[(end + 1)..];
        return item;
    }

    private static bool IsWeekday(ReadOnlySpan<char> word)
    {
        foreach (var day in CultureInfo.InvariantCulture.DateTimeFormat.DayNames)
        {
            if (Is(word, day) || Is(word, day[..3]))
                return true;
        }
        return false;
    }

    // RFC 822, RFC 850 and ISO 8601 are the forms in use; what is no date says nothing.
    private static bool IsPast(string text, DateTimeOffset now)
    {
        var date = text.Trim(' ', '\t', '"', '\'');
        if (date.IndexOf(',') is >= 0 and var weekday)
            date = date[(weekday + 1)..].Trim();
        var (zone, offset) = Zones.FirstOrDefault(zone => date.EndsWith(zone.Name, StringComparison.OrdinalIgnoreCase));
        if (zone is not null)
            date = date[..^zone.Length] + offset;
        return DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at < now;
    }

    private static readonly (string Name, string Offset)[] Zones =
    [
        (" UTC", " +00:00"), (" UT", " +00:00"), (" EST", " -05:00"), (" EDT", " -04:00"), (" CST", " -06:00"),
        (" CDT", " -05:00"), (" MST", " -07:00"), (" MDT", " -06:00"), (" PST", " -08:00"), (" PDT", " -07:00"),
        (" CET", " +01:00"), (" CEST", " +02:00"),
    ];
}
