using WebImageText.Crawl.Extract;

namespace WebImageText.Crawl.OptOut;

/// <summary>What all statements about the use of a page or an image come to.</summary>
/// <param name="Drop">The statement that opts out, or null when none does.</param>
/// <param name="FollowLinks">The links of the page may be followed.</param>
/// <param name="Record">Every statement as it stood, for <see cref="FetchFacts.Robots"/>; null when there is none.</param>
public sealed record OptOutVerdict(Drop? Drop, bool FollowLinks, string? Record)
{
    /// <summary>The record, where it is of a page and not of the image: see <see cref="Candidate.PageUse"/>.</summary>
    /// <param name="at">When the statements were read.</param>
    public string? OfPage(DateTimeOffset at) =>
        Record is null ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"page {at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}: {Record}");

    /// <summary>What is said of an image by itself and by its page, as one record.</summary>
    public static string? Together(string? first, string? second) => first is null ? second : second is null ? first : $"{first}; {second}";
}

/// <summary>Judges statements about use. The most restrictive counts; a damaged one counts where its intent is clear.</summary>
/// <remarks>
/// A page and its images are judged each by its own statements, and an image also by those of the page that shows it. Among the
/// statements of one resource only those of TDMRep have an order: meta before header before file.
/// </remarks>
public static class OptOutJudge
{
    private const int LongestValue = 200;
    private const int LongestRecord = 2_000;

    /// <summary>Judges the statements of one page or one image.</summary>
    /// <param name="signals">All of them, in any order.</param>
    /// <param name="now">For dates after which a page is unavailable.</param>
    public static OptOutVerdict Judge(IReadOnlyCollection<OptOutSignal> signals, DateTimeOffset now)
    {
        var tdm = TdmLevel(signals);
        OptOutSignal? refusal = null;
        var follow = true;
        foreach (var signal in signals)
        {
            if (signal.Source is OptOutSource.XRobotsTag or OptOutSource.MetaRobots)
            {
                var words = RobotsWords.Read(signal.Value, now);
                follow &= !words.NoFollow;
                if (words.Refusal is not null)
                    refusal ??= signal;
            }
            else if (Refuses(signal, tdm))
            {
                refusal ??= signal;
            }
        }
        return new(refusal is null ? null : new(DropReason.OptedOut, Show(refusal)), follow, Record(signals));
    }

    private static bool Refuses(OptOutSignal signal, OptOutSource? tdm) => signal.Source switch
    {
        OptOutSource.TdmFile or OptOutSource.TdmHeader or OptOutSource.TdmMeta =>
            signal.Source == tdm && Reservation(signal) is true,
        OptOutSource.ContentUsage => UsagePreferences.OfContentUsage(signal.Value) == UsagePreference.Disallowed,
        OptOutSource.ContentSignal => UsagePreferences.OfContentSignal(signal.Value) == UsagePreference.Disallowed,
        OptOutSource.AiTxt => signal.Value.StartsWith("Disallow", StringComparison.OrdinalIgnoreCase),
        OptOutSource.Rsl => RslLicense.IsRefusal(signal.Value),
        OptOutSource.Xmp => XmpPacket.IsRefusal(signal.Value),
        OptOutSource.C2pa => C2paManifest.IsRefusal(signal.Value),
        _ => false,
    };

    // The level of TDMRep that counts: the first that says 0 or 1. Other values are as if nothing had been said.
    private static OptOutSource? TdmLevel(IReadOnlyCollection<OptOutSignal> signals)
    {
        foreach (var level in (ReadOnlySpan<OptOutSource>)[OptOutSource.TdmMeta, OptOutSource.TdmHeader, OptOutSource.TdmFile])
        {
            if (signals.Any(signal => signal.Source == level && Reservation(signal) is not null))
                return level;
        }
        return null;
    }

    private static bool? Reservation(OptOutSignal signal) => signal.Value.AsSpan().Trim(" \t\"'") switch
    {
        "1" => true,
        "0" => false,
        _ => null,
    };

    private static string? Record(IReadOnlyCollection<OptOutSignal> signals) => signals.Count == 0 ? null
        : CleanText.Of(string.Join("; ", signals.Select(Show).Distinct()), LongestRecord);

    private static string Show(OptOutSignal signal) => $"{Word(signal.Source)}: {CleanText.Of(signal.Value, LongestValue)}";

    private static string Word(OptOutSource source) => source switch
    {
        OptOutSource.XRobotsTag => "x-robots-tag",
        OptOutSource.MetaRobots => "meta robots",
        OptOutSource.TdmFile => "tdmrep.json",
        OptOutSource.TdmHeader => "tdm-reservation",
        OptOutSource.TdmMeta => "meta tdm-reservation",
        OptOutSource.TdmPolicy => "tdm-policy",
        OptOutSource.ContentUsage => "content-usage",
        OptOutSource.ContentSignal => "content-signal",
        OptOutSource.AiTxt => "ai.txt",
        OptOutSource.RslLink => "rsl link",
        OptOutSource.Rsl => "rsl",
        OptOutSource.Xmp => "xmp plus:DataMining",
        _ => "c2pa",
    };
}
