using System.Text;

namespace WebImageText.Crawl.Robots;

/// <summary>What a line of robots.txt is about.</summary>
internal enum RobotsField
{
    Unknown, UserAgent, Allow, Disallow, CrawlDelay, RequestRate, VisitTime, Sitemap, License, ContentSignal, ContentUsage
}

/// <summary>Reads single lines of robots.txt: RFC 9309, section 2.2, and what site owners write instead.</summary>
internal static class RobotsFields
{
    /// <summary>Takes a line apart.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="value">What follows the colon, without white space around it and without comment.</param>
    public static RobotsField Read(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> value)
    {
        if (line.IndexOf((byte)'#') is >= 0 and var hash)
            line = line[..hash];
        line = Trimmed(line);
        var colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            // "Disallow /x" lacks its colon; of more than two words one cannot say what they mean.
            colon = line.IndexOfAny((byte)' ', (byte)'\t');
            if (colon < 0 || Trimmed(line[colon..]).IndexOfAny((byte)' ', (byte)'\t') >= 0)
                colon = line.Length;
        }
        value = colon < line.Length ? Trimmed(line[(colon + 1)..]) : [];
        return colon < line.Length ? Named(Trimmed(line[..colon])) : RobotsField.Unknown;
    }

    public static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> text) => text.Trim(" \t\v\f"u8);

    /// <summary>The misspellings are those that are frequent, and whose meaning is beyond doubt.</summary>
    private static RobotsField Named(ReadOnlySpan<byte> name)
    {
        if (Begins(name, "user-agent"u8) || Begins(name, "useragent"u8) || Begins(name, "user agent"u8))
            return RobotsField.UserAgent;
        if (Begins(name, "disallow"u8) || Is(name, "dissallow"u8) || Is(name, "dissalow"u8) || Is(name, "disalow"u8) ||
            Is(name, "diasllow"u8) || Is(name, "disallaw"u8))
            return RobotsField.Disallow;
        return Is(name, "allow"u8) ? RobotsField.Allow
            : Is(name, "crawl-delay"u8) || Is(name, "crawldelay"u8) ? RobotsField.CrawlDelay
            : Is(name, "request-rate"u8) ? RobotsField.RequestRate
            : Is(name, "visit-time"u8) ? RobotsField.VisitTime
            : Is(name, "sitemap"u8) || Is(name, "site-map"u8) ? RobotsField.Sitemap
            : Is(name, "license"u8) ? RobotsField.License
            : Is(name, "content-signal"u8) || Is(name, "content-signals"u8) ? RobotsField.ContentSignal
            : Is(name, "content-usage"u8) ? RobotsField.ContentUsage
            : RobotsField.Unknown;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) => Ascii.EqualsIgnoreCase(name, known);

    private static bool Begins(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) =>
        name.Length >= known.Length && Is(name[..known.Length], known);
}
