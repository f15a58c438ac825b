using System.Text.RegularExpressions;

namespace WebImageText.Crawl.OptOut;

/// <summary>Finds in the headers of an answer what they say about its use.</summary>
public static partial class HeaderSignals
{
    /// <summary>Every statement, in the order of the headers.</summary>
    /// <param name="headers">Name and value of each field line as it was sent: names repeat.</param>
    public static List<OptOutSignal> Of(IEnumerable<KeyValuePair<string, string>> headers)
    {
        var signals = new List<OptOutSignal>();
        var usage = new List<string>();
        foreach (var (name, value) in headers)
        {
            switch (name.ToLowerInvariant())
            {
                case "x-robots-tag":
                    signals.Add(new(OptOutSource.XRobotsTag, value));
                    break;
                case "tdm-reservation":
                    signals.Add(new(OptOutSource.TdmHeader, value));
                    break;
                case "tdm-policy":
                    signals.Add(new(OptOutSource.TdmPolicy, value));
                    break;
                case "content-usage":
                    usage.Add(value);
                    break;
                case "content-signal":
                    signals.Add(new(OptOutSource.ContentSignal, value));
                    break;
                case "link":
                    signals.AddRange(RslLinks().Matches(value).Where(link => IsRsl(link.Groups["parameters"].Value))
                        .Select(link => new OptOutSignal(OptOutSource.RslLink, link.Groups["address"].Value)));
                    break;
            }
        }
        // several lines are one dictionary (RFC 9651, section 4.2)
        if (usage.Count > 0)
            signals.Add(new(OptOutSource.ContentUsage, string.Join(", ", usage)));
        return signals;
    }

    private static bool IsRsl(string parameters) =>
        parameters.Contains("application/rsl+xml", StringComparison.OrdinalIgnoreCase)
        && parameters.Contains("license", StringComparison.OrdinalIgnoreCase);

    // One link of RFC 8288: <address> and its parameters, in which a quoted text may hold a comma.
    [GeneratedRegex("<(?<address>[^>]*)>(?<parameters>(?:[^,\"]|\"[^\"]*\")*)", RegexOptions.NonBacktracking)]
    private static partial Regex RslLinks();
}
